package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is carried forward with a message.
final class StillTrueTests {
  /// Every copy is many.
  private static final StoreLimits LIMITS =
      LogSample.limits(1 << 20).with(new StoreLimits.Bulk(100, 1_000_000, 5, 10_000, 5_000, 0));

  /// Rows come when somebody waits for them.
  private static final StoreLimits BEHIND =
      LIMITS.with(new StoreLimits.Bulk(100, 1 << 30, 1 << 30, 1 << 30, 5_000, 2));

  @TempDir private Path directory;

  /// What a reader says of a change.
  private record Doubt(boolean mayBe, Map<Integer, UidSet> gone) {}

  private TestStore open(StoreLimits limits) {
    return new TestStore(new StoreSettings(directory, limits, false));
  }

  /// All that a store's first segment has told again.
  private List<Change> told(TestStore test) throws IOException {
    LogFiles files = new LogFiles(directory.resolve("log"));
    long segment = files.segments().getFirst();
    List<Change> facts = new ArrayList<>();
    new SegmentFacts(files, segment).read(slice -> slice.forEach(fact -> facts.add(fact.change())));
    return test.store()
        .db()
        .read(connection -> {
          StillTrue still = new StillTrue(connection, Published.ROWS, segment, true);
          List<Change> all = new ArrayList<>();
          for (Change fact : facts) {
            all.addAll(still.told(fact));
          }
          return all;
        });
  }

  private static List<Change.MessageFiled> filed(List<Change> told) {
    return told.stream()
        .filter(Change.MessageFiled.class::isInstance)
        .map(Change.MessageFiled.class::cast)
        .toList();
  }

  @Test
  void theCopiesOfAMessageAreToldOnceAndNotWithEachOfThem() throws IOException {
    try (TestStore test = open(StoreLimits.DEFAULTS)) {
      Mailbox inbox = test.inbox("ana");
      Mailbox archive = test.mailbox("ana", "Archive");
      test.append(inbox, TestStore.mail("a@b.c", "one"));
      for (int copy = 0; copy < 50; copy++) {
        inbox.copy(UidSet.ALL, archive);
      }
      assertThat(filed(told(test))).hasSizeLessThanOrEqualTo(2 * 51);
    }
  }

  @Test
  void whoHasHadTheSameDeliveryIsNotToldOfWithOthersCopies() throws IOException {
    try (TestStore test = open(LIMITS)) {
      Account ana = test.account("ana");
      test.deliver(TestStore.mail("a@b.c", "one"), "", ana, test.account("eva"));
      Mailbox inbox = test.inbox("ana");
      inbox.copy(UidSet.ALL, test.mailbox("ana", "Archive"));
      // Has the rows written.
      test.reopen();
      List<Change.MessageFiled> filed = filed(told(test));
      assertThat(filed.stream().filter(each -> each.mailbox() == test.inbox("eva").id()))
          .hasSize(1);
      assertThat(
              filed.stream().filter(each -> each.mailbox() == test.mailbox("ana", "Archive").id()))
          .isNotEmpty();
    }
  }

  /// Whoever knows rows only sees mail that was moved on from a mailbox that is gone as rows of
  /// that mailbox, and once the rows of the move have come as copies that are gone.
  @Test
  void mailThatWasMovedOnIsSeenBeforeItsRowsHaveComeAndAfter() {
    try (TestStore test = open(BEHIND)) {
      Account ana = test.account("ana");
      ana.create(MailboxName.of("First"), Optional.empty());
      ana.create(MailboxName.of("Second"), Optional.empty());
      Mailbox inbox = test.inbox("ana");
      for (int i = 1; i <= 10; i++) {
        test.append(inbox, TestStore.mail("a@b.c", "mail " + i));
      }
      Mailbox first = test.mailbox("ana", "First");
      inbox.move(UidSet.ALL, first);
      Commits commits = test.store().workings().commits();
      commits.awaitRows();
      first.move(UidSet.ALL, test.mailbox("ana", "Second"));
      ana.delete(MailboxName.of("First"));
      Change.Copied copied =
          new Change.Copied(
              (int) inbox.id(), UidSet.range(1, 10), (int) first.id(), 1, 0, 0, new long[10]);
      Doubt before = doubt(test, copied);
      assertThat(before).isEqualTo(new Doubt(true, Map.of()));
      commits.awaitRows();
      Doubt after = doubt(test, copied);
      assertThat(after).isEqualTo(new Doubt(false, Map.of((int) first.id(), UidSet.range(1, 10))));
    }
  }

  private static Doubt doubt(TestStore test, Change change) {
    return test.store()
        .db()
        .read(connection -> {
          StillTrue still = new StillTrue(connection, Published.ROWS, 1, false);
          return new Doubt(still.mayBe(change), still.gone());
        });
  }

  /// Its last view stays for who looks at it.
  @Test
  void flagsOfAMailboxThatIsGoneAreNotToldAgainThoughSomebodyHoldsIt() {
    try (TestStore test = open(LIMITS)) {
      test.account("ana").create(MailboxName.of("Work"), Optional.empty());
      Mailbox work = test.mailbox("ana", "Work");
      test.append(work, TestStore.mail("a@b.c", "one"));
      work.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty());
      View held = work.view();
      Change.FlagsSet set =
          new Change.FlagsSet(
              (int) work.id(),
              held.modSeq(0),
              new long[] {held.uid(0)},
              new long[] {held.flagBits(0)});
      assertThat(now(test, set)).isPresent();
      test.account("ana").delete(MailboxName.of("Work"));
      assertThat(now(test, set)).isEmpty();
      assertThat(work.view().count()).isEqualTo(1);
    }
  }

  private static Optional<Change> now(TestStore test, Change change) {
    return test.store()
        .workings()
        .commits()
        .submit(ledger ->
            Outcome.nothing(
                ledger.ask(connection -> new StillTrue(connection, ledger, 1, true).now(change))));
  }
}
