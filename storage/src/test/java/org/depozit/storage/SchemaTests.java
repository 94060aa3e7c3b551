package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tables explain themselves, and every statement that the store runs finds its rows by an
/// index.
final class SchemaTests {
  /// Read whole, and meant to be: small, or asked for by an administrator.
  private static final Set<String> SCANNED =
      Set.of("SELECT name FROM account ORDER BY folded_name");

  @TempDir Path directory;
  private TestStore test;
  private Connection beside;

  @BeforeEach
  void open() throws SQLException {
    test = new TestStore(directory);
    beside = test.store().db().open();
  }

  @AfterEach
  void close() throws SQLException {
    beside.close();
    test.close();
  }

  @Test
  void everyTableAndEveryColumnIsCommented() throws SQLException {
    assertThat(
            Db.list(
                beside,
                row -> row.getString(1),
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'"
                    + " AND remarks IS NULL AND table_name <> 'flyway_schema_history'"))
        .isEmpty();
    assertThat(
            Db.list(
                beside,
                row -> row.getString(1) + "." + row.getString(2),
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'PUBLIC'"
                    + " AND remarks IS NULL AND table_name <> 'flyway_schema_history'"))
        .isEmpty();
  }

  @Test
  void everyStatementThatTheStoreRunsUsesAnIndex() throws SQLException {
    fill();
    Db.update(beside, "SET QUERY_STATISTICS_MAX_ENTRIES 1000");
    Db.update(beside, "SET QUERY_STATISTICS TRUE");
    useEverything();
    test.store().removeAccount("ion");
    List<String> statements =
        Db.list(
            beside,
            row -> row.getString(1),
            "SELECT sql_statement FROM information_schema.query_statistics");
    Map<String, String> scans = new TreeMap<>();
    int explained = 0;
    for (String sql : statements) {
      if (sql.matches("(?s)(SELECT|UPDATE|DELETE) .*") && !sql.contains("information_schema")) {
        String plan = plan(sql);
        explained++;
        if (plan.contains("tableScan") && !SCANNED.contains(sql)) {
          scans.put(sql, plan);
        }
      }
    }
    assertThat(scans).isEmpty();
    assertThat(explained).isGreaterThanOrEqualTo(30);
  }

  @Test
  void searchProbesTheIndexOfItsField() throws SQLException {
    fill();
    for (SearchKey.AddressName field : SearchKey.AddressName.values()) {
      String index = "MAILBOX_MESSAGE_BY_" + field.name();
      assertThat(plan(SearchSql.walk(field, true))).contains(index);
      assertThat(plan(SearchSql.walk(field, false))).contains(index);
    }
    for (NotedField field : NotedField.values()) {
      assertThat(plan(SearchSql.notes(field))).contains("PRIMARY_KEY").contains("index sorted");
    }
    assertThat(plan("SELECT id FROM mailbox_message WHERE subject = ? AND id BETWEEN ? AND ?"))
        .contains("MAILBOX_MESSAGE_BY_SUBJECT");
    assertThat(plan("SELECT id FROM mailbox_message WHERE flags = ? AND id BETWEEN ? AND ?"))
        .contains("MAILBOX_MESSAGE_BY_FLAGS");
    assertThat(plan("SELECT id FROM mailbox_message WHERE mailbox = ? AND mod_seq > ?"))
        .contains("MAILBOX_MESSAGE_BY_MOD_SEQ");
    assertThat(plan("SELECT id FROM expunged WHERE mailbox = ? AND mod_seq > ?"))
        .contains("EXPUNGED_BY_MOD_SEQ");
  }

  private String plan(String sql) throws SQLException {
    Object[] values = new Object[(int) sql.chars().filter(c -> c == '?').count()];
    java.util.Arrays.fill(values, 1);
    return Db.first(beside, row -> row.getString(1), "EXPLAIN " + sql, values).orElseThrow();
  }

  private void fill() {
    test.account("ana");
    test.account("ion");
    Mailbox inbox = test.inbox("ana");
    for (int i = 0; i < 200; i++) {
      test.append(
          inbox, TestStore.mail("P" + i % 20 + " <p" + i % 20 + "@example.org>", "number " + i));
    }
    inbox.copy(UidSet.range(1, 50), test.mailbox("ana", "Archive"));
  }

  private void useEverything() {
    Account ana = test.account("ana");
    test.store().login("ana", TestStore.PASSWORD.clone());
    test.store().accountNames();
    ana.create(MailboxName.of("a/b"), Optional.empty());
    ana.rename(MailboxName.of("a"), MailboxName.of("c"));
    ana.delete(MailboxName.of("c/b"));
    ana.subscribe(MailboxName.of("x"));
    ana.subscriptions();
    ana.mailboxes();
    Mailbox inbox = test.inbox("ana");
    Mailbox archive = test.mailbox("ana", "Archive");
    test.append(inbox, TestStore.mail("a@b.c", "t".repeat(5_000)), Flag.of("work"));
    test.deliver(
        TestStore.mail("a@b.c", "other " + "t".repeat(5_000)),
        "X: y\r\n",
        ana,
        test.account("ion"));
    inbox.store(
        UidSet.range(1, 20), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
    inbox.move(UidSet.range(20, 30), archive);
    inbox.expunge(UidSet.ALL);
    inbox.fetch(new long[] {40, 41, 42, 90}, Set.of(Column.ENVELOPE, Column.STRUCTURE));
    inbox.fetch(new long[] {40, 41, 42, 90}, Set.of(Column.ENVELOPE));
    inbox.content(40).orElseThrow().close();
    inbox.name();
    inbox.search(inbox.view(), new SearchKey.HeaderField("subject", "number"), Set.of(Return.MIN));
    for (SearchKey.AddressName field : SearchKey.AddressName.values()) {
      inbox.search(inbox.view(), new SearchKey.AddressField(field, "p1"), Set.of(Return.MIN));
      inbox.search(inbox.view(), new SearchKey.AddressField(field, "p1"), Set.of(Return.ALL));
    }
    inbox.search(inbox.view(), new SearchKey.HeaderField("Message-ID", "@"), Set.of(Return.ALL));
    ana.status(MailboxName.of("Sent"));
    test.deliver("x\r\n", "", test.account("ion"));
    test.account("ion").status(MailboxName.INBOX);
    try (Maildrop drop = ana.lockMaildrop().orElseThrow()) {
      drop.accessed(1);
      drop.remove(Set.of(drop.items().getFirst()));
    }
    test.store().setPassword("ana", TestStore.PASSWORD.clone());
  }
}
