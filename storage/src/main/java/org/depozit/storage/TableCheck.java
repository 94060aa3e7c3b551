package org.depozit.storage;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.depozit.mime.Casemap;
import org.depozit.storage.Change.Dictionary;

/// Rows against the rows they name: no row without its owner, no name twice, no number above the
/// last one given, texts that fit their hashes and lengths.
final class TableCheck {
  /// Questions that must have no answer: who is told of, what is wrong, and the keys.
  private static final List<List<String>> NONE_MAY_BE =
      List.of(
          of(
              "message",
              "no mailbox has it",
              "id",
              "message",
              "mailbox_message WHERE message = x.id"),
          of(
              "mailbox_message",
              "its mailbox is not there",
              "id",
              "mailbox_message",
              "mailbox WHERE id = x.mailbox"),
          of(
              "header",
              "its message is not there",
              "id",
              "header",
              "mailbox_message WHERE id = x.id"),
          of("uidl", "its message is not there", "id", "uidl", "mailbox_message WHERE id = x.id"),
          of(
              "expunged",
              "its mailbox is not there",
              "id",
              "expunged",
              "mailbox WHERE id = x.mailbox"),
          of(
              "keyword",
              "its mailbox is not there",
              "mailbox",
              "keyword",
              "mailbox WHERE id = x.mailbox"),
          of(
              "mailbox",
              "its account is not there",
              "id",
              "mailbox",
              "account WHERE id = x.account"),
          of(
              "subscription",
              "its account is not there",
              "account",
              "subscription",
              "account WHERE id = x.account"),
          of(
              "maildrop",
              "its account is not there",
              "account",
              "maildrop",
              "account WHERE id = x.account"),
          of(
              "account",
              "it has no INBOX",
              "id",
              "account",
              "mailbox WHERE account = x.id AND name = 'INBOX'"));

  private TableCheck() {}

  private static List<String> of(
      String table, String what, String key, String from, String unless) {
    return List.of(
        table,
        what,
        "SELECT " + key + " FROM " + from + " x WHERE NOT EXISTS (SELECT 1 FROM " + unless + ")");
  }

  /// The parts, by what they look at.
  static Map<String, Check.Reading> parts() {
    Map<String, Check.Reading> parts = new LinkedHashMap<>();
    for (List<String> question : NONE_MAY_BE) {
      parts.put(
          "owners of table " + question.get(0) + ": " + question.get(1),
          (rows, found) -> orphans(question, rows, found));
    }
    parts.put("pieces", TableCheck::pieces);
    parts.put("names", TableCheck::names);
    parts.put("expunged", TableCheck::expunged);
    parts.put("counters", TableCheck::counters);
    for (Dictionary dictionary : Dictionary.values()) {
      parts.put(
          "texts of table " + TextRows.table(dictionary),
          (rows, found) -> texts(dictionary, rows, found));
    }
    return parts;
  }

  private static void orphans(List<String> question, Snapshot rows, Faults found)
      throws SQLException {
    rows.each(
        row -> found.add(key(question.get(0), row.getLong(1)), question.get(1)), question.get(2));
  }

  private static String key(String table, long key) {
    return switch (table) {
      case "mailbox_message", "header", "uidl", "expunged" -> place(table, key);
      default -> "table " + table + ", " + key;
    };
  }

  /// A packed key in words.
  static String place(String table, long key) {
    return "table " + table + ", mailbox " + Packed.owner(key) + ", UID " + Packed.number(key);
  }

  private static void pieces(Snapshot rows, Faults found) throws SQLException {
    rows.each(
        row ->
            found.add(
                "table piece, owner " + row.getLong(1) + ", kind " + row.getInt(2),
                "its owner is not there"),
        "SELECT DISTINCT owner, kind FROM piece x WHERE kind = 0"
            + " AND NOT EXISTS (SELECT 1 FROM message WHERE id = x.owner)"
            + " OR kind IN (1, 2) AND NOT EXISTS (SELECT 1 FROM mailbox_message WHERE id = x.owner)"
            + " OR kind NOT IN (0, 1, 2)");
    rows.each(
        row ->
            found.add(
                "table long_text, dictionary " + row.getInt(1) + ", id " + row.getLong(2),
                "its text is not there"),
        "SELECT DISTINCT dictionary, id FROM long_text x"
            + " WHERE dictionary = 0 AND NOT EXISTS (SELECT 1 FROM sender WHERE id = x.id)"
            + " OR dictionary = 1 AND NOT EXISTS (SELECT 1 FROM recipient WHERE id = x.id)"
            + " OR dictionary = 2 AND NOT EXISTS (SELECT 1 FROM subject WHERE id = x.id)"
            + " OR dictionary NOT IN (0, 1, 2)");
  }

  private static void names(Snapshot rows, Faults found) throws SQLException {
    rows.each(
        row ->
            found.add(
                "table mailbox, account " + row.getInt(1),
                "two mailboxes have one name: " + row.getString(2)),
        "SELECT account, name FROM mailbox GROUP BY account, name HAVING COUNT(*) > 1");
    rows.each(
        row -> found.add("table account", "two accounts have one name: " + row.getString(1)),
        "SELECT folded_name FROM account GROUP BY folded_name HAVING COUNT(*) > 1");
    rows.each(
        row -> {
          if (!Casemap.fold(row.getString(2)).equals(row.getString(3))) {
            found.add("table account, " + row.getInt(1), "its folded name is not that of its name");
          }
        },
        "SELECT id, name, folded_name FROM account ORDER BY id");
    rows.each(
        row ->
            found.add(
                "table mailbox",
                "two mailboxes of one account have the UIDVALIDITY " + row.getLong(2)),
        "SELECT account, uid_validity FROM mailbox GROUP BY account, uid_validity HAVING COUNT(*) > 1");
  }

  private static void expunged(Snapshot rows, Faults found) throws SQLException {
    rows.each(
        row -> found.add(place("expunged", row.getLong(1)), row.getString(2)),
        "SELECT e.id, CASE WHEN e.id / 4294967296 <> e.mailbox THEN 'it names another mailbox'"
            + " WHEN e.mod_seq > b.highest_mod_seq THEN 'its mod-sequence is above the mailbox''s'"
            + " WHEN MOD(e.id, 4294967296) >= b.uid_next THEN 'its UID is above UIDNEXT'"
            + " ELSE 'the message is there' END"
            + " FROM expunged e JOIN mailbox b ON b.id = e.mailbox"
            + " WHERE e.id / 4294967296 <> e.mailbox OR e.mod_seq > b.highest_mod_seq"
            + " OR MOD(e.id, 4294967296) >= b.uid_next"
            + " OR EXISTS (SELECT 1 FROM mailbox_message WHERE id = e.id)");
  }

  private static void counters(Snapshot rows, Faults found) throws SQLException {
    below(rows, found, "account", "SELECT MAX(id) FROM account");
    below(rows, found, "mailbox", "SELECT MAX(id) FROM mailbox");
    below(rows, found, "message", "SELECT MAX(id) FROM message");
    below(rows, found, "uid_validity", "SELECT MAX(uid_validity) FROM mailbox");
  }

  private static void below(Snapshot rows, Faults found, String counter, String highest)
      throws SQLException {
    long last = rows.number("SELECT last_value FROM counter WHERE name = ?", counter).orElse(-1);
    long used = rows.number(highest).orElse(0);
    if (used > last) {
      found.add("table counter, " + counter, "it stands at " + last + ", " + used + " is in use");
    }
  }

  private static void texts(Dictionary dictionary, Snapshot rows, Faults found)
      throws SQLException {
    String table = TextRows.table(dictionary);
    boolean hashed = dictionary != Dictionary.SUBJECT;
    rows.each(
        row -> {
          long id = row.getLong(1);
          String whole = row.getString(3);
          if (row.getInt(2) > TextRows.LONGEST) {
            whole = Loads.whole(rows.connection(), dictionary, id, whole);
          }
          String place =
              "table " + table + ", account " + Packed.owner(id) + ", text " + Packed.number(id);
          if (whole.length() != row.getInt(2)) {
            found.add(place, "it has " + whole.length() + " characters and not " + row.getInt(2));
          } else if (hashed && TextRows.hash(Packed.owner(id), whole) != row.getLong(4)) {
            found.add(place, "its hash is not that of its text");
          }
        },
        "SELECT id, length, text" + (hashed ? ", hash" : "") + " FROM " + table + " ORDER BY id");
    rows.each(
        row ->
            found.add("table " + table + ", account " + row.getInt(1), "there is no such account"),
        "SELECT DISTINCT id / 4294967296 AS owner FROM "
            + table
            + " x WHERE NOT EXISTS (SELECT 1 FROM account WHERE id = x.id / 4294967296)");
  }
}
