package org.depozit.storage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
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

  private final Statements sql;
  private final Statements.Put storeMessage;
  private final Statements.Put fileMessage;
  private final Statements.Put storePiece;
  private final Statements.Put noteHeader;
  private final Statements.Put storeExpunged;
  private boolean keepUnnamed;

  private record Removed(long id, long message) {}

  MessageRows(Statements sql, Dialect dialect) {
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

  void write(Change.MessageFiled filed) throws SQLException {
    long id = Packed.of(filed.mailbox(), filed.uid());
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

  void write(Change.FlagsSet set) throws SQLException {
    for (int i = 0; i < set.uids().length; i++) {
      sql.update(
          "UPDATE mailbox_message SET flags = ?, mod_seq = ? WHERE id = ?",
          set.flags()[i],
          set.modSeq(),
          Packed.of(set.mailbox(), set.uids()[i]));
    }
  }

  void write(Change.Expunged gone) throws SQLException {
    UidSet uids = gone.uids();
    for (int range = 0; range < uids.ranges(); range++) {
      for (long uid = uids.first(range); uid <= uids.last(range); uid++) {
        sql.put(storeExpunged, Packed.of(gone.mailbox(), uid), gone.mailbox(), gone.modSeq());
      }
      remove(
          Packed.of(gone.mailbox(), uids.first(range)),
          Packed.of(gone.mailbox(), uids.last(range)));
    }
  }

  /// Removes all messages of a mailbox, and its memory of those before.
  void removeAll(int mailbox) throws SQLException {
    remove(Packed.first(mailbox), Packed.last(mailbox));
    sql.update(
        "DELETE FROM expunged WHERE id BETWEEN ? AND ?",
        Packed.first(mailbox),
        Packed.last(mailbox));
  }

  private void remove(long first, long last) throws SQLException {
    long from = first;
    List<Removed> page;
    do {
      page =
          sql.list(
              row -> new Removed(row.getLong(1), row.getLong(2)),
              "SELECT id, message FROM mailbox_message WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
              from,
              last,
              PAGE);
      // To the end: what stands beside a message may be applied again when its row is gone already.
      long to = page.size() == PAGE ? page.getLast().id() : last;
      remove(from, to, page);
      from = to + 1;
    } while (page.size() == PAGE);
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
