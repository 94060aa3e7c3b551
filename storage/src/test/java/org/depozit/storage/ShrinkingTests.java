package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.depozit.storage.SimulatedDisk.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The database's file gets shorter under a store whose disk fails, or whose power goes.
final class ShrinkingTests {
  private static final SimulatedDisk.Witness NOBODY = (_, _, _, _) -> {};
  private static final Duration LONG = Duration.ofMinutes(2);

  /// A file of which a fifth is dead is made shorter.
  private static final int SOME_DEAD = 20;

  /// Nearly always.
  private static final int ANY_DEAD = 1;

  /// Trace headers that make a row large.
  private static final String TRACE = "X-Trace: " + "z".repeat(3_900) + "\r\n";

  private static final int RECIPIENTS = 5;
  private static final int SOME = 50;
  private static final int CUTS = Integer.getInteger("depozit.cuts", 20);

  private final SimulatedDisk disk = new SimulatedDisk();

  private static TestStore open(SimulatedDisk on, int deadPercent) {
    StoreLimits limits = LogSample.limits(1 << 20, new SpaceLimits(90, 20, 60_000, deadPercent));
    return new TestStore(new StoreSettings(on.path("/mail"), limits, false));
  }

  @AfterEach
  void watchNoMore() {
    CrashPoint.watchNoMore();
    disk.watch(NOBODY);
  }

  private long octets() {
    try {
      return Files.size(disk.path("/mail/" + H2Path.FILE));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void fill(TestStore test, int mails) {
    Account[] accounts = new Account[RECIPIENTS];
    for (int i = 0; i < RECIPIENTS; i++) {
      accounts[i] = test.account("user" + i);
    }
    for (int i = 0; i < mails; i++) {
      test.deliver(TestStore.mail("a@b.c", "mail " + i), TRACE, accounts);
    }
  }

  /// Deletes every second message.
  private static void deleteHalf(TestStore test, int mails) {
    UidSet.Builder second = new UidSet.Builder();
    for (int uid = 1; uid <= mails; uid += 2) {
      second.add(uid, uid);
    }
    for (int i = 0; i < RECIPIENTS; i++) {
      Mailbox inbox = test.inbox("user" + i);
      inbox.store(second.build(), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
      inbox.expunge(UidSet.ALL);
    }
  }

  /// Something more to give back, in a mailbox of its own.
  private static void churn(TestStore test, int mails) {
    Account other = test.account("other");
    for (int i = 0; i < mails; i++) {
      test.deliver(TestStore.mail("a@b.c", "other " + i), TRACE, other);
    }
    Mailbox inbox = test.inbox("other");
    inbox.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
    inbox.expunge(UidSet.ALL);
  }

  private static void assertHalf(TestStore test, int mails) {
    assertThat(test.store().check(_ -> {})).isEmpty();
    for (int i = 0; i < RECIPIENTS; i++) {
      assertThat(test.inbox("user" + i).view().count()).isEqualTo(mails / 2);
    }
  }

  /// Pages that were moved stay in the heap as long as no checkpoint takes them.
  @Test
  void aDiskThatRefusesPagesThatWereMovedIsTriedAgainAndNoMoreAreMovedMeanwhile() {
    int mails = 800;
    AtomicInteger refused = new AtomicInteger();
    AtomicLong most = new AtomicLong();
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    try (TestStore test = open(disk, SOME_DEAD)) {
      fill(test, mails);
      test.reopen();
      long before = octets();
      deleteHalf(test, mails);
      // Has the rows written.
      test.reopen();
      Dialect dialect = test.store().db().dialect();
      CrashPoint.watch(point -> {
        if (point == CrashPoint.AFTER_SHRINKING && begun.complete(true)) {
          disk.watch((operation, file, _, _) -> {
            if (operation == Operation.WRITE && file.startsWith(H2Path.FILE)) {
              refused.incrementAndGet();
              throw new IOException("No space left on device");
            }
          });
        } else if (point == CrashPoint.AFTER_SHRINKING) {
          most.accumulateAndGet(dialect.pending(), Math::max);
        }
      });
      await()
          .atMost(LONG)
          .until(() -> {
            if (!begun.isDone()) {
              churn(test, SOME);
            }
            return refused.get() >= 4;
          });
      disk.watch(NOBODY);
      await().atMost(LONG).until(() -> octets() < before * 3 / 4);
      assertThat(most.get()).isLessThan(6 << 20);
      assertHalf(test, mails);
    }
  }

  @Test
  void aCutWhilePagesAreMovedLosesNothing() {
    int mails = 200;
    List<SimulatedDisk> cuts = new CopyOnWriteArrayList<>();
    try (TestStore test = open(disk, ANY_DEAD)) {
      fill(test, mails);
      deleteHalf(test, mails);
      CrashPoint.watch(point -> {
        if (point == CrashPoint.AFTER_SHRINKING && cuts.size() < CUTS) {
          cuts.add(disk.cut(cuts.size()));
        }
      });
      await()
          .atMost(LONG)
          .until(() -> {
            churn(test, SOME);
            return cuts.size() >= CUTS;
          });
    }
    CrashPoint.watchNoMore();
    for (SimulatedDisk cut : cuts) {
      try (TestStore after = open(cut, SOME_DEAD)) {
        assertHalf(after, mails);
      }
    }
  }

  /// The store rests when nothing comes any more; later its file is made shorter.
  @Test
  void thePageJournalIsGivenBackAfterTheFileWasMadeShorterThoughNobodyWrites() {
    // Looks are so far apart that most come when the store rests. One that came before has a reason
    // to come again only if more is dead than it left.
    StoreLimits limits =
        LogSample.limits(1 << 20, new SpaceLimits(100, 1_500, 200, ANY_DEAD))
            .with("checkpointMillis", 20);
    CompletableFuture<Boolean> rested = new CompletableFuture<>();
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    int[] mails = {0};
    try (TestStore test = new TestStore(new StoreSettings(disk.path("/mail"), limits, false))) {
      fill(test, 100);
      CrashPoint.watch(point -> {
        if (point == CrashPoint.AFTER_SHRINKING && journal() == 0) {
          rested.complete(true);
        } else if (point == CrashPoint.AFTER_CHECKPOINT_FILE && rested.isDone()) {
          done.complete(journal() > 0);
        }
      });
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> {
            if (!rested.isDone()) {
              mails[0] += SOME;
              churn(test, mails[0]);
            }
            return done.isDone();
          });
      assertThat(done).isCompletedWithValue(true);
      await().atMost(LONG).until(() -> journal() == 0);
      assertThat(test.store().check(_ -> {})).isEmpty();
    }
  }

  /// Octets of the page journal on the disk.
  private long journal() {
    try {
      long octets = 0;
      for (Path file : PageJournal.journals(disk.path("/mail"))) {
        octets += Files.exists(file) ? Files.size(file) : 0;
      }
      return octets;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
