package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A life of accounts and mailboxes, replayed as after a crash: over a database that is as old as
/// the last checkpoint, and over one that ran ahead to the end. Everything is as it was, and no
/// number is given again.
final class StoreReplayTests {
  @TempDir Path directory;
  private TestStore test;

  private Path database() {
    return directory.resolve("depozit.mv.db");
  }

  private Path checkpoint() {
    return directory.resolve("log").resolve("checkpoint");
  }

  private Path saved(String name) {
    return directory.resolve(name + ".saved");
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aReplayOverOldAndOverNewRowsEndsInTheSameStore() throws IOException {
    test = new TestStore(directory);
    test.deliver("before\r\n", "X: y\r\n", test.account("ana"), test.account("ion"));
    test.close();
    copy(database(), saved("database"));
    test = new TestStore(directory);
    copy(checkpoint(), saved("checkpoint"));
    live();
    List<String> right = told();
    test.close();
    copy(saved("checkpoint"), checkpoint());
    test = new TestStore(directory);
    assertThat(told()).as("over newer rows").isEqualTo(right);
    test.close();
    copy(saved("checkpoint"), checkpoint());
    copy(saved("database"), database());
    test = new TestStore(directory);
    assertThat(told()).as("over older rows").isEqualTo(right);
    assertNothingIsGivenAgain();
    test.close();
  }

  private void create(String name) {
    test.account("ana").create(MailboxName.of(name), Optional.empty());
  }

  private void delete(String name) {
    test.account("ana").delete(MailboxName.of(name));
  }

  private void rename(String from, String to) {
    test.account("ana").rename(MailboxName.of(from), MailboxName.of(to));
  }

  private void fill(String name, String... subjects) {
    for (String subject : subjects) {
      test.append(
          test.mailbox("ana", name),
          TestStore.mail("P" + subject.length() + " <p@example.org>", subject),
          Flag.of("k" + subject.length()));
    }
  }

  private void live() {
    messages();
    names();
    accounts();
  }

  private void messages() {
    create("a/b/c");
    fill("a/b", "one", "two", "x".repeat(5_000), "four");
    test.append(test.mailbox("ana", "a/b"), "Subject: big\r\n\r\n" + "b".repeat(200_000));
    Mailbox b = test.mailbox("ana", "a/b");
    Mailbox inbox = test.inbox("ana");
    b.copy(UidSet.range(1, 3), inbox);
    b.move(UidSet.range(3, 4), test.mailbox("ana", "Archive"));
    b.store(UidSet.of(1), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
    b.store(UidSet.of(2), new FlagChange.Replace(Set.of(Flag.of("new"))), OptionalLong.empty());
    b.expunge(UidSet.ALL);
    test.deliver("pop\r\n", "T: r\r\n", test.account("ana"));
    try (Maildrop drop = test.account("ana").lockMaildrop().orElseThrow()) {
      drop.accessed(2);
      drop.seen(drop.items().get(2));
      drop.remove(Set.of(drop.items().get(1)));
    }
  }

  private void names() {
    fill("a/b/c", "first life");
    delete("a/b/c");
    create("a/b/c");
    fill("a/b/c", "second life", "more");
    rename("a", "x");
    rename("x", "y/z");
    create("a");
    fill("a", "another a");
    create("p");
    create("q");
    fill("p", "was p");
    fill("q", "was q", "too");
    rename("p", "tmp");
    rename("q", "p");
    rename("tmp", "q");
    delete("q");
    rename("INBOX", "old");
    test.deliver("after\r\n", "", test.account("ana"));
    test.account("ana").subscribe(MailboxName.of("nowhere"));
    test.account("ana").unsubscribe(MailboxName.of("Sent"));
  }

  private void accounts() {
    test.store().removeAccount("ion");
    test.deliver(TestStore.mail("x@y.z", "again"), "", test.account("ion"), test.account("ana"));
    test.account("gone");
    test.deliver("x\r\n", "", test.account("gone"));
    test.store().removeAccount("gone");
    test.store().setPassword("ana", "first".toCharArray());
    test.store().setPassword("ana", "last".toCharArray());
  }

  /// All that the store tells.
  private List<String> told() {
    List<String> told = new ArrayList<>();
    assertThat(test.store().login("ana", "last".toCharArray())).isPresent();
    for (String name : test.store().accountNames()) {
      Account account = test.store().account(name).orElseThrow();
      told.add(account.id() + " " + name + " " + account.subscriptions());
      try (Maildrop drop = account.lockMaildrop().orElseThrow()) {
        told.add(drop.lastAccessed() + " " + drop.items());
      }
      for (MailboxEntry entry : account.mailboxes()) {
        MailboxStatus status = account.status(entry.name()).orElseThrow();
        told.add(
            entry
                + " "
                + List.of(status.messages(), status.unseen(), status.deleted())
                + List.of(status.uidNext(), status.highestModSeq(), status.octets()));
        tell(account.mailbox(entry.name()).orElseThrow(), told);
      }
    }
    return told;
  }

  private static void tell(Mailbox mailbox, List<String> told) {
    View view = mailbox.view();
    told.add(view.uidValidity() + " " + view.uidNext() + " " + view.highestModSeq());
    for (int at = 0; at < view.count(); at++) {
      long uid = view.uid(at);
      FetchedRow row = mailbox.fetch(new long[] {uid}, Set.of(Column.ENVELOPE)).getFirst();
      told.add(
          uid
              + " "
              + view.modSeq(at)
              + " "
              + view.flags(view.flagBits(at))
              + " "
              + view.size(at)
              + new String(row.envelope(), java.nio.charset.StandardCharsets.UTF_8)
              + TestStore.text(mailbox, uid).orElseThrow().hashCode());
    }
    for (String field : List.of("Subject", "From", "Message-ID")) {
      for (String text : List.of("", "o", "p4", "p5000")) {
        SearchKey key = new SearchKey.HeaderField(field, text);
        told.add(
            key
                + java.util.Arrays.toString(
                    mailbox.search(view, key, Set.of(Return.ALL)).positions()));
      }
    }
  }

  private void assertNothingIsGivenAgain() {
    long mailbox = 0;
    long validity = 0;
    for (String name : test.store().accountNames()) {
      Account account = test.store().account(name).orElseThrow();
      for (MailboxEntry entry : account.mailboxes()) {
        mailbox = Math.max(mailbox, entry.id());
        validity = Math.max(validity, account.status(entry.name()).orElseThrow().uidValidity());
      }
    }
    // Of account `gone` nothing is left but the numbers that it had.
    Account next = test.account("next");
    assertThat(next.id()).isEqualTo(5);
    assertThat(test.inbox("next").id()).isEqualTo(mailbox + 7);
    assertThat(test.inbox("next").view().uidValidity()).isGreaterThan(validity + 5);
  }
}
