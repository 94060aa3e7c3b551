package org.depozit.storage;

import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.depozit.storage.Change.Dictionary;

/// Reads rows: accounts, mailboxes, counters, the rows of a view, dictionaries. Each method is one
/// question on the connection given, the writer's or a reader's.
final class Loads {
  /// Rows of a mailbox or a dictionary read at a time, between which others get their turn.
  static final int PAGE = 10_000;

  private Loads() {}

  /// An account's row.
  record AccountRow(int id, String name, String passwordHash) {}

  /// A mailbox's row without its counters.
  record MailboxRow(int id, int account, String name, String specialUse) {}

  static Optional<AccountRow> account(Connection connection, String foldedName)
      throws SQLException {
    return Db.first(
        connection,
        row -> new AccountRow(row.getInt(1), row.getString(2), row.getString(3)),
        "SELECT id, name, password_hash FROM account WHERE folded_name = ?",
        foldedName);
  }

  static List<String> accountNames(Connection connection) throws SQLException {
    return Db.list(
        connection, row -> row.getString(1), "SELECT name FROM account ORDER BY folded_name");
  }

  static List<MailboxRow> mailboxes(Connection connection, int account) throws SQLException {
    return Db.list(
        connection,
        row -> new MailboxRow(row.getInt(1), account, row.getString(2), row.getString(3)),
        "SELECT id, name, special_use FROM mailbox WHERE account = ? ORDER BY name",
        account);
  }

  static Optional<MailboxRow> mailbox(Connection connection, int account, String name)
      throws SQLException {
    return Db.first(
        connection,
        row -> new MailboxRow(row.getInt(1), account, name, row.getString(2)),
        "SELECT id, special_use FROM mailbox WHERE account = ? AND name = ?",
        account,
        name);
  }

  /// The mailboxes somewhere below a name, by their names.
  static List<MailboxRow> below(Connection connection, int account, String name)
      throws SQLException {
    // Next to the delimiter stands "0": all names that start with "name/" lie between the two.
    return Db.list(
        connection,
        row -> new MailboxRow(row.getInt(1), account, row.getString(2), row.getString(3)),
        "SELECT id, name, special_use FROM mailbox WHERE account = ? AND name > ? AND name < ? ORDER BY name",
        account,
        name + MailboxName.DELIMITER,
        name + (char) (MailboxName.DELIMITER + 1));
  }

  static int countMailboxes(Connection connection, int account) throws SQLException {
    return (int)
        Db.number(connection, "SELECT COUNT(*) FROM mailbox WHERE account = ?", account).orElse(0);
  }

  /// How many messages have these UIDs.
  static int count(Connection connection, int mailbox, long first, long last) throws SQLException {
    return (int)
        Db.number(
                connection,
                "SELECT COUNT(*) FROM mailbox_message WHERE id BETWEEN ? AND ?",
                Packed.of(mailbox, first),
                Packed.of(mailbox, last))
            .orElse(0);
  }

  static Optional<MailboxCounters> counters(Connection connection, int mailbox)
      throws SQLException {
    return Db.first(
        connection,
        row ->
            new MailboxCounters(
                mailbox,
                row.getInt(1),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getInt(6),
                row.getInt(7),
                row.getInt(8),
                row.getLong(9)),
        "SELECT account, name, uid_validity, uid_next, highest_mod_seq, messages, unseen, deleted, octets"
            + " FROM mailbox WHERE id = ?",
        mailbox);
  }

  /// Bodies that rows name in a segment.
  record Bodies(long count, long octets) {}

  /// The bodies of messages that stand in a segment.
  static Bodies bodiesIn(Connection connection, long segment) throws SQLException {
    return Db.first(
            connection,
            row -> new Bodies(row.getLong(1), row.getLong(2)),
            "SELECT COUNT(*), SUM(body_length) FROM message WHERE segment = ?",
            segment)
        .orElseThrow();
  }

  /// Whether a body of any message stands in the segment, or is the big one of this number.
  static boolean named(Connection connection, long segment) throws SQLException {
    return Db.number(connection, "SELECT id FROM message WHERE segment = ? LIMIT 1", segment)
        .isPresent();
  }

  static List<String> subscriptions(Connection connection, int account) throws SQLException {
    return Db.list(
        connection,
        row -> row.getString(1),
        "SELECT name FROM subscription WHERE account = ?",
        account);
  }

  static List<Keywords.Keyword> keywords(Connection connection, int mailbox) throws SQLException {
    return Db.list(
        connection,
        row -> new Keywords.Keyword(row.getInt(1), Flag.of(row.getString(2))),
        "SELECT flag_bit, name FROM keyword WHERE mailbox = ? ORDER BY flag_bit",
        mailbox);
  }

  /// The POP3 unique ids of a mailbox that are not made from UIDVALIDITY and UID, by UID.
  static Map<Long, String> uidls(Connection connection, int mailbox) throws SQLException {
    return uidls(connection, mailbox, 0, Packed.number(Packed.last(mailbox)));
  }

  /// The same of the messages of a range.
  static Map<Long, String> uidls(Connection connection, int mailbox, long first, long last)
      throws SQLException {
    Map<Long, String> uidls = new HashMap<>();
    Db.list(
        connection,
        row -> uidls.put(Packed.number(row.getLong(1)), row.getString(2)),
        "SELECT id, uidl FROM uidl WHERE id BETWEEN ? AND ?",
        Packed.of(mailbox, first),
        Packed.of(mailbox, last));
    return uidls;
  }

  /// The highest UID that a POP3 session has accessed; 0 if none has.
  static long lastAccessed(Connection connection, int account) throws SQLException {
    return Db.number(connection, "SELECT last_uid FROM maildrop WHERE account = ?", account)
        .orElse(0);
  }

  /// Adds the next rows of a mailbox to a view that is being built.
  ///
  /// @param end the UID before which rows are read
  /// @return whether there may be more
  static boolean page(Connection connection, int mailbox, long end, ViewBuilder into)
      throws SQLException {
    int rows =
        Db.list(
                connection,
                row -> into.add(Row.of(row)),
                "SELECT "
                    + Row.COLUMNS
                    + " FROM mailbox_message WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
                Packed.of(mailbox, into.lastUid() + 1),
                Packed.of(mailbox, end - 1),
                PAGE)
            .size();
    return rows == PAGE;
  }

  /// What a view shows of a message; the parameters are those of [Change.MessageFiled].
  record Row(
      long uid,
      long modSeq,
      long flags,
      long internalDate,
      int sentDay,
      long size,
      int from,
      int subject) {
    private static final String COLUMNS =
        "id, mod_seq, flags, internal_date, sent_day, size, from_person, subject";

    private static Row of(ResultSet row) throws SQLException {
      return new Row(
          Packed.number(row.getLong(1)),
          row.getLong(2),
          row.getLong(3),
          row.getLong(4),
          row.getInt(5),
          row.getLong(6),
          row.getInt(7),
          row.getInt(8));
    }
  }

  /// A message that is gone, and since when.
  record Gone(long uid, long modSeq) {}

  /// The messages of a mailbox that came or changed after a mod-sequence, so many at most.
  ///
  /// @param now the mailbox's row: UIDs from its UIDNEXT on are not read
  static List<Row> changed(Connection connection, MailboxCounters now, long modSeq, int most)
      throws SQLException {
    return Db.list(
        connection,
        Row::of,
        "SELECT "
            + Row.COLUMNS
            + " FROM mailbox_message WHERE mailbox = ? AND mod_seq > ? AND id < ?"
            + " ORDER BY mod_seq LIMIT ?",
        now.mailbox(),
        modSeq,
        Packed.of(now.mailbox(), now.uidNext()),
        most);
  }

  /// The messages of a mailbox that went after a mod-sequence, so many at most.
  static List<Gone> gone(Connection connection, int mailbox, long modSeq, int most)
      throws SQLException {
    return Db.list(
        connection,
        row -> new Gone(Packed.number(row.getLong(1)), row.getLong(2)),
        "SELECT id, mod_seq FROM expunged WHERE mailbox = ? AND mod_seq > ?"
            + " ORDER BY mod_seq LIMIT ?",
        mailbox,
        modSeq,
        most);
  }

  /// The counters of a mailbox, with messages, unseen, deleted and octets counted from its rows.
  ///
  /// @param least what it must have reached
  static MailboxCounters recounted(Connection connection, MailboxCounters least)
      throws SQLException {
    int mailbox = least.mailbox();
    return Db.first(
            connection,
            row ->
                least
                    .raised(Packed.number(row.getLong(1)) + 1, row.getLong(2))
                    .counted(row.getInt(3), row.getInt(4), row.getInt(5), row.getLong(6)),
            "SELECT COALESCE(MAX(id), 0), COALESCE(MAX(mod_seq), 0), COUNT(*),"
                + " COUNT(CASE WHEN BITAND(flags, 1) = 0 THEN 1 END),"
                + " COUNT(CASE WHEN BITAND(flags, 8) <> 0 THEN 1 END),"
                + " COALESCE(SUM(size), 0)"
                + " FROM mailbox_message WHERE id BETWEEN ? AND ?",
            Packed.first(mailbox),
            Packed.last(mailbox))
        .orElse(least);
  }

  /// A text of a dictionary with what stands beyond its first row.
  static String whole(Connection connection, Dictionary dictionary, long id, String first)
      throws SQLException {
    List<String> rest =
        Db.list(
            connection,
            row -> row.getString(1),
            "SELECT text FROM long_text WHERE dictionary = ? AND id = ? ORDER BY number",
            TextRows.number(dictionary),
            id);
    return first + String.join("", rest);
  }

  /// The next texts of an account's dictionary, whole.
  ///
  /// @param after the packed id of the last one before
  static List<Change.TextNamed> texts(
      Connection connection, int account, Dictionary dictionary, long after, int limit)
      throws SQLException {
    return Db.list(
        connection,
        row -> {
          long id = row.getLong(1);
          String text = row.getString(3);
          return new Change.TextNamed(
              account,
              dictionary,
              (int) Packed.number(id),
              row.getInt(2) > TextRows.LONGEST ? whole(connection, dictionary, id, text) : text);
        },
        "SELECT id, length, text FROM "
            + TextRows.table(dictionary)
            + " WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
        after,
        Packed.last(account),
        limit);
  }

  /// What was too long for its row.
  static byte[] pieces(Connection connection, long owner, int kind) throws SQLException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    Db.list(
            connection,
            row -> row.getBytes(1),
            "SELECT octets FROM piece WHERE owner = ? AND kind = ? ORDER BY number",
            owner,
            kind)
        .forEach(whole::writeBytes);
    return whole.toByteArray();
  }
}
