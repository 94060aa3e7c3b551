package org.depozit.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads rows of messages. Each method is one question on the connection given, the writer's or a
/// reader's.
final class MessageLoads {
  private static final byte[] NONE = {};

  private MessageLoads() {}

  /// Where the octets of a message are.
  record Placed(Change.BodyPlace place, byte[] prefix) {}

  /// What FETCH asks the rows for; arrays that were not asked for are empty.
  record Fetched(long uid, byte[] envelope, byte[] structure, Change.BodyPlace place) {
    /// The same of a copy.
    Fetched numbered(long otherUid) {
      return new Fetched(otherUid, envelope, structure, place);
    }
  }

  static Optional<Placed> placed(Connection connection, int mailbox, long uid) throws SQLException {
    long id = Packed.of(mailbox, uid);
    Optional<Sized> found =
        Db.first(
            connection,
            row -> new Sized(row.getLong(1), row.getBytes(2), place(row, 3)),
            "SELECT c.size, c.prefix, m.segment, m.body_offset, m.body_length"
                + " FROM mailbox_message c JOIN message m ON m.id = c.message WHERE c.id = ?",
            id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    byte[] prefix = prefix(connection, id, found.get());
    // Pieces are another statement: the message may be gone meanwhile, and they with it.
    return found.get().size == found.get().place.length() + prefix.length
        ? Optional.of(new Placed(found.get().place, prefix))
        : Optional.empty();
  }

  /// A message of several, and where its octets are.
  record PlacedRow(long uid, Placed placed) {}

  /// Where the octets of the messages of a range are; those with trace headers in pieces are left
  /// out.
  static List<PlacedRow> placed(Connection connection, int mailbox, long first, long last)
      throws SQLException {
    List<Optional<PlacedRow>> rows =
        Db.list(
            connection,
            row ->
                whole(row.getLong(1), row.getLong(2), new Placed(place(row, 4), row.getBytes(3))),
            "SELECT c.id, c.size, c.prefix, m.segment, m.body_offset, m.body_length"
                + " FROM mailbox_message c JOIN message m ON m.id = c.message"
                + " WHERE c.id BETWEEN ? AND ? ORDER BY c.id",
            Packed.of(mailbox, first),
            Packed.of(mailbox, last));
    return rows.stream().flatMap(Optional::stream).toList();
  }

  private static Optional<PlacedRow> whole(long id, long size, Placed placed) {
    return size == placed.place.length() + placed.prefix.length
        ? Optional.of(new PlacedRow(Packed.number(id), placed))
        : Optional.empty();
  }

  private record Sized(long size, byte[] prefix, Change.BodyPlace place) {}

  private static Change.BodyPlace place(ResultSet row, int column) throws SQLException {
    return new Change.BodyPlace(
        row.getLong(column), row.getLong(column + 1), row.getLong(column + 2));
  }

  private static byte[] prefix(Connection connection, long id, Sized sized) throws SQLException {
    long length = sized.size - sized.place.length();
    return length > MessageRows.LONGEST
        ? Loads.pieces(connection, id, MessageRows.PREFIX)
        : sized.prefix;
  }

  static List<Fetched> fetched(Connection connection, int mailbox, long[] uids, Set<Column> columns)
      throws SQLException {
    List<Fetched> all = new ArrayList<>();
    for (long[] run : Copying.runs(uids)) {
      for (Raw raw : raw(connection, mailbox, run, columns)) {
        if (Copying.among(uids, Packed.number(raw.id))) {
          Fetched row = whole(connection, raw, columns);
          // Without the envelope that it had it is gone since its row was read.
          if (row.envelope.length > 0 || !columns.contains(Column.ENVELOPE)) {
            all.add(row);
          }
        }
      }
    }
    return all;
  }

  private record Raw(
      long id, long message, byte[] envelope, byte[] structure, Change.BodyPlace place) {}

  private static List<Raw> raw(Connection connection, int mailbox, long[] run, Set<Column> columns)
      throws SQLException {
    long first = Packed.of(mailbox, run[0]);
    long last = Packed.of(mailbox, run[1]);
    if (!columns.contains(Column.STRUCTURE)) {
      return Db.list(
          connection,
          row ->
              new Raw(
                  row.getLong(1),
                  row.getLong(2),
                  row.getBytes(3),
                  NONE,
                  new Change.BodyPlace(0, 0, 0)),
          "SELECT id, message, envelope FROM mailbox_message WHERE id BETWEEN ? AND ? ORDER BY id",
          first,
          last);
    }
    return Db.list(
        connection,
        row ->
            new Raw(
                row.getLong(1), row.getLong(2), row.getBytes(3), row.getBytes(4), place(row, 5)),
        "SELECT c.id, c.message, c.envelope, m.structure, m.segment, m.body_offset, m.body_length"
            + " FROM mailbox_message c JOIN message m ON m.id = c.message"
            + " WHERE c.id BETWEEN ? AND ? ORDER BY c.id",
        first,
        last);
  }

  private static Fetched whole(Connection connection, Raw raw, Set<Column> columns)
      throws SQLException {
    byte[] envelope =
        columns.contains(Column.ENVELOPE)
            ? orPieces(connection, raw.envelope, raw.id, MessageRows.ENVELOPE)
            : NONE;
    byte[] structure =
        columns.contains(Column.STRUCTURE)
            ? orPieces(connection, raw.structure, raw.message, MessageRows.STRUCTURE)
            : NONE;
    return new Fetched(Packed.number(raw.id), envelope, structure, raw.place);
  }

  private static byte[] orPieces(Connection connection, byte[] octets, long owner, int kind)
      throws SQLException {
    return octets.length > 0 ? octets : Loads.pieces(connection, owner, kind);
  }

  /// What is noted of the headers of messages, by UID; a message without is missing.
  static Map<Long, Map<NotedField, String>> noted(Connection connection, int mailbox, long[] uids)
      throws SQLException {
    Map<Long, Map<NotedField, String>> all = new HashMap<>();
    for (long[] run : Copying.runs(uids)) {
      Db.list(
          connection,
          row -> all.put(Packed.number(row.getLong(1)), noted(row)),
          "SELECT id, "
              + Arrays.stream(NotedField.values())
                  .map(NotedField::column)
                  .collect(Collectors.joining(", "))
              + " FROM header WHERE id BETWEEN ? AND ?",
          Packed.of(mailbox, run[0]),
          Packed.of(mailbox, run[1]));
    }
    return all;
  }

  private static Map<NotedField, String> noted(ResultSet row) throws SQLException {
    Map<NotedField, String> texts = new EnumMap<>(NotedField.class);
    for (NotedField field : NotedField.values()) {
      String text = row.getString(field.column());
      if (!text.isEmpty()) {
        texts.put(field, text);
      }
    }
    return texts;
  }

  /// The shared part of a message, whole.
  static Optional<Change.MessageStored> stored(Connection connection, long message)
      throws SQLException {
    Optional<Change.MessageStored> found =
        Db.first(
            connection,
            row ->
                new Change.MessageStored(
                    message,
                    place(row, 1),
                    row.getBytes(4),
                    row.getBytes(5),
                    row.getString(6),
                    row.getString(7)),
            "SELECT segment, body_offset, body_length, sha256, structure, message_id, base_subject"
                + " FROM message WHERE id = ?",
            message);
    if (found.isEmpty() || found.get().structure().length > 0) {
      return found;
    }
    Change.MessageStored row = found.get();
    return Optional.of(
        new Change.MessageStored(
            message,
            row.place(),
            row.sha256(),
            Loads.pieces(connection, message, MessageRows.STRUCTURE),
            row.messageId(),
            row.baseSubject()));
  }

  /// Whole rows of messages, ascending by UID.
  static List<Change.MessageFiled> filed(Connection connection, int mailbox, long[] uids)
      throws SQLException {
    List<Change.MessageFiled> all = new ArrayList<>();
    for (long[] run : Copying.runs(uids)) {
      List<Change.MessageFiled> rows =
          Db.list(
              connection,
              row -> filed(mailbox, row),
              "SELECT id, mod_seq, message, flags, internal_date, saved_at, sent_day, size, prefix, envelope,"
                  + " from_person, to_person, cc_person, bcc_person, subject"
                  + " FROM mailbox_message WHERE id BETWEEN ? AND ? ORDER BY id",
              Packed.of(mailbox, run[0]),
              Packed.of(mailbox, run[1]));
      for (Change.MessageFiled row : rows) {
        if (Copying.among(uids, row.uid())) {
          all.add(whole(connection, row));
        }
      }
    }
    return all;
  }

  private static Change.MessageFiled filed(int mailbox, ResultSet row) throws SQLException {
    return new Change.MessageFiled(
        mailbox,
        Packed.number(row.getLong(1)),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getInt(7),
        row.getLong(8),
        row.getBytes(9),
        row.getBytes(10),
        row.getInt(11),
        row.getInt(12),
        row.getInt(13),
        row.getInt(14),
        row.getInt(15));
  }

  private static Change.MessageFiled whole(Connection connection, Change.MessageFiled row)
      throws SQLException {
    if (row.prefix().length > 0 && row.envelope().length > 0) {
      return row;
    }
    long id = Packed.of(row.mailbox(), row.uid());
    return new Change.MessageFiled(
        row.mailbox(),
        row.uid(),
        row.modSeq(),
        row.message(),
        row.flags(),
        row.internalDate(),
        row.savedAt(),
        row.sentDay(),
        row.size(),
        orPieces(connection, row.prefix(), id, MessageRows.PREFIX),
        orPieces(connection, row.envelope(), id, MessageRows.ENVELOPE),
        row.from(),
        row.to(),
        row.cc(),
        row.bcc(),
        row.subject());
  }
}
