package org.depozit.storage;

import java.sql.SQLException;
import java.util.List;
import org.depozit.mime.Casemap;

/// Rows of accounts and of what their mailboxes are, without the messages. Each insert replaces, as
/// [Rows] wants it. The writer; before it starts, whoever opens the store.
final class AccountRows {
  private final Dialect dialect;
  private final Statements sql;

  AccountRows(Dialect dialect, Statements sql) {
    this.dialect = dialect;
    this.sql = sql;
  }

  void write(Change.AccountCreated made) throws SQLException {
    sql.update(
        dialect.upsert(
            "account",
            List.of("id"),
            List.of("id", "name", "folded_name", "password_hash", "created_at")),
        made.account(),
        made.name(),
        Casemap.fold(made.name()),
        made.passwordHash(),
        made.createdAt());
  }

  void write(Change.PasswordSet set) throws SQLException {
    sql.update(
        "UPDATE account SET password_hash = ? WHERE id = ?", set.passwordHash(), set.account());
  }

  /// Its mailboxes go by changes of their own.
  void write(Change.AccountRemoved gone) throws SQLException {
    sql.update("DELETE FROM account WHERE id = ?", gone.account());
    sql.update("DELETE FROM subscription WHERE account = ?", gone.account());
    sql.update("DELETE FROM maildrop WHERE account = ?", gone.account());
  }

  void write(Change.MailboxCreated made) throws SQLException {
    sql.update(
        dialect.upsert(
            "mailbox",
            List.of("id"),
            List.of(
                "id",
                "account",
                "name",
                "special_use",
                "uid_validity",
                "uid_next",
                "highest_mod_seq",
                "messages",
                "unseen",
                "deleted",
                "octets")),
        made.mailbox(),
        made.account(),
        made.name(),
        made.specialUse(),
        made.uidValidity(),
        1L,
        1L,
        0,
        0,
        0,
        0L);
  }

  void write(Change.MailboxRenamed renamed) throws SQLException {
    sql.update("UPDATE mailbox SET name = ? WHERE id = ?", renamed.name(), renamed.mailbox());
  }

  /// Its messages go in slices ([DeletedRows]).
  void write(Change.MailboxDeleted gone) throws SQLException {
    sql.update("DELETE FROM mailbox WHERE id = ?", gone.mailbox());
    sql.update("DELETE FROM keyword WHERE mailbox = ?", gone.mailbox());
  }

  void write(Change.Subscribed subscribed) throws SQLException {
    sql.update(
        subscribed.subscribed()
            ? dialect.upsert("subscription", List.of("account", "name"), List.of("account", "name"))
            : "DELETE FROM subscription WHERE account = ? AND name = ?",
        subscribed.account(),
        subscribed.name());
  }

  void write(Change.KeywordNamed named) throws SQLException {
    sql.update(
        dialect.upsert(
            "keyword", List.of("mailbox", "flag_bit"), List.of("mailbox", "flag_bit", "name")),
        named.mailbox(),
        named.bit(),
        named.name());
  }

  void write(Change.UidlSet set) throws SQLException {
    sql.update(
        dialect.upsert("uidl", List.of("id"), List.of("id", "uidl")),
        Packed.of(set.mailbox(), set.uid()),
        set.uidl());
  }

  void write(Change.MaildropAccessed accessed) throws SQLException {
    sql.update(
        dialect.upsert("maildrop", List.of("account"), List.of("account", "last_uid")),
        accessed.account(),
        accessed.uid());
  }
}
