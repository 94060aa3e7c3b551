package org.depozit.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// The SQL of search: the index by address field and packed id. One id at a time, since the engines
/// choose another index as soon as an `IN` list stands beside a range of keys. Any thread; a
/// connection is held for one statement, or for one statement an id.
final class SearchSql {
  private final Db db;
  private final int mailbox;
  private final Supplier<List<CopyRun>> copies;

  /// @param copies whose rows may not be there yet: runs of messages are read from their originals'
  ///   rows too, the walks over an index are not for who has any
  SearchSql(Db db, int mailbox, Supplier<List<CopyRun>> copies) {
    this.db = db;
    this.mailbox = mailbox;
    this.copies = copies;
  }

  /// What is done with the person of a message.
  @FunctionalInterface
  interface PersonRow {
    void on(long uid, int person);
  }

  /// What is done with what is noted of a message's header.
  @FunctionalInterface
  interface NoteRow {
    void on(long uid, String note);
  }

  static String column(SearchKey.AddressName field) {
    return switch (field) {
      case FROM -> "from_person";
      case TO -> "to_person";
      case CC -> "cc_person";
      case BCC -> "bcc_person";
    };
  }

  /// The statement that walks the index of a field from a key on.
  static String walk(SearchKey.AddressName field, boolean ascending) {
    String column = column(field);
    return ascending
        ? "SELECT id FROM mailbox_message WHERE %s = ? AND id >= ? AND id <= ? ORDER BY %s, id LIMIT ?"
            .formatted(column, column)
        : "SELECT id FROM mailbox_message WHERE %s = ? AND id >= ? AND id <= ? ORDER BY %s DESC, id DESC LIMIT ?"
            .formatted(column, column);
  }

  /// The statement that reads a field of a run of messages.
  static String persons(SearchKey.AddressName field) {
    return "SELECT id, %s FROM mailbox_message WHERE id >= ? AND id <= ? ORDER BY id"
        .formatted(column(field));
  }

  /// The statement that reads what is noted of a field of a run of messages.
  static String notes(NotedField field) {
    return "SELECT id, %s FROM header WHERE id >= ? AND id <= ? ORDER BY id"
        .formatted(field.column());
  }

  /// The first UIDs of each person's messages from `from[i]` on, in the walk's direction.
  ///
  /// @param persons ids
  /// @param from a UID for each
  /// @param limit how many UIDs for each at most
  long[][] walk(
      SearchKey.AddressName field, boolean ascending, int[] persons, long[] from, int limit) {
    return db.read(connection -> walk(connection, field, ascending, persons, from, limit));
  }

  private long[][] walk(
      Connection connection,
      SearchKey.AddressName field,
      boolean ascending,
      int[] persons,
      long[] from,
      int limit)
      throws SQLException {
    long[][] found = new long[persons.length][];
    try (PreparedStatement statement = connection.prepareStatement(walk(field, ascending))) {
      for (int i = 0; i < persons.length; i++) {
        long at = Packed.of(mailbox, from[i]);
        statement.setInt(1, persons[i]);
        statement.setLong(2, ascending ? at : Packed.first(mailbox));
        statement.setLong(3, ascending ? Packed.last(mailbox) : at);
        statement.setInt(4, limit);
        found[i] = uids(statement, limit);
      }
    }
    return found;
  }

  private static long[] uids(PreparedStatement statement, int limit) throws SQLException {
    long[] uids = new long[limit];
    int count = 0;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        uids[count++] = Packed.number(rows.getLong(1));
      }
    }
    return Arrays.copyOf(uids, count);
  }

  /// The field's id of every message from one UID to another, both included.
  void persons(SearchKey.AddressName field, long first, long last, PersonRow row) {
    rows(persons(field), first, last, (uid, found) -> row.on(uid, found.getInt(2)));
  }

  /// What is noted of the field of every message from one UID to another, both included, that has
  /// it.
  void notes(NotedField field, long first, long last, NoteRow row) {
    rows(
        notes(field),
        first,
        last,
        (uid, found) -> {
          String note = found.getString(2);
          if (!note.isEmpty()) {
            row.on(uid, note);
          }
        });
  }

  private static long uid(ResultSet found) throws SQLException {
    return Packed.number(found.getLong(1));
  }

  private interface Each {
    void on(long uid, ResultSet found) throws SQLException;
  }

  private void rows(String sql, long first, long last, Each row) {
    for (CopyRun run : copies.get()) {
      long from = Math.max(first, run.firstUid());
      long to = Math.min(last, run.lastUid());
      if (from <= to) {
        new SearchSql(db, run.source().mailbox(), run.source()::copies)
            .rows(
                sql,
                run.original(from),
                run.original(to),
                (uid, found) -> {
                  long copy = run.copy(uid);
                  if (copy >= 0) {
                    row.on(copy, found);
                  }
                });
      }
    }
    db.read(connection -> {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setLong(1, Packed.of(mailbox, first));
        statement.setLong(2, Packed.of(mailbox, last));
        try (ResultSet found = statement.executeQuery()) {
          while (found.next()) {
            row.on(uid(found), found);
          }
        }
      }
      return first;
    });
  }
}
