package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.depozit.storage.TestStore.assertRefused;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.depozit.storage.Refused.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Mailboxes and accounts that are made, renamed, deleted and made again under the sessions that
/// have them open.
final class MailboxLifeTests {
  @TempDir Path directory;
  private TestStore test;
  private Account ana;

  @BeforeEach
  void open() {
    test = new TestStore(directory);
    ana = test.account("ana");
  }

  @AfterEach
  void close() {
    test.close();
  }

  private static MailboxName name(String name) {
    return MailboxName.of(name);
  }

  private void create(String name) {
    ana.create(name(name), Optional.empty());
  }

  private static void flag(Mailbox mailbox) {
    mailbox.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty());
  }

  @Test
  void whatCameIntoANewMailboxBeforeAnybodyLookedIsRecent() {
    test.deliver("one\r\n", "", ana);
    assertThat(ana.status(MailboxName.INBOX).orElseThrow().recent()).isEqualTo(1);
    Mailbox inbox = test.inbox("ana");
    assertThat(inbox.claimRecent(inbox.view())).isEqualTo(UidSet.of(1));
  }

  @Test
  void aMailboxMadeAgainUnderTheSameNameIsAnotherOne() {
    create("a");
    Mailbox first = test.mailbox("ana", "a");
    test.append(first, "one\r\n");
    ana.delete(name("a"));
    create("a");
    Mailbox second = test.mailbox("ana", "a");
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.view().count()).isZero();
    assertThat(first.exists()).isFalse();
    assertThat(TestStore.text(first, 1)).isEmpty();
    assertRefused(Reason.NONEXISTENT, () -> flag(first));
    assertRefused(Reason.NONEXISTENT, () -> first.expunge(UidSet.ALL));
    assertRefused(Reason.NONEXISTENT, () -> first.copy(UidSet.ALL, second));
    assertRefused(Reason.NONEXISTENT, () -> second.copy(UidSet.ALL, first));
    assertRefused(Reason.NONEXISTENT, () -> first.move(UidSet.ALL, second));
    assertThat(test.append(second, "two\r\n").uid()).isEqualTo(1);
  }

  @Test
  void ofTwoWhoDeleteAtOnceOneIsTold() throws Exception {
    for (int round = 0; round < 20; round++) {
      create("a");
      AtomicInteger done = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      List<Runnable> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(() -> ana.delete(name("a")));
        calls.add(() -> ana.rename(name("a"), name("b")));
      }
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> running = new ArrayList<>();
        for (Runnable call : calls) {
          running.add(
              threads.submit(() -> {
                try {
                  call.run();
                  done.incrementAndGet();
                } catch (Refused no) {
                  assertThat(no.reason()).isIn(Reason.NONEXISTENT, Reason.ALREADY_EXISTS);
                  refused.incrementAndGet();
                }
              }));
        }
        for (Future<?> one : running) {
          one.get();
        }
      }
      assertThat(done.get()).isEqualTo(1);
      assertThat(refused.get()).isEqualTo(7);
      assertThat(ana.mailbox(name("a"))).isEmpty();
      if (ana.mailbox(name("b")).isPresent()) {
        ana.delete(name("b"));
      }
    }
  }

  @Test
  void aNameOfAMailboxThatMovesAwayMeanwhileIsFree() {
    create("a/b/b");
    test.append(test.mailbox("ana", "a/b"), "upper\r\n");
    test.append(test.mailbox("ana", "a/b/b"), "lower\r\n");
    ana.delete(name("a"));
    ana.rename(name("a/b"), name("a"));
    assertThat(TestStore.text(test.mailbox("ana", "a"), 1)).contains("upper\r\n");
    assertThat(TestStore.text(test.mailbox("ana", "a/b"), 1)).contains("lower\r\n");
    assertThat(ana.mailbox(name("a/b/b"))).isEmpty();
    test.reopen();
    assertThat(TestStore.text(test.mailbox("ana", "a/b"), 1)).contains("lower\r\n");
  }

  @Test
  void aRemovedAccountRefusesWhoStillHoldsIt() {
    Account ion = test.account("ion");
    Mailbox inbox = test.inbox("ion");
    test.append(inbox, "one\r\n");
    Maildrop drop = ion.lockMaildrop().orElseThrow();
    drop.accessed(1);
    test.store().removeAccount("ion");
    assertThat(inbox.exists()).isFalse();
    assertRefused(Reason.NONEXISTENT, () -> test.append(inbox, "two\r\n"));
    assertRefused(Reason.NONEXISTENT, () -> flag(inbox));
    assertRefused(Reason.NONEXISTENT, () -> ion.create(name("x"), Optional.empty()));
    assertRefused(Reason.NONEXISTENT, () -> ion.subscribe(name("x")));
    assertRefused(Reason.NONEXISTENT, () -> ion.rename(name("INBOX"), name("x")));
    assertRefused(Reason.NONEXISTENT, () -> drop.remove(Set.copyOf(drop.items())));
    assertThat(drop.content(drop.items().getFirst())).isEmpty();
    drop.close();
    assertThat(ion.mailboxes()).isEmpty();
    assertThat(test.deliver("x\r\n", "", ion).getFirst())
        .isInstanceOfSatisfying(
            Delivered.NotKept.class,
            not -> assertThat(not.why().reason()).isEqualTo(Reason.NONEXISTENT));
    test.reopen();
    assertThat(test.store().account("ion")).isEmpty();
  }

  @Test
  void whatIsExpungedWhileItIsReadIsThereWholeOrNotAtAll() throws Exception {
    Mailbox inbox = test.inbox("ana");
    String mail = TestStore.mail("a@b.c", "s".repeat(9_000));
    String trace = "X-Trace: " + "t".repeat(9_000) + "\r\n";
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (long uid = 1; uid <= 100; uid++) {
        test.deliver(mail, trace, ana);
        inbox.store(UidSet.of(uid), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
        Future<?> gone = threads.submit(() -> inbox.expunge(UidSet.ALL));
        long[] uids = {uid};
        boolean there = true;
        while (there) {
          List<FetchedRow> rows = inbox.fetch(uids, Set.of(Column.ENVELOPE));
          assertThat(rows).allMatch(row -> row.envelope().length > 9_000);
          Optional<String> text = TestStore.text(inbox, uid);
          assertThat(text.orElse(trace + mail)).isEqualTo(trace + mail);
          there = text.isPresent();
        }
        gone.get();
      }
    }
  }

  @Test
  @Timeout(60)
  void whoCallsWhileTheStoreClosesIsAnsweredOrToldThatItIsUnavailable() throws Exception {
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, "one\r\n");
    AtomicInteger kept = new AtomicInteger(1);
    AtomicInteger refused = new AtomicInteger();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int which = i;
        running.add(
            threads.submit(() -> {
              try {
                while (true) {
                  call(which, inbox, kept);
                }
              } catch (Refused no) {
                assertThat(no.reason()).isEqualTo(Reason.UNAVAILABLE);
                refused.incrementAndGet();
              }
            }));
      }
      try {
        Awaitility.await().until(() -> kept.get() > 20);
      } finally {
        test.store().close();
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    assertThat(refused.get()).isEqualTo(8);
    test.reopen();
    assertThat(test.inbox("ana").view().count()).isEqualTo(kept.get());
  }

  private void call(int which, Mailbox inbox, AtomicInteger kept) {
    switch (which) {
      case 0, 1, 2 -> {
        test.append(inbox, "more\r\n");
        kept.incrementAndGet();
      }
      case 3 -> flag(inbox);
      case 4 -> TestStore.text(inbox, 1);
      case 5 -> ana.status(name("Sent"));
      case 6 ->
          inbox.search(
              inbox.view(), new SearchKey.HeaderField("Message-ID", "x"), Set.of(Return.ALL));
      default -> ana.mailboxes();
    }
  }
}
