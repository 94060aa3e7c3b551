package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When pending rows get their turn on the writer's thread.
final class PendingRowsTests {
  private static final StoreLimits.Bulk SOON = new StoreLimits.Bulk(5, 1 << 30, 1, 20, 5_000, 5);

  /// A copy waits until the rows of the one before are there.
  private static final StoreLimits.Bulk LITTLE_ROOM =
      new StoreLimits.Bulk(5, 10, 1 << 30, 1 << 30, 0, 5);

  private static final StoreLimits.Bulk SOME_ROOM =
      new StoreLimits.Bulk(5, 50, 1 << 30, 1 << 30, 0, 5);

  private static final int MANY = 40;

  @TempDir private Path directory;

  private TestStore open(StoreLimits.Bulk bulk) {
    return new TestStore(
        new StoreSettings(directory.resolve("s"), StoreLimits.DEFAULTS.with(bulk), false));
  }

  private static Mailbox filled(TestStore test) {
    Mailbox inbox = test.inbox("ana");
    for (int i = 1; i <= MANY; i++) {
      test.append(inbox, TestStore.mail("A <a@example.org>", "subject " + i));
    }
    return inbox;
  }

  private static void flag(Mailbox mailbox, UidSet uids, Flag flag) {
    mailbox.store(uids, new FlagChange.Add(Set.of(flag)), OptionalLong.empty());
  }

  private static void unflag(Mailbox mailbox, UidSet uids, Flag flag) {
    mailbox.store(uids, new FlagChange.Remove(Set.of(flag)), OptionalLong.empty());
  }

  private static long number(TestStore test, String sql) {
    return test.store().db().read(connection -> Db.number(connection, sql)).orElseThrow();
  }

  private static long rows(TestStore test) {
    return number(test, "SELECT COUNT(*) FROM mailbox_message");
  }

  private static Commits commits(TestStore test) throws ReflectiveOperationException {
    Field workings = SqlStore.class.getDeclaredField("workings");
    workings.setAccessible(true);
    return ((Workings) workings.get(test.store())).commits();
  }

  @Test
  void theyComeWhileSomebodyChangesFlagsAllTheTime() {
    try (TestStore test = open(SOON)) {
      Mailbox inbox = filled(test);
      AtomicBoolean enough = new AtomicBoolean();
      CompletableFuture<Void> restless =
          CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
              flag(inbox, UidSet.of(1), Flag.SEEN);
              unflag(inbox, UidSet.of(1), Flag.SEEN);
            }
          });
      for (int round = 0; round < 5; round++) {
        inbox.copy(UidSet.range(2, MANY), test.mailbox("ana", "Archive"));
      }
      Awaitility.await().until(() -> rows(test) == MANY + 5L * (MANY - 1));
      assertThat(restless).isNotDone();
      enough.set(true);
      restless.join();
    }
  }

  @Test
  void copiesAndRemovalsOfAFewDozenAreToldBeforeTheirRowsAreThere() {
    StoreLimits.Bulk usual = StoreLimits.Bulk.DEFAULTS;
    StoreLimits.Bulk never =
        new StoreLimits.Bulk(usual.sliceRows(), 1 << 30, 1 << 30, 1 << 30, 0, usual.rowsAtOnce());
    try (TestStore test = open(never)) {
      Mailbox inbox = filled(test);
      Mailbox archive = test.mailbox("ana", "Archive");
      inbox.copy(UidSet.range(1, 3), archive);
      assertThat(rows(test)).isEqualTo(MANY + 3);
      inbox.copy(UidSet.ALL, archive);
      flag(inbox, UidSet.ALL, Flag.DELETED);
      inbox.expunge(UidSet.ALL);
      assertThat(rows(test)).isEqualTo(MANY + 3);
      assertThat(inbox.view().count()).isZero();
      long[] uids = new long[MANY + 3];
      Arrays.setAll(uids, archive.view()::uid);
      assertThat(archive.fetch(uids, Set.of(Column.ENVELOPE))).hasSize(MANY + 3);
    }
  }

  @Test
  void rowsOfAMailboxThatHasGoneTakeNoRoom() throws Exception {
    try (TestStore test = open(SOME_ROOM)) {
      Mailbox inbox = filled(test);
      Commits commits = commits(test);
      for (int round = 0; round < 6; round++) {
        test.account("ana").create(MailboxName.of("Gone"), Optional.empty());
        Mailbox gone = test.mailbox("ana", "Gone");
        inbox.copy(UidSet.ALL, gone);
        flag(gone, UidSet.ALL, Flag.DELETED);
        commits.awaitRows();
        gone.expunge(UidSet.ALL);
        test.account("ana").delete(MailboxName.of("Gone"));
        commits.awaitRows();
      }
      CompletableFuture<Void> room = CompletableFuture.runAsync(commits::awaitRoom);
      Awaitility.await().until(room::isDone);
    }
  }

  @Test
  void aCopyWaitsUntilThereIsRoomForIt() {
    try (TestStore test = open(LITTLE_ROOM)) {
      Mailbox inbox = filled(test);
      for (int round = 0; round < 6; round++) {
        long before = rows(test);
        inbox.copy(UidSet.range(1, MANY), test.mailbox("ana", "Archive"));
        assertThat(rows(test)).as("copy %s", round).isGreaterThanOrEqualTo(before);
      }
      assertThat(rows(test)).isGreaterThanOrEqualTo(5L * MANY - 20);
    }
  }

  @Test
  void changesOfManyFlagsWaitUntilTheLogTellsNotTooMany() {
    StoreLimits.Bulk room = new StoreLimits.Bulk(5, 1_100, 1 << 30, 1 << 30, 0, 5);
    String flagged = "SELECT COUNT(*) FROM mailbox_message WHERE flags <> 0";
    try (TestStore test = open(room)) {
      Mailbox inbox = filled(test);
      flag(inbox, UidSet.ALL, Flag.FLAGGED);
      for (long told = MANY; told <= room.flagsTold(); told += 2 * MANY) {
        flag(inbox, UidSet.ALL, Flag.SEEN);
        unflag(inbox, UidSet.ALL, Flag.SEEN);
      }
      assertThat(number(test, flagged)).isZero();
      flag(inbox, UidSet.ALL, Flag.SEEN);
      assertThat(number(test, flagged)).isEqualTo(MANY);
    }
  }

  @Test
  void aCopyOfFewDoesNotWaitForRowsOfOthers() {
    StoreLimits.Bulk never = new StoreLimits.Bulk(5, 100, 1 << 30, 1 << 30, 0, 5);
    try (TestStore test = open(never)) {
      Mailbox inbox = filled(test);
      Mailbox other = test.inbox("bob");
      test.append(other, TestStore.mail("A <a@example.org>", "alone"));
      inbox.copy(UidSet.ALL, test.mailbox("ana", "Archive"));
      other.copy(UidSet.ALL, test.mailbox("bob", "Archive"));
      assertThat(rows(test)).as("those of the first copy are pending").isEqualTo(MANY + 2);
    }
  }

  @Test
  void flagsThatChangeAgainAndAgainArePendingOnce() throws Exception {
    try (TestStore test = open(LITTLE_ROOM);
        Db db = test.store().db();
        Connection connection = db.open()) {
      MessageRows messages = new MessageRows(db.dialect(), new Statements(connection));
      FlagRows rows = new FlagRows(new OpenMailbox(1), messages);
      long[] all = LongStream.rangeClosed(1, 10_000).filter(uid -> uid % 10 != 0).toArray();
      for (int round = 0; round < 100; round++) {
        rows.add(all);
        rows.add(new long[] {7});
      }
      assertThat(rows.rows()).isBetween(9_000L, 19_000L);
    }
  }
}
