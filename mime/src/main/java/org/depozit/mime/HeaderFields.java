package org.depozit.mime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Reads fields of a header as they stand there: for `BODY[HEADER.FIELDS (…)]`,
/// `BODY[HEADER.FIELDS.NOT (…)]`, TOP, and SEARCH HEADER. A header is given as [Octets] (trace
/// headers and content's header joined, or a part's), blank line included or not.
public final class HeaderFields {
  /// A longer name is no name that anybody asks for.
  private static final int LONGEST_NAME = 998;

  private HeaderFields() {}

  /// The header with only the fields in `names` (or, with `not`, all but those), and the blank line
  /// that ends a header (RFC 3501 §6.4.5). Names are compared in any case of letters. It is a view:
  /// its length is known, and it streams. A line that is no field stays with `not` only. After
  /// [MimeLimits#pickedRuns()] separate runs of wanted fields no more are picked.
  public static Octets select(Octets header, Set<String> names, boolean not) {
    Set<String> wanted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    wanted.addAll(names);
    Picked picked = new Picked(header);
    LineScanner lines = new LineScanner(header);
    boolean taken = false;
    while (!lines.atEnd() && !lines.blank()) {
      boolean continued = lines.peek(0) == ' ' || lines.peek(0) == '\t';
      taken = continued ? taken : wanted.contains(name(lines)) != not;
      long from = lines.position();
      lines.skipLine();
      if (taken) {
        picked.add(from, lines.position());
      }
    }
    return picked.octets();
  }

  private static String name(LineScanner lines) {
    StringBuilder name = new StringBuilder();
    int bound = Math.min(LONGEST_NAME, lines.reach());
    for (int i = 0; i < bound; i++) {
      byte octet = lines.peek(i);
      if (octet == ':') {
        return name.toString().stripTrailing();
      }
      if (octet == '\n') {
        return "";
      }
      name.append((char) (octet & 0xFF));
    }
    return "";
  }

  /// [#select] in one array, for headers known to be small.
  public static byte[] fields(Octets header, Set<String> names, boolean not) {
    return select(header, names, not).bytes();
  }

  /// The decoded values of all fields called `name`, top to bottom, unfolded, not case-folded; none
  /// if there is no such field. Reads at most [MimeLimits#headerOctets()] of the header.
  public static List<String> decoded(Octets header, String name) {
    return decoded(read(header), name);
  }

  private static List<String> decoded(Header fields, String name) {
    List<String> values = new ArrayList<>();
    for (int i = fields.next(name, 0); i < fields.count(); i = fields.next(name, i + 1)) {
      values.add(fields.decoded(i));
    }
    return values;
  }

  /// [#decoded(Octets, String)] for several names at once.
  ///
  /// @return by the names as they were given; a name without a field is missing
  public static Map<String, List<String>> decoded(Octets header, List<String> names) {
    Header fields = read(header);
    Map<String, List<String>> all = new HashMap<>();
    for (String name : names) {
      List<String> values = decoded(fields, name);
      if (!values.isEmpty()) {
        all.put(name, values);
      }
    }
    return all;
  }

  /// Reads a header that ends with `header` or with its first blank line.
  static Header read(Octets header) {
    int length = (int) Math.min(header.length(), MimeLimits.STANDARD.headerOctets());
    return Header.read(header, 0, length);
  }

  /// Runs of a header, put together behind each other.
  private static final class Picked {
    private final Octets header;
    private long[] places = new long[16];
    private int count;

    Picked(Octets header) {
      this.header = header;
    }

    void add(long from, long to) {
      if (count > 0 && places[count - 1] == from) {
        places[count - 1] = to;
      } else if (count < 2 * MimeLimits.STANDARD.pickedRuns()) {
        if (count == places.length) {
          places = Arrays.copyOf(places, places.length * 2);
        }
        places[count++] = from;
        places[count++] = to;
      }
    }

    Octets octets() {
      return Octets.joined(new RunsOctets(header, Arrays.copyOf(places, count)), BLANK_LINE);
    }
  }

  private static final Octets BLANK_LINE = Octets.of(new byte[] {'\r', '\n'});
}
