package org.depozit.storage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The rows of messages: shared part, copies, memory of what is gone. See [Rows] for the rules.
final class MessageRows {
  /// No value of the database is longer: larger ones can damage it when they are deleted.
  static final int LONGEST = 4096;

  /// Kinds of table `piece`.
  static final int STRUCTURE = 0;

  static final int PREFIX = 1;
  static final int ENVELOPE = 2;

  /// Rows removed at a time.
  private static final int PAGE = 1_000;

  private static final byte[] NONE = {};

  private final Dialect dialect;
  private final Statements sql;
  private final Statements.Put storeMessage;
  private final Statements.Put fileMessage;
  private final Statements.Put storePiece;
  private final Statements.Put noteHeader;
  private final Statements.Put storeExpunged;
  private boolean keepUnnamed;

  private record Removed(long id, long message) {}

  MessageRows(Dialect dialect, Statements sql) {
    this.dialect = dialect;
    this.sql = sql;
    this.storeMessage =
        Statements.Put.into(
            dialect,
            "message",
            List.of("id"),
            List.of(
                "id",
                "segment",
                "body_offset",
                "body_length",
                "sha256",
                "structure",
                "message_id",
                "base_subject"));
    this.fileMessage =
        Statements.Put.into(
            dialect,
            "mailbox_message",
            List.of("id"),
            List.of(
                "id",
                "mailbox",
                "message",
                "flags",
                "mod_seq",
                "internal_date",
                "saved_at",
                "sent_day",
                "size",
                "from_person",
                "to_person",
                "cc_person",
                "bcc_person",
                "subject",
                "prefix",
                "envelope"));
    this.storePiece =
        Statements.Put.into(
            dialect,
            "piece",
            List.of("owner", "kind", "number"),
            List.of("owner", "kind", "number", "octets"));
    this.noteHeader =
        Statements.Put.into(
            dialect,
            "header",
            List.of("id"),
            Stream.concat(
                    Stream.of("id"), Arrays.stream(NotedField.values()).map(NotedField::column))
                .toList());
    this.storeExpunged =
        Statements.Put.into(
            dialect, "expunged", List.of("id"), List.of("id", "mailbox", "mod_seq"));
  }

  void write(Change.MessageStored stored) throws SQLException {
    sql.put(
        storeMessage,
        stored.message(),
        stored.place().segment(),
        stored.place().offset(),
        stored.place().length(),
        stored.sha256(),
        shortOnly(stored.structure()),
        cut(stored.messageId()),
        cut(stored.baseSubject()));
    writePieces(stored.message(), STRUCTURE, stored.structure());
  }

  /// A body stands elsewhere now.
  void move(long message, Change.BodyPlace place) throws SQLException {
    sql.update(
        "UPDATE message SET segment = ?, body_offset = ?, body_length = ? WHERE id = ?",
        place.segment(),
        place.offset(),
        place.length(),
        message);
  }

  /// From now on the shared part of a message stays when its last copy goes.
  void keepUnnamed() {
    keepUnnamed = true;
  }

  /// Files a message.
  ///
  /// @return whether it was not there before
  boolean write(Change.MessageFiled filed) throws SQLException {
    long id = Packed.of(filed.mailbox(), filed.uid());
    boolean fresh =
        sql.put(
            fileMessage,
            id,
            filed.mailbox(),
            filed.message(),
            filed.flags(),
            filed.modSeq(),
            filed.internalDate(),
            filed.savedAt(),
            filed.sentDay(),
            filed.size(),
            filed.from(),
            filed.to(),
            filed.cc(),
            filed.bcc(),
            filed.subject(),
            shortOnly(filed.prefix()),
            shortOnly(filed.envelope()));
    writePieces(id, PREFIX, filed.prefix());
    writePieces(id, ENVELOPE, filed.envelope());
    return fresh;
  }

  void write(Change.HeaderNoted noted) throws SQLException {
    NotedField[] fields = NotedField.values();
    Object[] values = new Object[1 + fields.length];
    values[0] = Packed.of(noted.mailbox(), noted.uid());
    for (int i = 0; i < fields.length; i++) {
      values[1 + i] = noted.texts().getOrDefault(fields[i], "");
    }
    sql.put(noteHeader, values);
  }

  private static byte[] shortOnly(byte[] octets) {
    return octets.length <= LONGEST ? octets : NONE;
  }

  private static String cut(String text) {
    return text.length() <= 1_000 ? text : text.substring(0, 1_000);
  }

  private void writePieces(long owner, int kind, byte[] octets) throws SQLException {
    if (octets.length <= LONGEST) {
      return;
    }
    for (int number = 0; number * LONGEST < octets.length; number++) {
      int from = number * LONGEST;
      byte[] piece = Arrays.copyOfRange(octets, from, Math.min(octets.length, from + LONGEST));
      sql.put(storePiece, owner, kind, number, piece);
    }
  }

  /// Sets a message's flags; nothing if there is no such row.
  void flags(int mailbox, long uid, long flags, long modSeq) throws SQLException {
    dialect.setFlags(sql, Packed.of(mailbox, uid), flags, modSeq);
  }

  /// Removes the messages from one UID to another, all of which go, and remembers them.
  void expunge(int mailbox, long modSeq, long first, long last) throws SQLException {
    for (long uid = first; uid <= last; uid++) {
      sql.put(storeExpunged, Packed.of(mailbox, uid), mailbox, modSeq);
    }
    long end = Packed.of(mailbox, last);
    for (long from = Packed.of(mailbox, first); from <= end; ) {
      from = removePage(from, end, PAGE) + 1;
    }
  }

  /// Removes the first messages between two packed ids.
  ///
  /// @param most how many at most
  /// @return the last packed id up to which none is left
  long removePage(long first, long last, int most) throws SQLException {
    List<Removed> page =
        sql.list(
            row -> new Removed(row.getLong(1), row.getLong(2)),
            "SELECT id, message FROM mailbox_message WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
            first,
            last,
            most);
    // To the end: what stands beside a message may be applied again when its row is gone already.
    long to = page.size() == most ? page.getLast().id() : last;
    remove(first, to, page);
    return to;
  }

  /// Forgets the first of the messages between two packed ids that were expunged.
  ///
  /// @param most how many at most
  /// @return the last packed id up to which none is left
  long forgetExpunged(long first, long last, int most) throws SQLException {
    List<Long> page =
        sql.list(
            row -> row.getLong(1),
            "SELECT id FROM expunged WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
            first,
            last,
            most);
    long to = page.size() == most ? page.getLast() : last;
    sql.update("DELETE FROM expunged WHERE id BETWEEN ? AND ?", first, to);
    return to;
  }

  /// Whole rows of messages, ascending by UID; those that are not there are missing.
  List<Change.MessageFiled> filed(int mailbox, long[] uids) throws SQLException {
    return MessageLoads.filed(sql.connection(), mailbox, uids);
  }

  /// What is noted of the headers of messages, by UID.
  Map<Long, Map<NotedField, String>> noted(int mailbox, long[] uids) throws SQLException {
    return MessageLoads.noted(sql.connection(), mailbox, uids);
  }

  private void remove(long first, long last, List<Removed> page) throws SQLException {
    sql.update("DELETE FROM mailbox_message WHERE id BETWEEN ? AND ?", first, last);
    sql.update("DELETE FROM header WHERE id BETWEEN ? AND ?", first, last);
    sql.update("DELETE FROM uidl WHERE id BETWEEN ? AND ?", first, last);
    sql.update("DELETE FROM piece WHERE owner BETWEEN ? AND ? AND kind IN (1, 2)", first, last);
    Set<Long> messages = new LinkedHashSet<>();
    for (Removed removed : page) {
      messages.add(removed.message());
    }
    for (long message : new ArrayList<>(messages)) {
      removeUnlessNamed(message);
    }
  }

  private void removeUnlessNamed(long message) throws SQLException {
    if (!keepUnnamed
        && sql.number("SELECT id FROM mailbox_message WHERE message = ? LIMIT 1", message)
            .isEmpty()) {
      sql.update("DELETE FROM message WHERE id = ?", message);
      sql.update("DELETE FROM piece WHERE owner = ? AND kind = 0", message);
    }
  }
}
