package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.depozit.storage.SimulatedDisk.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A disk that fails, is full, cannot be read or is read-only, under a whole store: callers are
/// told so, nothing that was answered is lost, what can be read is read, and the store goes on by
/// itself when the cause has gone.
final class StoreFaultTests {
  private static final SimulatedDisk.Witness NOBODY = (_, _, _, _) -> {};

  private final SimulatedDisk disk = new SimulatedDisk();
  private TestStore test = open(disk);

  private static TestStore open(SimulatedDisk disk) {
    return new TestStore(new StoreSettings(disk.path("/mail"), LogSample.limits(1 << 16), false));
  }

  @AfterEach
  void close() {
    disk.watch(NOBODY);
    test.close();
  }

  private long append(String text) {
    return test.append(test.inbox("ana"), text).uid();
  }

  private void assertRefused(String text) {
    assertThatThrownBy(() -> append(text))
        .isInstanceOfSatisfying(
            Refused.class, e -> assertThat(e.reason()).isEqualTo(Refused.Reason.UNAVAILABLE));
  }

  private void fail(Operation operation, Predicate<String> files) {
    disk.watch((done, file, _, _) -> {
      if (done == operation && files.test(file)) {
        throw new IOException("Input/output error");
      }
    });
  }

  private static boolean segment(String file) {
    return file.endsWith(".seg");
  }

  private void assertGoesOn(String text, long uid) {
    await().atMost(10, TimeUnit.SECONDS).ignoreExceptions().until(() -> append(text) >= uid);
  }

  /// All that is there is there after the power goes at this moment, and everything fits.
  private void assertHolds(Set<String> texts) {
    assertThat(test.store().check(_ -> {})).isEmpty();
    try (TestStore after = open(disk.cut(7))) {
      Mailbox inbox = after.inbox("ana");
      View view = inbox.view();
      for (int position = 0; position < view.count(); position++) {
        assertThat(TestStore.text(inbox, view.uid(position)).orElseThrow()).isIn(texts);
      }
      assertThat(view.count()).isEqualTo(texts.size());
      assertThat(after.store().check(_ -> {})).isEmpty();
    }
  }

  @Test
  void aForceThatFailsOnceRefusesItsCallersAndNobodyElse() {
    append("one");
    int[] left = {1};
    disk.watch((operation, file, _, _) -> {
      if (operation == Operation.FORCE && segment(file) && left[0]-- > 0) {
        throw new IOException("Input/output error");
      }
    });
    assertRefused("two");
    long uid = append("three");
    assertThat(test.inbox("ana").view().count()).isEqualTo(2);
    assertThat(TestStore.text(test.inbox("ana"), uid)).contains("three");
    assertHolds(Set.of("one", "three"));
  }

  @Test
  void flagsThatWereToldAreWrittenAgainWhenTheirForceFails() {
    long uid = append("one");
    Mailbox inbox = test.inbox("ana");
    fail(Operation.FORCE, StoreFaultTests::segment);
    inbox.store(UidSet.of(uid), new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty());
    assertThatThrownBy(() -> inbox.awaitForced(inbox.view())).isInstanceOf(Refused.class);
    assertRefused("two");
    disk.watch(NOBODY);
    assertGoesOn("three", 2);
    inbox.awaitForced(inbox.view());
    try (TestStore after = open(disk.cut(7))) {
      View view = after.inbox("ana").view();
      assertThat(view.count()).isEqualTo(2);
      assertThat(view.unseen()).isEqualTo(1);
    }
  }

  @Test
  void aDiskThatFailsForAWhileIsReadMeanwhileAndWrittenAfterwards() {
    long uid = append("one");
    fail(Operation.FORCE, file -> true);
    assertRefused("two");
    assertRefused("three");
    assertThat(TestStore.text(test.inbox("ana"), uid)).contains("one");
    disk.watch(NOBODY);
    assertGoesOn("four", 2);
    assertHolds(Set.of("one", "four"));
  }

  @Test
  void aFullDiskTakesFlagsAndIsWrittenAgainWhenThereIsRoom() {
    append("one");
    disk.free(0);
    String big = "x".repeat(40_000);
    Set<String> kept = new java.util.HashSet<>(Set.of("one"));
    for (int i = 0; i < 4; i++) {
      try {
        append(i + big);
        kept.add(i + big);
      } catch (Refused e) {
        assertThat(e.reason()).isEqualTo(Refused.Reason.UNAVAILABLE);
      }
    }
    assertThat(kept).hasSizeLessThan(4);
    assertThat(test.inbox("ana").view().count()).isEqualTo(kept.size());
    // A mail that is too big for the heap.
    assertRefused("y".repeat(70_000));
    disk.free(1L << 30);
    assertGoesOn("last", 2);
    kept.add("last");
    assertHolds(kept);
  }

  @Test
  void aDatabaseFileThatCannotBeForcedHoldsUpNobody() {
    fail(Operation.FORCE, file -> file.startsWith("depozit.mv.db"));
    append("one");
    awaitFailures();
    append("two");
    disk.watch(NOBODY);
    append("three");
    test.reopen();
    assertHolds(Set.of("one", "two", "three"));
  }

  /// Until a checkpoint was tried.
  private void awaitFailures() {
    int[] tried = {0};
    disk.watch((operation, file, _, _) -> {
      if (operation == Operation.FORCE && file.startsWith("depozit.mv.db")) {
        tried[0]++;
        throw new IOException("Input/output error");
      }
    });
    await().atMost(20, TimeUnit.SECONDS).until(() -> tried[0] >= 2);
  }

  @Test
  void aBodyThatCannotBeReadFailsAloneAndIsReadLater() {
    long uid = append("one");
    fail(Operation.READ, StoreFaultTests::segment);
    assertThatThrownBy(() -> TestStore.text(test.inbox("ana"), uid))
        .isInstanceOf(RuntimeException.class);
    append("two");
    disk.watch(NOBODY);
    assertThat(TestStore.text(test.inbox("ana"), uid)).contains("one");
    assertHolds(Set.of("one", "two"));
  }

  @Test
  void aDatabaseThatCannotBeReadFailsItsAskersAndNobodyLater() {
    append("one");
    test.reopen();
    fail(Operation.READ, file -> file.startsWith("depozit.mv.db"));
    for (int i = 0; i < 5; i++) {
      try {
        test.account("ana").mailboxes();
        append("refused or not");
      } catch (Refused e) {
        assertThat(e.reason()).isEqualTo(Refused.Reason.UNAVAILABLE);
      }
    }
    disk.watch(NOBODY);
    assertGoesOn("two", 2);
    assertThat(test.store().check(_ -> {})).isEmpty();
  }

  /// H2 fails in the middle of anything when a page that it needs cannot be read.
  @Test
  void aDatabaseThatCannotBeReadNowAndThenLosesNothing() {
    Random random = new Random(7);
    Set<String> kept = new HashSet<>(Set.of("zero"));
    append("zero");
    for (int round = 0; round < 20; round++) {
      test.reopen();
      disk.watch((operation, file, _, _) -> {
        if (operation == Operation.READ
            && file.startsWith("depozit.mv.db")
            && random.nextInt(4) == 0) {
          throw new IOException("Input/output error");
        }
      });
      for (int i = 0; i < 10; i++) {
        String text = round + "." + i + "x".repeat(2_000);
        try {
          append(text);
          kept.add(text);
        } catch (Refused e) {
          assertThat(e.reason()).isEqualTo(Refused.Reason.UNAVAILABLE);
        }
      }
      disk.watch(NOBODY);
      String after = "after " + round;
      append(after);
      kept.add(after);
    }
    assertHolds(kept);
  }

  /// What H2 does when it finds itself broken: it closes its database under everybody.
  @Test
  void aDatabaseThatGivesUpIsToldClearlyAndLosesNothing() throws SQLException {
    long uid = append("one");
    Mailbox inbox = test.inbox("ana");
    try (Connection beside = test.store().db().open();
        Statement statement = beside.createStatement()) {
      statement.execute("SHUTDOWN IMMEDIATELY");
    }
    for (int i = 0; i < 3; i++) {
      TestStore.assertRefused(Refused.Reason.UNAVAILABLE, () -> test.append(inbox, "two"));
      TestStore.assertRefused(Refused.Reason.UNAVAILABLE, () -> test.account("ana"));
    }
    assertThatThrownBy(() -> test.append(inbox, "two"))
        .hasMessageContaining("cannot write until it is opened again");
    assertThat(inbox.view().count()).isEqualTo(1);
    assertThatThrownBy(() -> test.close()).isInstanceOf(Refused.class);
    test = open(disk);
    assertThat(TestStore.text(test.inbox("ana"), uid)).contains("one");
    append("three");
    assertHolds(Set.of("one", "three"));
  }

  @Test
  void aDirectoryThatCannotBeWrittenRefusesAndGoesOnWhenItCan() throws IOException {
    append("one");
    Path log = disk.path("/mail/log");
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("r-x------"));
    String big = "x".repeat(40_000);
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> {
          try {
            append(big);
            return false;
          } catch (Refused e) {
            return true;
          }
        });
    int kept = test.inbox("ana").view().count();
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rwx------"));
    assertGoesOn("last", kept + 1);
    assertThat(test.store().check(_ -> {})).isEmpty();
  }

  @Test
  void aSecondStoreOnTheDirectoryIsRefusedAndDisturbsNobody() {
    append("one");
    assertThatThrownBy(() -> open(disk))
        .isInstanceOfSatisfying(
            Refused.class, e -> assertThat(e.reason()).isEqualTo(Refused.Reason.IN_USE));
    append("two");
    assertHolds(Set.of("one", "two"));
  }
}
