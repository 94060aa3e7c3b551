package org.depozit.imap.command;

import java.util.List;
import org.depozit.mime.PartMap;

/// What FETCH is asked for. RFC 3501 §6.4.5; MODSEQ is RFC 7162 §3.1.4's.
sealed interface FetchItem {
  /// UID
  record Uid() implements FetchItem {}

  /// FLAGS
  record Flags() implements FetchItem {}

  /// MODSEQ
  record ModSeq() implements FetchItem {}

  /// INTERNALDATE
  record InternalDateItem() implements FetchItem {}

  /// RFC822.SIZE
  record Size() implements FetchItem {}

  /// ENVELOPE
  record EnvelopeItem() implements FetchItem {}

  /// BODYSTRUCTURE, or BODY without extension data.
  record Structure(boolean extended) implements FetchItem {}

  /// Octets of the message: `BODY[…]`, `BODY.PEEK[…]`, RFC822, RFC822.HEADER, RFC822.TEXT.
  ///
  /// @param label what the answer calls it, with the origin octet of a partial
  /// @param part part numbers; none for the message itself
  /// @param kind which side of the part
  /// @param fields which fields of the header; all where there is no choice
  /// @param partial which of its octets
  /// @param sees whether it sets `\Seen`
  record Section(
      String label,
      List<Long> part,
      PartMap.Kind kind,
      Fields fields,
      Partial partial,
      boolean sees)
      implements FetchItem {
    /// Whether the message's structure must be known to find it.
    boolean needsStructure() {
      return !part.isEmpty() || kind != PartMap.Kind.WHOLE;
    }
  }

  /// Which fields of a header: `HEADER`, `HEADER.FIELDS (…)`, `HEADER.FIELDS.NOT (…)`.
  sealed interface Fields {
    /// All of it.
    record All() implements Fields {}

    /// Those of these names, or all but those.
    record Chosen(List<String> names, boolean not) implements Fields {}
  }

  /// `<first.count>`
  ///
  /// @param first the first octet, from 0
  /// @param count at most so many; [Long#MAX_VALUE] for all
  record Partial(long first, long count) {
    /// Everything.
    static final Partial ALL = new Partial(0, Long.MAX_VALUE);
  }
}
