package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `check` finds in a store that is open.
final class CheckTests {
  @TempDir Path directory;
  private TestStore test;
  private Mailbox inbox;

  @BeforeEach
  void fill() {
    test = new TestStore(directory);
    inbox = test.inbox("ana");
    Mailbox archive = test.mailbox("ana", "Archive");
    for (int i = 0; i < 30; i++) {
      test.append(
          inbox,
          TestStore.mail("Cristi " + i % 7 + " <c@example.org>", "subject " + i),
          i % 2 == 0 ? Flag.SEEN : Flag.of("keyword-" + i % 3));
    }
    test.append(inbox, TestStore.mail("big <b@example.org>", "big") + "x".repeat(100_000));
    test.append(inbox, "Subject: " + "long ".repeat(2_000) + "\r\n\r\nlong\r\n");
    test.deliver(
        "Subject: traced\r\n\r\nbody\r\n",
        "Received: " + "y".repeat(5_000) + "\r\n",
        test.account("ana"),
        test.account("bob"));
    inbox.copy(UidSet.range(3, 9), archive);
    inbox.store(
        UidSet.range(5, 12),
        new FlagChange.Add(java.util.Set.of(Flag.DELETED)),
        java.util.OptionalLong.empty());
    inbox.expunge(UidSet.range(1, 10));
  }

  @AfterEach
  void close() {
    test.close();
  }

  private List<String> check() {
    List<String> faults = new ArrayList<>();
    test.store().check(_ -> {}).forEach(fault -> faults.add(fault.toString()));
    return faults;
  }

  @Test
  void findsNothingInAStoreThatIsWhole() {
    assertThat(check()).isEmpty();
    test.reopen();
    assertThat(check()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE mailbox SET messages = messages + 1 WHERE id = 1 | messages is",
        "UPDATE mailbox SET unseen = unseen - 1 WHERE id = 1 | unseen is",
        "UPDATE mailbox SET deleted = 9 WHERE id = 1 | deleted is 9",
        "UPDATE mailbox SET octets = 9 WHERE id = 1 | octets is 9",
        "UPDATE mailbox SET uid_next = 12 WHERE id = 1 | not below UIDNEXT",
        "UPDATE mailbox SET highest_mod_seq = 3 WHERE id = 1 | above the mailbox",
        "UPDATE mailbox SET account = 77 WHERE id = 3 | its account is not there",
        "UPDATE mailbox SET name = 'INBOX' WHERE id = 3 | two mailboxes have one name",
        "UPDATE mailbox_message SET flags = 1099511627776 WHERE id = 4294967296 + 20 | flags without a name",
        "UPDATE mailbox_message SET size = size + 1 WHERE id = 4294967296 + 20 | its size is",
        "UPDATE mailbox_message SET from_person = 99 WHERE id = 4294967296 + 20 | it names a sender",
        "UPDATE mailbox_message SET subject = 9999 WHERE id = 4294967296 + 20 | it names a subject",
        "UPDATE mailbox_message SET message = 9999 WHERE id = 4294967296 + 20 | no mailbox has it",
        "UPDATE mailbox_message SET flags = 8 WHERE id = 4294967296 + 20 | shows it otherwise",
        "DELETE FROM mailbox_message WHERE id = 4294967296 + 20 | messages is",
        "DELETE FROM message WHERE id = 20 | its shared part is not there",
        "DELETE FROM piece | it has no envelope",
        "DELETE FROM sender WHERE id = 4294967296 + 3 | it names a sender",
        "DELETE FROM long_text | characters and not",
        "DELETE FROM keyword | flags without a name",
        "DELETE FROM account WHERE id = 2 | its account is not there",
        "UPDATE message SET sha256 = structure WHERE id = 20 | do not have its hash",
        "UPDATE message SET body_offset = body_offset + 1 WHERE id = 20 | do not have its hash",
        "UPDATE message SET segment = 4711 WHERE id = 20 | its body cannot be read",
        "UPDATE message SET structure = sha256 WHERE id = 20 | structure cannot be read",
        "UPDATE sender SET text = 'dan' WHERE id = 4294967296 + 2 | characters and not",
        "UPDATE sender SET hash = 5 WHERE id = 4294967296 + 2 | its hash is not",
        "UPDATE counter SET last_value = 3 WHERE name = 'message' | it stands at 3",
        "INSERT INTO expunged VALUES (4294967296 + 20, 1, 2) | the message is there",
        "INSERT INTO header VALUES (4294967296 + 900, '', '', '', '', '') | its message is not there",
        "INSERT INTO uidl VALUES (4294967296 + 900, 'x') | its message is not there",
      })
  void findsRowsThatDoNotFit(String damage, String found) throws SQLException {
    try (Connection beside = test.store().db().open()) {
      Db.update(beside, damage);
    }
    assertThat(check()).anySatisfy(fault -> assertThat(fault).contains(found));
  }

  @Test
  void readsEveryIndexByItselfAndTheTableWithout() throws SQLException {
    try (Snapshot rows = Snapshot.of(test.store().db())) {
      IndexCheck indexes = new IndexCheck();
      indexes.list(rows, new Faults());
      assertThat(indexes.statements()).hasSizeGreaterThan(30);
      for (var asked : indexes.statements().entrySet()) {
        String plan =
            Db.first(rows.connection(), row -> row.getString(1), "EXPLAIN " + asked.getValue())
                .orElseThrow();
        assertThat(plan).contains("/* PUBLIC." + asked.getKey());
        assertThat(plan.contains("index sorted")).as(plan).isTrue();
      }
    }
  }

  @Test
  void aClosedStoreIsComparedWithItsLog() throws SQLException {
    test.close();
    StoreSettings settings = StoreSettings.at(directory);
    assertThat(SqlStore.check(settings, _ -> {})).isEmpty();
    test = new TestStore(directory);
    try (Connection beside = test.store().db().open()) {
      Db.update(beside, "UPDATE mailbox_message SET internal_date = 5 WHERE id = 4294967296 + 20");
    }
    test.close();
    assertThat(SqlStore.check(settings, _ -> {}))
        .singleElement()
        .asString()
        .startsWith("table mailbox_message, mailbox 1, UID 20: INTERNAL_DATE is 5, the log says ");
    test = new TestStore(directory);
  }
}
