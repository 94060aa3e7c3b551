package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Space is given back while serving, and the log alone still tells everything.
final class SpaceTests {
  private static final StoreLimits LIMITS =
      LogSample.limits(256 << 10, new SpaceLimits(20, 10, 100, 30))
          .with(new StoreLimits.Bulk(8, 1_000_000, 5, 10_000, 5_000, 8));

  /// Rows come when somebody waits for them.
  private static final StoreLimits BEHIND =
      LIMITS.with(new StoreLimits.Bulk(8, 1 << 30, 1 << 30, 1 << 30, 5_000, 2));

  private static final FlagChange FLAGGED = new FlagChange.Add(Set.of(Flag.FLAGGED));
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private TestStore open() {
    return new TestStore(new StoreSettings(directory, LIMITS, false));
  }

  private List<String> names(String kind) {
    try (Stream<Path> files = Files.list(directory.resolve("log"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(kind))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private long octets(String kind) {
    try (Stream<Path> files = Files.list(directory.resolve("log"))) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(kind))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void delete(Mailbox mailbox, UidSet uids) {
    mailbox.store(uids, new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
    mailbox.expunge(uids);
  }

  private static String mail(int number, int size) {
    return TestStore.mail("a@b.c", "mail " + number) + "z".repeat(size) + number + "\r\n";
  }

  @Test
  void segmentsGoWhenTheirMailIsGoneAndTheRestIsReadable() {
    try (TestStore store = open()) {
      Mailbox inbox = store.inbox("ana");
      for (int i = 1; i <= 300; i++) {
        store.append(inbox, mail(i, 8_000));
      }
      long before = octets(".seg");
      List<String> names = names(".seg");
      UidSet.Builder second = new UidSet.Builder();
      for (int uid = 1; uid <= 300; uid += 2) {
        second.add(uid, uid);
      }
      delete(inbox, second.build());
      await().atMost(LONG).until(() -> octets(".seg") < before * 0.7);
      await().atMost(LONG).until(() -> !names(".seg").contains(names.getFirst()));
      for (int uid = 2; uid <= 300; uid += 2) {
        assertThat(TestStore.text(inbox, uid)).hasValue(mail(uid, 8_000));
      }
      store.reopen();
      assertThat(TestStore.text(store.inbox("ana"), 300)).hasValue(mail(300, 8_000));
    }
  }

  @Test
  void bigBodiesGoWhileServingAndAReaderReadsToTheEnd() {
    try (TestStore store = open()) {
      Mailbox inbox = store.inbox("ana");
      store.append(inbox, mail(1, 200_000));
      store.append(inbox, mail(2, 200_000));
      inbox.copy(UidSet.of(2), store.mailbox("ana", "Archive"));
      Content content = inbox.content(1).orElseThrow();
      delete(inbox, UidSet.ALL);
      await().atMost(LONG).until(() -> names(".body").size() == 1);
      assertThat(TestStore.text(content)).isEqualTo(mail(1, 200_000));
      assertThat(TestStore.text(store.mailbox("ana", "Archive"), 1)).hasValue(mail(2, 200_000));
      delete(store.mailbox("ana", "Archive"), UidSet.ALL);
      await().atMost(LONG).until(() -> names(".body").isEmpty());
    }
  }

  /// A restored mailbox has come further than its UIDs tell, and nothing else of the segment that
  /// says so holds any more.
  @Test
  void aMailboxWhoseMailIsGoneKeepsItsNumbersWhenTheSegmentsThatToldThemAreGone(
      @TempDir Path elsewhere) throws IOException {
    try (TestStore store = open()) {
      fill(store, "ana", 50_000);
      store.store().backup(elsewhere.resolve("ana"), Optional.of("ana"), _ -> {});
      store.store().restore(elsewhere.resolve("ana"), "ana", "maria", _ -> {});
      Mailbox inbox = store.inbox("maria");
      long jumped = inbox.view().uidNext();
      assertThat(jumped).isEqualTo(101 + Backup.JUMP);
      fill(store, "bob", 8_000);
      fill(store, "eva", 8_000);
      List<Long> telling = telling(new Change.MailboxReached((int) inbox.id(), jumped, 0));
      assertThat(telling).hasSize(1);
      // All of the restore's last page; the mailbox's own making stands with the first.
      delete(inbox, UidSet.range(81, 100));
      delete(store.inbox("bob"), UidSet.ALL);
      String told = "%016x.seg".formatted(telling.getFirst());
      await().atMost(LONG).until(() -> !names(".seg").contains(told));
    }
    assertRebuiltTheSame();
  }

  /// The segments that say by itself how far a mailbox has come.
  private List<Long> telling(Change.MailboxReached reached) throws IOException {
    LogFiles files = new LogFiles(directory.resolve("log"));
    List<Long> telling = new ArrayList<>();
    for (long segment : files.segments()) {
      SegmentScan.read(
          files,
          segment,
          0,
          new SegmentScan.Taker() {
            @Override
            public void group(Group.Read group, long offset) throws IOException {
              if (group.changes().stream().anyMatch(change -> says(change, reached))) {
                telling.add(segment);
              }
            }

            @Override
            public void damaged(long from, long to) {}
          });
    }
    return telling;
  }

  private static boolean says(Change change, Change.MailboxReached reached) {
    return switch (change) {
      case Change.Together(List<Change> all) -> all.stream().anyMatch(each -> says(each, reached));
      case Change.MailboxReached(int mailbox, long uidNext, long _) ->
          mailbox == reached.mailbox() && uidNext == reached.uidNext();
      default -> false;
    };
  }

  private static void fill(TestStore store, String account, int size) {
    for (int i = 1; i <= 100; i++) {
      store.append(store.inbox(account), mail(i, size));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theLogTellsEverythingHoweverMuchOfItIsGone(int seed) throws IOException {
    List<String> first = new ArrayList<>();
    try (TestStore store = open()) {
      RandomWork work = new RandomWork(store, seed);
      for (int round = 0; round < 6; round++) {
        work.run(150);
        store.reopen();
        first.addAll(names(".seg"));
      }
      await().atMost(LONG).until(() -> !names(".seg").containsAll(first));
    }
    assertRebuiltTheSame();
  }

  /// How mail comes from one mailbox into another.
  enum Passing {
    COPY,
    MOVE;

    private void pass(Mailbox from, Mailbox to) {
      if (this == COPY) {
        from.copy(UidSet.ALL, to);
      } else {
        from.move(UidSet.ALL, to);
      }
    }
  }

  /// The record of copies names originals only; here these are copies too, told by a record that
  /// goes. Of mail that was moved on nothing is left of what the first record made.
  @ParameterizedTest
  @EnumSource
  void mailThatWasPassedTwiceIsThereWhenTheLogNoLongerTellsOfTheFirstTime(Passing passing)
      throws IOException {
    try (TestStore store = open()) {
      Mailbox inbox = store.inbox("ana");
      for (int i = 1; i <= 20; i++) {
        store.append(inbox, mail(i, 100));
      }
      fill(store, "eva", 8_000);
      fill(store, "bob", 8_000);
      Mailbox archive = store.mailbox("ana", "Archive");
      passing.pass(inbox, archive);
      String telling = names(".seg").getLast();
      fill(store, "bob", 8_000);
      fill(store, "eva", 8_000);
      store.account("ana").create(MailboxName.of("Second"), Optional.empty());
      passing.pass(archive, store.mailbox("ana", "Second"));
      fill(store, "eva", 8_000);
      delete(store.inbox("bob"), UidSet.ALL);
      await().atMost(LONG).until(() -> !names(".seg").contains(telling));
    }
    assertRebuiltTheSame();
  }

  /// And on again, and the mailbox of the first move is gone with all that its rows told.
  @Test
  void mailThatWasMovedOnFromAMailboxThatIsGoneIsThereToo() throws IOException {
    try (TestStore store = open()) {
      Account ana = store.account("ana");
      List<Mailbox> boxes = new ArrayList<>(List.of(store.inbox("ana")));
      for (String name : List.of("First", "Second", "Third")) {
        ana.create(MailboxName.of(name), Optional.empty());
        boxes.add(store.mailbox("ana", name));
      }
      for (int i = 1; i <= 20; i++) {
        store.append(boxes.getFirst(), mail(i, 100));
      }
      fill(store, "eva", 8_000);
      String telling = "";
      for (int move = 1; move < boxes.size(); move++) {
        fill(store, "bob", 8_000);
        boxes.get(move - 1).move(UidSet.ALL, boxes.get(move));
        telling = telling.isEmpty() ? names(".seg").getLast() : telling;
      }
      ana.delete(MailboxName.of("First"));
      fill(store, "eva", 8_000);
      delete(store.inbox("bob"), UidSet.ALL);
      String gone = telling;
      await().atMost(LONG).until(() -> !names(".seg").contains(gone));
    }
    assertRebuiltTheSame();
  }

  /// Has the first segment given back, which is carried before the rows that are behind have come.
  private void giveBackWhileRowsAreBehind(TestStore store, Path elsewhere) {
    CompletableFuture<Boolean> carried = new CompletableFuture<>();
    CrashPoint.watch(point -> {
      if (point == CrashPoint.AFTER_CARRYING) {
        carried.complete(true);
      }
    });
    try {
      // Few at a time: the rows of these do not wait.
      for (int uid = 1; uid <= 100; uid++) {
        delete(store.inbox("bob"), UidSet.of(uid));
      }
      await().atMost(LONG).until(carried::isDone);
      String first = names(".seg").getFirst();
      // It has the rows written that are behind.
      store.store().backup(elsewhere.resolve("ana"), Optional.of("ana"), _ -> {});
      await().atMost(LONG).until(() -> !names(".seg").contains(first));
    } finally {
      CrashPoint.watchNoMore();
    }
  }

  /// Flags, removals and copies that were told while their rows have not come are not told again as
  /// the rows say, when what is in the same segment goes on.
  @Test
  void rowsThatAreBehindAreCarriedAsTheyWereTold(@TempDir Path elsewhere) throws IOException {
    try (TestStore store = new TestStore(new StoreSettings(directory, BEHIND, false))) {
      Mailbox inbox = store.inbox("ana");
      for (int i = 1; i <= 40; i++) {
        store.append(inbox, mail(i, 100));
      }
      fill(store, "bob", 8_000);
      store.account("ana").create(MailboxName.of("Second"), Optional.empty());
      Mailbox archive = store.mailbox("ana", "Archive");
      inbox.copy(UidSet.range(1, 20), archive);
      archive.copy(UidSet.range(1, 10), store.mailbox("ana", "Second"));
      inbox.store(UidSet.range(5, 30), FLAGGED, OptionalLong.empty());
      archive.store(UidSet.range(2, 9), FLAGGED, OptionalLong.empty());
      delete(inbox, UidSet.range(8, 12));
      delete(archive, UidSet.range(3, 4));
      fill(store, "eva", 8_000);
      giveBackWhileRowsAreBehind(store, elsewhere);
    }
    assertRebuiltTheSame();
  }

  /// What readers see of it then: rows in a mailbox that is gone, and nothing of where they went.
  @Test
  void mailThatWasMovedOnFromAMailboxThatIsGoneIsThereBeforeItsRowsHaveCome(@TempDir Path elsewhere)
      throws IOException {
    try (TestStore store = new TestStore(new StoreSettings(directory, BEHIND, false))) {
      Mailbox inbox = store.inbox("ana");
      Account ana = store.account("ana");
      ana.create(MailboxName.of("First"), Optional.empty());
      ana.create(MailboxName.of("Second"), Optional.empty());
      for (int i = 1; i <= 10; i++) {
        store.append(inbox, mail(i, 100));
      }
      fill(store, "bob", 8_000);
      inbox.move(UidSet.ALL, store.mailbox("ana", "First"));
      store.store().workings().commits().awaitRows();
      fill(store, "eva", 8_000);
      store.mailbox("ana", "First").move(UidSet.ALL, store.mailbox("ana", "Second"));
      ana.delete(MailboxName.of("First"));
      giveBackWhileRowsAreBehind(store, elsewhere);
    }
    assertRebuiltTheSame();
  }

  /// A segment may tell of millions of flags, each of which is asked for.
  @Test
  void aSurveyIsStoppedWhenTheStoreIsClosed() throws IOException {
    try (TestStore store = open()) {
      fill(store, "ana", 2_000);
      fill(store, "ana", 2_000);
      LogFiles files = new LogFiles(directory.resolve("log"));
      long segment = files.segments().getFirst();
      Db db = store.store().db();
      int[] asked = {0};
      assertThat(Survey.of(db, files, segment, true, () -> ++asked[0] > 1)).isEmpty();
      assertThat(asked[0]).isEqualTo(2);
      assertThat(Survey.of(db, files, segment, true, () -> false)).isPresent();
    }
  }

  private void assertRebuiltTheSame() throws IOException {
    List<String> right = StoreTables.told(directory);
    Files.move(directory.resolve("depozit.mv.db"), directory.resolve("right.mv.db"));
    List<Rebuild.Loss> losses = new ArrayList<>();
    Rebuild.run(directory, LIMITS, losses::add);
    assertThat(losses).isEmpty();
    assertThat(StoreTables.told(directory)).isEqualTo(right);
  }
}
