package org.depozit.storage;

import java.time.LocalDate;
import java.util.List;

/// A search program, desugared and with message sequence numbers already resolved to UIDs. RFC 9051
/// §6.4.4. The protocol builds it, the store plans and answers it: one tree per thought. Texts come
/// as the client sent them, in Unicode, unfolded; the store folds them (i;unicode-casemap, RFC
/// 5051).
public sealed interface SearchKey {
  /// Which side of a day: before it, on it, or on it and after.
  enum When {
    BEFORE,
    ON,
    SINCE
  }

  /// The address fields that are indexed by their whole decoded text.
  enum AddressName {
    FROM,
    TO,
    CC,
    BCC
  }

  /// Every message.
  record All() implements SearchKey {}

  /// All of these; an empty list matches every message.
  record And(List<SearchKey> keys) implements SearchKey {
    public And {
      keys = List.copyOf(keys);
    }
  }

  /// One of the two.
  record Or(SearchKey left, SearchKey right) implements SearchKey {}

  /// Not this.
  record Not(SearchKey key) implements SearchKey {}

  /// The messages of these UIDs.
  record Uids(UidSet uids) implements SearchKey {}

  /// Messages that bear the flag.
  record HasFlag(Flag flag) implements SearchKey {}

  /// FROM, TO, CC, BCC: the decoded text of the field holds this text. An empty text matches where
  /// the field is there.
  record AddressField(AddressName field, String text) implements SearchKey {}

  /// SUBJECT, and HEADER with any field name: the decoded text of such a field holds this text; an
  /// empty text matches where the field is there.
  record HeaderField(String field, String text) implements SearchKey {}

  /// The decoded text of the body parts holds this text.
  record Body(String text) implements SearchKey {}

  /// The decoded header or body holds this text.
  record Text(String text) implements SearchKey {}

  /// The internal date, disregarding time and zone.
  record Received(When when, LocalDate day) implements SearchKey {}

  /// The Date: field, disregarding time and zone; a message without one that can be read is taken
  /// by its internal date.
  record Sent(When when, LocalDate day) implements SearchKey {}

  /// Strictly more octets than this.
  record Larger(long octets) implements SearchKey {}

  /// Strictly fewer octets than this.
  record Smaller(long octets) implements SearchKey {}

  /// A mod-sequence equal to or above this. RFC 7162 §3.1.5.
  record ModSeq(long atLeast) implements SearchKey {}
}
