package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What everybody sees while the rows of changes are pending is what they see once the rows are
/// there: with rows that never come until the store is opened again, rows that come three at a
/// time, and rows that come at once.
final class BulkTests {
  /// Rows wait for as long as the store is open.
  private static final StoreLimits.Bulk NEVER =
      new StoreLimits.Bulk(5, 1 << 30, 1 << 30, 1 << 30, 0, 5);

  private static final StoreLimits.Bulk AT_ONCE = new StoreLimits.Bulk(3, 0, 0, 0, 60_000, 3);

  /// All but the last seven rows.
  private static final StoreLimits.Bulk HALF = new StoreLimits.Bulk(3, 7, 1 << 30, 1 << 30, 0, 3);

  private static final int MANY = 24;

  @TempDir private Path directory;

  private TestStore open(String name, StoreLimits.Bulk bulk) {
    return new TestStore(
        new StoreSettings(directory.resolve(name), StoreLimits.DEFAULTS.with(bulk), false));
  }

  private static Mailbox filled(TestStore test) {
    Mailbox inbox = test.inbox("ana");
    for (int i = 1; i <= MANY; i++) {
      String mail =
          TestStore.mail("P" + i % 3 + " <p" + i % 3 + "@example.org>", "subject " + i)
              .replace("Ana <ana@", "T" + i % 4 + " <t" + i % 4 + "@");
      test.append(inbox, mail, i % 5 == 0 ? Flag.of("five") : Flag.ANSWERED);
    }
    return inbox;
  }

  private static void store(Mailbox mailbox, UidSet uids, Flag flag) {
    mailbox.store(uids, new FlagChange.Add(Set.of(flag)), OptionalLong.empty());
  }

  private static void expunge(Mailbox mailbox, UidSet uids) {
    store(mailbox, uids, Flag.DELETED);
    mailbox.expunge(uids);
  }

  /// A life of bulk changes, one upon the other.
  private static void live(TestStore test) {
    Mailbox inbox = filled(test);
    Mailbox archive = test.mailbox("ana", "Archive");
    test.append(archive, TestStore.mail("X <x@example.org>", "first"), Flag.of("other"));
    store(inbox, UidSet.ALL, Flag.SEEN);
    for (int i = 0; i < 30; i++) {
      store(inbox, UidSet.of(7), Flag.of("k" + i % 7));
    }
    inbox.copy(UidSet.ALL, archive);
    store(archive, UidSet.range(5, 12), Flag.FLAGGED);
    expunge(inbox, UidSet.range(3, 14));
    // From copies whose rows are pending: few, and many.
    Mailbox sent = test.mailbox("ana", "Sent");
    archive.copy(UidSet.of(3, 9, 20), sent);
    archive.move(UidSet.range(10, 22), sent);
    expunge(archive, UidSet.of(4));
    store(sent, UidSet.range(2, 6), Flag.of("six"));
    test.append(archive, TestStore.mail("Y <y@example.org>", "late"));
    sent.move(UidSet.range(5, 7), sent);
    // A mailbox that goes while its rows come.
    test.account("ana").create(MailboxName.of("Gone"), Optional.empty());
    Mailbox gone = test.mailbox("ana", "Gone");
    inbox.copy(UidSet.ALL, gone);
    gone.copy(UidSet.ALL, test.mailbox("ana", "Drafts"));
    store(gone, UidSet.ALL, Flag.DRAFT);
    test.account("ana").delete(MailboxName.of("Gone"));
    inbox.copy(UidSet.ALL, inbox);
    test.account("ana").rename(MailboxName.of("Sent"), MailboxName.of("Sent before"));
    test.account("ana").rename(MailboxName.INBOX, MailboxName.of("Old"));
    test.append(test.inbox("ana"), TestStore.mail("Z <z@example.org>", "new"));
    store(test.mailbox("ana", "Old"), UidSet.range(1, 40), Flag.DELETED);
    try (Maildrop drop = test.account("ana").lockMaildrop().orElseThrow()) {
      drop.remove(Set.copyOf(drop.items()));
    }
    test.append(test.inbox("ion"), "x\r\n");
    test.inbox("ion").copy(UidSet.ALL, test.mailbox("ion", "Archive"));
    test.store().removeAccount("ion");
  }

  /// All that sessions see.
  private static List<String> told(TestStore test) {
    List<String> told = new ArrayList<>();
    Account account = test.account("ana");
    told.add(test.store().accountNames().toString());
    try (Maildrop drop = account.lockMaildrop().orElseThrow()) {
      told.add(drop.items().stream().map(item -> item.uid() + "," + item.octets()).toList() + "");
    }
    for (MailboxEntry entry : account.mailboxes()) {
      MailboxStatus status = account.status(entry.name()).orElseThrow();
      told.add(entry.name() + " " + status.messages() + " " + status.unseen());
      told.add(status.deleted() + " " + status.uidNext() + " " + status.highestModSeq());
      told.add(status.octets() + "");
      tell(account.mailbox(entry.name()).orElseThrow(), told);
    }
    return told;
  }

  private static void tell(Mailbox mailbox, List<String> told) {
    View view = mailbox.view();
    for (int at = 0; at < view.count(); at++) {
      long uid = view.uid(at);
      List<FetchedRow> rows =
          mailbox.fetch(new long[] {uid}, Set.of(Column.ENVELOPE, Column.STRUCTURE));
      told.add(
          uid
              + " "
              + view.modSeq(at)
              + " "
              + Set.copyOf(view.flags(view.flagBits(at))).stream().map(Flag::name).sorted().toList()
              + view.size(at)
              + new String(rows.getFirst().envelope(), StandardCharsets.UTF_8)
              + rows.getFirst().structure().isPresent()
              + TestStore.text(mailbox, uid).orElseThrow().hashCode());
    }
    long[] all = new long[view.count()];
    Arrays.setAll(all, view::uid);
    told.add(
        mailbox.fetch(all, Set.of(Column.ENVELOPE)).stream().map(FetchedRow::uid).toList() + "");
    for (String field : List.of("Subject", "From", "To", "Message-ID")) {
      for (String text : List.of("", "1", "p2", "t3", "subject 2")) {
        SearchKey key = new SearchKey.HeaderField(field, text);
        Found found = mailbox.search(view, key, Set.of(Return.ALL));
        Found first = mailbox.search(view, key, Set.of(Return.MIN, Return.MAX));
        told.add(
            field + text + Arrays.toString(found.positions()) + first.min() + "," + first.max());
      }
    }
  }

  private static List<String> deliveredAndClosed(TestStore test) {
    live(test);
    List<String> told = told(test);
    test.close();
    return told;
  }

  @Test
  void everybodySeesTheSameWhereverTheRowsAre() {
    List<String> right = deliveredAndClosed(open("whole", StoreLimits.Bulk.DEFAULTS));
    assertThat(right).hasSizeGreaterThan(100);
    for (StoreLimits.Bulk bulk : List.of(NEVER, HALF, AT_ONCE)) {
      String name = "bulk" + bulk.backlogRows();
      assertThat(deliveredAndClosed(open(name, bulk))).as(name).isEqualTo(right);
      for (StoreLimits.Bulk again : List.of(NEVER, AT_ONCE)) {
        try (TestStore test = open(name, again)) {
          assertThat(told(test)).as("%s, opened again", name).isEqualTo(right);
        }
      }
    }
  }

  @Test
  void aReplayOverRowsOfAnyAgeEndsInTheSameStore() throws IOException {
    TestStore test = open("s", NEVER);
    test.account("ana");
    test.account("ion");
    test.close();
    Path folder = directory.resolve("s");
    Path checkpoint = folder.resolve("log").resolve("checkpoint");
    Path database = folder.resolve("depozit.mv.db");
    copy(checkpoint, directory.resolve("checkpoint"));
    copy(database, directory.resolve("behind"));
    List<String> right = deliveredAndClosed(open("s", HALF));
    // Closed with rows pending, and again with all of them.
    copy(database, directory.resolve("middle"));
    open("s", AT_ONCE).close();
    copy(database, directory.resolve("ahead"));
    for (String rows : List.of("behind", "middle", "ahead")) {
      copy(directory.resolve("checkpoint"), checkpoint);
      copy(directory.resolve(rows), database);
      try (TestStore again = open("s", NEVER)) {
        assertThat(told(again)).as("over rows that are %s", rows).isEqualTo(right);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aDeliveryBesideAChangeOfAWholeMailboxIsAnsweredWhileItsRowsArePending() {
    try (TestStore test = open("s", NEVER)) {
      Mailbox inbox = filled(test);
      store(inbox, UidSet.ALL, Flag.FLAGGED);
      expunge(inbox, UidSet.range(1, 12));
      test.deliver("x\r\n", "", test.account("ion"), test.account("ana"));
      assertThat(test.inbox("ion").view().count()).isEqualTo(1);
      assertThat(flagged(test)).as("rows with the flag").isZero();
      assertThat(rows(test)).as("rows of messages").isEqualTo(MANY + 2);
      assertThat(inbox.view().count()).isEqualTo(MANY - 12 + 1);
    }
  }

  private static long flagged(TestStore test) {
    return number(test, "SELECT COUNT(*) FROM mailbox_message WHERE BITAND(flags, 4) <> 0");
  }

  private static long rows(TestStore test) {
    return number(test, "SELECT COUNT(*) FROM mailbox_message");
  }

  private static long number(TestStore test, String sql) {
    return test.store().db().read(connection -> Db.number(connection, sql)).orElseThrow();
  }

  @Test
  void rowsComeByThemselvesAndTheCheckpointAfterThem() throws IOException {
    StoreLimits.Bulk soon = new StoreLimits.Bulk(3, 1 << 30, 1, 1 << 30, 0, 3);
    try (TestStore test = open("s", soon)) {
      Mailbox inbox = filled(test);
      store(inbox, UidSet.ALL, Flag.FLAGGED);
      inbox.copy(UidSet.ALL, test.mailbox("ana", "Archive"));
      inbox.copy(UidSet.ALL, inbox);
      expunge(inbox, UidSet.range(1, MANY));
      Awaitility.await().until(() -> rows(test) == 2 * MANY);
      Awaitility.await().until(() -> flagged(test) == 2 * MANY);
      assertThat(number(test, "SELECT COUNT(*) FROM expunged")).isEqualTo(MANY);
      assertThat(number(test, "SELECT COUNT(*) FROM header")).isEqualTo(2 * MANY);
      test.account("ana").delete(MailboxName.of("Archive"));
      expunge(inbox, UidSet.ALL);
      Awaitility.await().until(() -> number(test, "SELECT COUNT(*) FROM message") == 0);
      LogFiles files = new LogFiles(directory.resolve("s").resolve("log"));
      long before = Checkpoint.read(files).orElseThrow().sequence();
      Awaitility.await().until(() -> Checkpoint.read(files).orElseThrow().sequence() > before);
    }
  }

  @Test
  void noCheckpointPassesAChangeWhoseRowsArePending() throws IOException {
    LogFiles files = new LogFiles(directory.resolve("s").resolve("log"));
    long pending;
    try (TestStore test = open("s", NEVER)) {
      Mailbox inbox = filled(test);
      pending = inbox.view().logPosition();
      store(inbox, UidSet.ALL, Flag.FLAGGED);
      test.append(inbox, "x\r\n");
    }
    assertThat(Checkpoint.read(files).orElseThrow().sequence()).isEqualTo(pending);
    try (TestStore test = open("s", NEVER)) {
      View view = test.inbox("ana").view();
      assertThat(view.bearing(UidSet.ALL, view.mask(Flag.FLAGGED))).hasSize(MANY);
    }
  }
}
