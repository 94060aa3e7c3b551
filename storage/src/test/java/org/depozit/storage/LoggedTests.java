package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The one writer over a real log and a real database.
final class LoggedTests {
  private static final StoreLimits LIMITS = LogSample.limits(1 << 20);

  @TempDir private Path directory;

  /// A store's writer, as [SqlStore#open] puts it together.
  private record Parts(PageJournal pages, Db db, Rows rows, Log log, Bodies bodies, Logged commits)
      implements AutoCloseable {
    static Parts open(Path directory) throws IOException {
      Files.createDirectories(directory);
      PageJournal pages = Schema.open(directory, LIMITS);
      Dialect dialect = new H2Dialect(pages);
      Db db = new Db(dialect, dialect.url(), 2);
      Rows rows = new Rows(db);
      LogFiles files = new LogFiles(directory.resolve("log"));
      FlatSaves saves = new FlatSaves(directory, LIMITS);
      States states = new States(db, saves, LIMITS);
      Log log = recovered(files, pages, db, rows, states);
      Ledger ledger = new Ledger(rows, states, new Dictionaries(db), new Doorbell(), log.group());
      rows.live(ledger::changed);
      Logged commits = new Logged(log, rows, ledger, LIMITS, false);
      return new Parts(pages, db, rows, log, new Bodies(files, LIMITS), commits);
    }

    private static Log recovered(LogFiles files, PageJournal pages, Db db, Rows rows, States states)
        throws IOException {
      try {
        return Recovery.recover(files, LIMITS, rows, states);
      } catch (Refused refused) {
        db.close();
        rows.close();
        pages.close();
        throw refused;
      }
    }

    HeapOrFileSpool spool(byte[] octets) {
      try {
        HeapOrFileSpool spool = new HeapOrFileSpool(log.files(), LIMITS);
        spool.write(octets);
        spool.seal();
        return spool;
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    /// Keeps a message that no mailbox has.
    Change.MessageStored store(byte[] octets) {
      try (HeapOrFileSpool spool = spool(octets)) {
        return commits.submit(ledger -> {
          Change.MessageStored stored = stored(ledger, spool);
          return Outcome.forced(stored, stored);
        });
      }
    }

    static Change.MessageStored stored(Ledger ledger, HeapOrFileSpool spool) {
      return new Change.MessageStored(
          ledger.numbers().nextMessage(), ledger.keep(spool), spool.sha256(), new byte[0], "", "");
    }

    byte[] octets(Change.BodyPlace place) {
      try (Content content = bodies.content(place, new byte[0])) {
        return content.bytes();
      }
    }

    @Override
    public void close() {
      commits.close();
      bodies.close();
      db.close();
      rows.close();
      try {
        pages.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static byte[] body(Random random) {
    byte[] body = new byte[random.nextInt(random.nextInt(20) == 0 ? 100_000 : 3_000)];
    random.nextBytes(body);
    return org.depozit.mime.Crlf.of(body);
  }

  @Test
  void whatSixteenThreadsWereToldIsThereWhenTheStoreIsOpenedAgain() throws Exception {
    Map<Change.MessageStored, byte[]> told = new ConcurrentHashMap<>();
    try (Parts parts = Parts.open(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 16; thread++) {
        Random random = new Random(thread);
        all.add(
            threads.submit(() -> {
              for (int i = 0; i < 100; i++) {
                byte[] body = body(random);
                told.put(parts.store(body), body);
              }
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
      assertThat(parts.log().forced()).isEqualTo(parts.log().position());
      assertThat(parts.log().position()).as("many changes share a force").isLessThan(1_600);
    }
    assertThat(told.keySet().stream().map(Change.MessageStored::message).distinct()).hasSize(1_600);
    try (Parts parts = Parts.open(directory)) {
      told.forEach((stored, body) -> {
        assertThat(parts.rows().names(stored.place().segment())).isTrue();
        assertThat(parts.octets(stored.place())).isEqualTo(body);
      });
    }
  }

  @Test
  void aProposalThatFailsTakesNothingOfTheOthersWithIt() throws Exception {
    try (Parts parts = Parts.open(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Change.MessageStored>> good = new ArrayList<>();
      List<Future<Integer>> bad = new ArrayList<>();
      byte[] big = new byte[LIMITS.smallBody() + 1];
      for (int i = 0; i < 100; i++) {
        byte[] body = new byte[] {(byte) (i + 20)};
        good.add(threads.submit(() -> parts.store(body)));
        bad.add(threads.submit(() -> failing(parts, body)));
        bad.add(threads.submit(() -> failing(parts, big)));
      }
      for (Future<Integer> each : bad) {
        assertThatThrownBy(each::get).hasRootCauseMessage("changed my mind");
      }
      for (int i = 0; i < 100; i++) {
        assertThat(parts.octets(good.get(i).get().place())).containsExactly(i + 20);
      }
      assertThat(parts.log().files().bodies()).isEmpty();
    }
    List<Change> logged = new ArrayList<>();
    new LogFiles(directory.resolve("log")).checkpoint().toFile().delete();
    LogSample.open(directory.resolve("log"), LIMITS, group -> logged.addAll(group.changes()))
        .close();
    assertThat(logged).hasSize(100);
  }

  private static int failing(Parts parts, byte[] body) {
    try (HeapOrFileSpool spool = parts.spool(body)) {
      return parts
          .commits()
          .submit(ledger -> {
            Parts.stored(ledger, spool);
            throw new IllegalStateException("changed my mind");
          });
    }
  }

  @Test
  void whatIsOnlyLoggedIsOnTheDiskSoonAndWhenSomebodyWaitsForIt() throws IOException {
    try (Parts parts = Parts.open(directory)) {
      for (int i = 0; i < 50; i++) {
        Change change = new Change.Subscribed(1, "name" + i, true);
        parts.commits().submit(_ -> Outcome.logged(change, true));
        long position = parts.log().position();
        if (i % 2 == 0) {
          parts.commits().awaitForced(position);
          assertThat(parts.log().forced()).isGreaterThanOrEqualTo(position);
        } else {
          Awaitility.await()
              .pollDelay(java.time.Duration.ZERO)
              .atMost(java.time.Duration.ofSeconds(5))
              .until(() -> parts.log().forced() >= position);
        }
      }
    }
  }

  /// Going on in another segment forces what was appended, and those who wait for that are told.
  @Test
  void whoWaitsForTheDiskIsToldByTheNextSegmentToo() throws IOException {
    try (Parts parts = Parts.open(directory)) {
      String name = "n".repeat(900);
      CompletableFuture<Void> waiting =
          CompletableFuture.runAsync(() -> {
            while (segments(parts) < 4) {
              Change change = new Change.Subscribed(1, name, true);
              parts.commits().submit(_ -> Outcome.logged(change, true));
              parts.commits().awaitForced(parts.log().position());
            }
          });
      Awaitility.await().atMost(java.time.Duration.ofSeconds(60)).until(waiting::isDone);
      waiting.join();
    }
  }

  private static int segments(Parts parts) {
    try {
      return parts.log().files().segments().size();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void nothingToDoIsAnsweredAndWritesNothing() throws IOException {
    try (Parts parts = Parts.open(directory)) {
      assertThat(parts.commits().<Integer>submit(_ -> Outcome.nothing(7))).isEqualTo(7);
      assertThat(parts.log().position()).isZero();
    }
  }

  @Test
  void aClosedStoreRefusesWritersAndEndsWithACheckpoint() throws IOException {
    Parts parts = Parts.open(directory);
    Change change = new Change.Subscribed(1, "name", true);
    parts.commits().submit(_ -> Outcome.forced(change, true));
    parts.close();
    assertRefused(parts, change);
    Checkpoint checkpoint = Checkpoint.read(new LogFiles(directory.resolve("log"))).orElseThrow();
    assertThat(checkpoint.clean()).isTrue();
    assertThat(checkpoint.sequence()).isEqualTo(1);
  }

  private static void assertRefused(Parts parts, Change change) {
    assertThatThrownBy(() -> parts.commits().submit(_ -> Outcome.forced(change, true)))
        .isInstanceOfSatisfying(
            Refused.class, e -> assertThat(e.reason()).isEqualTo(Refused.Reason.UNAVAILABLE));
  }

  @Test
  void aSegmentThatTakesNoMoreRefusesOnceAndTheLogGoesOnInAnother() throws IOException {
    Change.MessageStored stored;
    Change change = new Change.Subscribed(1, "name", true);
    try (Parts parts = Parts.open(directory)) {
      stored = parts.store(new byte[] {'a', 'b'});
      // The log's file is shut under the writer: every write to it fails from now on.
      parts.log().close();
      assertRefused(parts, change);
      assertThat(parts.octets(stored.place())).containsExactly('a', 'b');
      assertThat(parts.commits().<Integer>submit(_ -> Outcome.forced(change, 5))).isEqualTo(5);
    }
    try (Parts parts = Parts.open(directory)) {
      assertThat(parts.octets(stored.place())).containsExactly('a', 'b');
      assertThat(parts.store(new byte[] {'c'}).message()).isGreaterThan(stored.message());
    }
  }

  @Test
  void whatWasToldBeforeAForceThatFailedIsForcedInAnotherSegment() throws IOException {
    Change change = new Change.Subscribed(1, "name", true);
    try (Parts parts = Parts.open(directory)) {
      // The log's file is shut between the append of a flag change, say, and its force.
      parts.rows().live(() -> shut(parts.log()));
      assertThat(parts.commits().<Integer>submit(_ -> Outcome.logged(change, 5))).isEqualTo(5);
      parts.commits().awaitForced(1);
      assertThat(parts.log().forced()).isEqualTo(1);
      assertThat(new LogFiles(directory.resolve("log")).segments()).hasSize(2);
    }
    assertThat(LogSample.changes(directory.resolve("log"), LIMITS)).isEmpty();
    assertThat(Checkpoint.read(new LogFiles(directory.resolve("log"))).orElseThrow().sequence())
        .isEqualTo(1);
  }

  private static List<MailboxCounters> shut(Log log) {
    try {
      log.close();
      return List.of();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aDatabaseOrALogThatIsGoneKeepsTheStoreClosed() throws IOException {
    try (Parts parts = Parts.open(directory)) {
      parts.store(new byte[] {'a'});
    }
    Path database = directory.resolve("depozit.mv.db");
    Path aside = directory.resolve("aside");
    Files.move(database, aside);
    assertThatThrownBy(() -> Parts.open(directory)).hasMessageContaining("database");
    Files.move(aside, database, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.move(directory.resolve("log"), aside);
    assertThatThrownBy(() -> Parts.open(directory)).hasMessageContaining("log");
  }

  @Test
  void spoolsOfDeadSessionsAreRemovedAndBodiesOfMessagesStay() throws IOException {
    Change.MessageStored stored;
    Path body;
    try (Parts parts = Parts.open(directory)) {
      stored = parts.store(new byte[LIMITS.smallBody() + 1]);
      body = parts.log().files().body(parts.log().files().next());
    }
    // As it was before the store was closed in order.
    LogFiles files = new LogFiles(directory.resolve("log"));
    Checkpoint end = Checkpoint.read(files).orElseThrow();
    new Checkpoint(
            end.sequence(), end.segment(), end.offset(), end.checksum(), end.numbers(), false)
        .write(files);
    Files.write(body, new byte[5]);
    try (Parts parts = Parts.open(directory)) {
      assertThat(parts.log().files().bodies()).containsExactly(stored.place().segment());
      assertThat(body).doesNotExist();
    }
  }

  @Test
  void whoFindsNobodyBeforeHimCommitsOnHisOwnThread() throws IOException {
    try (Parts parts = Parts.open(directory)) {
      Awaitility.await()
          .until(() -> {
            Thread mine = Thread.currentThread();
            return parts.commits().submit(_ -> Outcome.nothing(Thread.currentThread() == mine));
          });
    }
  }

  @Test
  void whoComesMeanwhileJoinsInOrder() throws Exception {
    try (Parts parts = Parts.open(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Boolean> begun = new CompletableFuture<>();
      CompletableFuture<Boolean> end = new CompletableFuture<>();
      List<Integer> order = Collections.synchronizedList(new ArrayList<>());
      Future<?> first =
          threads.submit(() ->
              parts
                  .commits()
                  .submit(_ -> {
                    begun.complete(true);
                    return Outcome.nothing(end.join());
                  }));
      begun.join();
      List<Future<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int number = i;
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        others.add(
            threads.submit(() -> {
              caller.complete(Thread.currentThread());
              return parts
                  .commits()
                  .submit(_ -> {
                    order.add(number);
                    return Outcome.nothing(number);
                  });
            }));
        // It stands in the line once it waits.
        Awaitility.await().until(() -> caller.join().getState() == Thread.State.WAITING);
      }
      end.complete(true);
      first.get();
      for (int i = 0; i < 3; i++) {
        assertThat(others.get(i).get()).isEqualTo(i);
      }
      assertThat(order).containsExactly(0, 1, 2);
    }
  }

  @Test
  void whoProposesWithinAProposalIsRefusedAndNobodyElseIs() throws IOException {
    try (Parts parts = Parts.open(directory)) {
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(
                () -> parts.commits().submit(_ -> Outcome.nothing(parts.store(new byte[10]))))
            .isInstanceOf(IllegalStateException.class);
        byte[] body = body(new Random(i));
        assertThat(parts.octets(parts.store(body).place())).isEqualTo(body);
      }
    }
  }

  @Test
  void anInterruptedThreadLeavesItsChangeToTheWriter() throws IOException {
    try (Parts parts = Parts.open(directory)) {
      for (int i = 0; i < 20; i++) {
        Thread.currentThread().interrupt();
        byte[] body = body(new Random(i));
        Thread wrote = parts.commits().submit(_ -> Outcome.nothing(Thread.currentThread()));
        assertThat(wrote.getName()).isEqualTo("depozit-writer");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(parts.octets(parts.store(body).place())).isEqualTo(body);
      }
    }
  }

  @Test
  void whatIsAnsweredWithoutAForceIsForcedWhoeverWroteIt() throws IOException {
    try (Parts parts = Parts.open(directory)) {
      awaitWriterAtRest(parts);
      byte[] body = body(new Random(1));
      HeapOrFileSpool spool = parts.spool(body);
      parts
          .commits()
          .submit(ledger -> {
            Change.MessageStored stored = Parts.stored(ledger, spool);
            return Outcome.logged(stored, stored);
          });
      Awaitility.await().until(() -> parts.log().forced() == parts.log().position());
      Awaitility.await().until(() -> parts.commits().stored() == parts.log().position());
      spool.close();
    }
  }

  /// Its thread waits for half a minute then, if nobody wakes it.
  private static void awaitWriterAtRest(Parts parts) {
    Awaitility.await().until(() -> parts.commits().stored() == parts.log().position());
    Awaitility.await()
        .until(() ->
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("depozit-writer"))
                .allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
  }

  /// Who has the turn when the store is closed may take the word of it out of the line.
  @Test
  void whoWritesWhileTheStoreIsClosedDoesNotKeepItOpen() throws Exception {
    for (int i = 0; i < 10; i++) {
      Random random = new Random(i);
      try (Parts parts = Parts.open(directory.resolve("store-" + i));
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        awaitWriterAtRest(parts);
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        Future<?> busy =
            threads.submit(() -> {
              while (true) {
                parts.commits().submit(_ -> Outcome.nothing(spin(random.nextInt(30_000))));
                begun.complete(true);
              }
            });
        begun.join();
        threads.submit(parts.commits()::close).get(20, TimeUnit.SECONDS);
        assertThatThrownBy(busy::get).hasCauseInstanceOf(Refused.class);
      }
    }
  }

  private static boolean spin(int nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return true;
  }
}
