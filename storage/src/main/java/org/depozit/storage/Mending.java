package org.depozit.storage;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What is left to do when the log has made the rows: what nothing names goes, and what lost its
/// other half is told and mended as far as it can be. One thread, once.
final class Mending {
  /// Rows looked at in one transaction.
  private static final int PAGE = 1_000;

  /// An account whose name was lost cannot be logged into until it is given a password.
  private static final String NO_PASSWORD = "*";

  private final Statements sql;
  private final Told told;
  private long messages;

  /// Is told of losses.
  @FunctionalInterface
  interface Told {
    void lost(long segment, long from, long to, String what);
  }

  Mending(Statements sql, Told told) {
    this.sql = sql;
    this.told = told;
  }

  /// How many messages there are in all mailboxes.
  long messages() {
    return messages;
  }

  /// Mends; the counters of the mailboxes are counted afterwards.
  void mend(Rows rows) {
    try {
      halves();
      unnamed("message", "id", "SELECT 1 FROM mailbox_message c WHERE c.message = t.id");
      unnamed("header", "id", "SELECT 1 FROM mailbox_message c WHERE c.id = t.id");
      unnamed("uidl", "id", "SELECT 1 FROM mailbox_message c WHERE c.id = t.id");
      pieces();
      mailboxes(rows);
      accounts(rows);
      messages = sql.number("SELECT COUNT(*) FROM mailbox_message").orElse(0);
      sql.connection().commit();
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// Copies whose shared part is lost, with the place of its body.
  private void halves() throws SQLException {
    List<Long> page;
    do {
      page =
          ids(
              "SELECT t.id FROM mailbox_message t WHERE NOT EXISTS"
                  + " (SELECT 1 FROM message m WHERE m.id = t.message) ORDER BY t.id LIMIT ?",
              PAGE);
      for (long id : page) {
        told.lost(
            0,
            0,
            0,
            "message %d of mailbox %d is known by its place in the mailbox alone: its body is lost"
                .formatted(Packed.number(id), Packed.owner(id)));
        sql.update("DELETE FROM mailbox_message WHERE id = ?", id);
      }
      sql.connection().commit();
    } while (page.size() == PAGE);
  }

  private void unnamed(String table, String key, String naming) throws SQLException {
    List<Long> page;
    do {
      page =
          ids(
              "SELECT t.%s FROM %s t WHERE NOT EXISTS (%s) ORDER BY t.%s LIMIT ?"
                  .formatted(key, table, naming, key),
              PAGE);
      for (long id : page) {
        sql.update("DELETE FROM %s WHERE %s = ?".formatted(table, key), id);
      }
      sql.connection().commit();
    } while (page.size() == PAGE);
  }

  private void pieces() throws SQLException {
    sql.update(
        "DELETE FROM piece WHERE kind = 0 AND NOT EXISTS"
            + " (SELECT 1 FROM message m WHERE m.id = piece.owner)");
    sql.update(
        "DELETE FROM piece WHERE kind <> 0 AND NOT EXISTS"
            + " (SELECT 1 FROM mailbox_message m WHERE m.id = piece.owner)");
    sql.connection().commit();
  }

  /// Messages in mailboxes that nothing tells of get one, under the only account there is, or under
  /// one made for them.
  private void mailboxes(Rows rows) throws SQLException {
    for (int mailbox : withoutRow()) {
      int account = heir(rows);
      long uidValidity =
          sql.number("SELECT last_value FROM counter WHERE name = 'uid_validity'").orElse(0) + 1;
      String name = "Recovered " + mailbox;
      told.lost(
          0, 0, 0, "the name of mailbox %d is lost: it is \"%s\" now".formatted(mailbox, name));
      rows.begin();
      rows.apply(new Change.MailboxCreated(mailbox, account, name, uidValidity, ""));
      rows.apply(new Change.Subscribed(account, name, true));
      rows.commit();
    }
  }

  /// Each is looked for by a jump over the messages of the one before.
  private List<Integer> withoutRow() throws SQLException {
    List<Integer> lost = new ArrayList<>();
    int before = -1;
    while (true) {
      List<Long> next =
          ids(
              "SELECT id FROM mailbox_message WHERE id > ? ORDER BY id LIMIT 1",
              before < 0 ? -1L : Packed.last(before));
      if (next.isEmpty()) {
        return lost;
      }
      before = Packed.owner(next.getFirst());
      if (sql.number("SELECT id FROM mailbox WHERE id = ?", before).isEmpty()) {
        lost.add(before);
      }
    }
  }

  private int heir(Rows rows) throws SQLException {
    List<Long> accounts = ids("SELECT id FROM account ORDER BY id LIMIT ?", 2);
    if (accounts.size() == 1) {
      return (int) (long) accounts.getFirst();
    }
    List<Long> made =
        ids("SELECT id FROM account WHERE folded_name = ? LIMIT 1", fold("recovered"));
    return made.isEmpty()
        ? account(rows, (int) (given("account") + 1), "recovered")
        : (int) (long) made.getFirst();
  }

  private static String fold(String name) {
    return org.depozit.mime.Casemap.fold(name);
  }

  private long given(String counter) throws SQLException {
    return sql.number("SELECT last_value FROM counter WHERE name = ?", counter).orElse(0);
  }

  private int account(Rows rows, int account, String name) {
    told.lost(
        0,
        0,
        0,
        "account \"%s\" was made for what belongs to nobody known: give it a password or a name"
            .formatted(name));
    rows.begin();
    rows.apply(
        new Change.AccountCreated(
            account, name, NO_PASSWORD, java.time.Instant.now().getEpochSecond()));
    rows.commit();
    return account;
  }

  /// Mailboxes whose accounts nothing tells of.
  private void accounts(Rows rows) throws SQLException {
    for (long account :
        ids(
            "SELECT DISTINCT t.account FROM mailbox t WHERE NOT EXISTS"
                + " (SELECT 1 FROM account a WHERE a.id = t.account) LIMIT ?",
            Integer.MAX_VALUE)) {
      account(rows, (int) account, "recovered-" + account);
    }
    for (long account :
        ids(
            "SELECT t.id FROM account t WHERE NOT EXISTS"
                + " (SELECT 1 FROM mailbox m WHERE m.account = t.id AND m.name = ?)",
            MailboxName.INBOX.value())) {
      inbox(rows, (int) account);
    }
  }

  /// No account is without.
  private void inbox(Rows rows, int account) throws SQLException {
    int mailbox = (int) given("mailbox") + 1;
    long uidValidity = given("uid_validity") + 1;
    told.lost(0, 0, 0, "the INBOX of account %d is lost: it has a new one".formatted(account));
    rows.begin();
    rows.apply(
        new Change.MailboxCreated(mailbox, account, MailboxName.INBOX.value(), uidValidity, ""));
    rows.commit();
  }

  private List<Long> ids(String question, Object... values) throws SQLException {
    return sql.list(row -> row.getLong(1), question, values);
  }
}
