package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The one writer over a real log and a real database.
final class LoggedTests {
  @TempDir private Path directory;

  @Test
  void whatSixteenThreadsWereToldIsThereWhenTheStoreIsOpenedAgain() throws Exception {
    Map<Change.MessageStored, byte[]> told = new ConcurrentHashMap<>();
    try (LoggedStore parts = LoggedStore.open(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 16; thread++) {
        Random random = new Random(thread);
        all.add(
            threads.submit(() -> {
              for (int i = 0; i < 100; i++) {
                byte[] body = LoggedStore.body(random);
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
    try (LoggedStore parts = LoggedStore.open(directory)) {
      told.forEach((stored, body) -> {
        assertThat(parts.rows().names(stored.place().segment())).isTrue();
        assertThat(parts.octets(stored.place())).isEqualTo(body);
      });
    }
  }

  @Test
  void aProposalThatFailsTakesNothingOfTheOthersWithIt() throws Exception {
    try (LoggedStore parts = LoggedStore.open(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Change.MessageStored>> good = new ArrayList<>();
      List<Future<Integer>> bad = new ArrayList<>();
      byte[] big = new byte[LoggedStore.LIMITS.smallBody() + 1];
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
    LogSample.open(
            directory.resolve("log"), LoggedStore.LIMITS, group -> logged.addAll(group.changes()))
        .close();
    assertThat(logged).hasSize(100);
  }

  private static int failing(LoggedStore parts, byte[] body) {
    try (HeapOrFileSpool spool = parts.spool(body)) {
      return parts
          .commits()
          .submit(ledger -> {
            LoggedStore.stored(ledger, spool);
            throw new IllegalStateException("changed my mind");
          });
    }
  }

  @Test
  void whatIsOnlyLoggedIsOnTheDiskSoonAndWhenSomebodyWaitsForIt() throws IOException {
    try (LoggedStore parts = LoggedStore.open(directory)) {
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
    try (LoggedStore parts = LoggedStore.open(directory)) {
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

  private static int segments(LoggedStore parts) {
    try {
      return parts.log().files().segments().size();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void nothingToDoIsAnsweredAndWritesNothing() throws IOException {
    try (LoggedStore parts = LoggedStore.open(directory)) {
      assertThat(parts.commits().<Integer>submit(_ -> Outcome.nothing(7))).isEqualTo(7);
      assertThat(parts.log().position()).isZero();
    }
  }

  @Test
  void aClosedStoreRefusesWritersAndEndsWithACheckpoint() throws IOException {
    LoggedStore parts = LoggedStore.open(directory);
    Change change = new Change.Subscribed(1, "name", true);
    parts.commits().submit(_ -> Outcome.forced(change, true));
    parts.close();
    assertRefused(parts, change);
    Checkpoint checkpoint = Checkpoint.read(new LogFiles(directory.resolve("log"))).orElseThrow();
    assertThat(checkpoint.clean()).isTrue();
    assertThat(checkpoint.sequence()).isEqualTo(1);
  }

  private static void assertRefused(LoggedStore parts, Change change) {
    assertThatThrownBy(() -> parts.commits().submit(_ -> Outcome.forced(change, true)))
        .isInstanceOfSatisfying(
            Refused.class, e -> assertThat(e.reason()).isEqualTo(Refused.Reason.UNAVAILABLE));
  }

  @Test
  void aSegmentThatTakesNoMoreRefusesOnceAndTheLogGoesOnInAnother() throws IOException {
    Change.MessageStored stored;
    Change change = new Change.Subscribed(1, "name", true);
    try (LoggedStore parts = LoggedStore.open(directory)) {
      stored = parts.store(new byte[] {'a', 'b'});
      // The log's file is shut under the writer: every write to it fails from now on.
      parts.log().close();
      assertRefused(parts, change);
      assertThat(parts.octets(stored.place())).containsExactly('a', 'b');
      assertThat(parts.commits().<Integer>submit(_ -> Outcome.forced(change, 5))).isEqualTo(5);
    }
    try (LoggedStore parts = LoggedStore.open(directory)) {
      assertThat(parts.octets(stored.place())).containsExactly('a', 'b');
      assertThat(parts.store(new byte[] {'c'}).message()).isGreaterThan(stored.message());
    }
  }

  @Test
  void whatWasToldBeforeAForceThatFailedIsForcedInAnotherSegment() throws IOException {
    Change change = new Change.Subscribed(1, "name", true);
    try (LoggedStore parts = LoggedStore.open(directory)) {
      // The log's file is shut between the append of a flag change, say, and its force.
      parts.rows().live(() -> shut(parts.log()));
      assertThat(parts.commits().<Integer>submit(_ -> Outcome.logged(change, 5))).isEqualTo(5);
      parts.commits().awaitForced(1);
      assertThat(parts.log().forced()).isEqualTo(1);
      assertThat(new LogFiles(directory.resolve("log")).segments()).hasSize(2);
    }
    assertThat(LogSample.changes(directory.resolve("log"), LoggedStore.LIMITS)).isEmpty();
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
    try (LoggedStore parts = LoggedStore.open(directory)) {
      parts.store(new byte[] {'a'});
    }
    Path database = directory.resolve("depozit.mv.db");
    Path aside = directory.resolve("aside");
    Files.move(database, aside);
    assertThatThrownBy(() -> LoggedStore.open(directory)).hasMessageContaining("database");
    Files.move(aside, database, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.move(directory.resolve("log"), aside);
    assertThatThrownBy(() -> LoggedStore.open(directory)).hasMessageContaining("log");
  }

  @Test
  void spoolsOfDeadSessionsAreRemovedAndBodiesOfMessagesStay() throws IOException {
    Change.MessageStored stored;
    Path body;
    try (LoggedStore parts = LoggedStore.open(directory)) {
      stored = parts.store(new byte[LoggedStore.LIMITS.smallBody() + 1]);
      body = parts.log().files().body(parts.log().files().next());
    }
    // As it was before the store was closed in order.
    LogFiles files = new LogFiles(directory.resolve("log"));
    Checkpoint end = Checkpoint.read(files).orElseThrow();
    new Checkpoint(
            end.sequence(), end.segment(), end.offset(), end.checksum(), end.numbers(), false)
        .write(files);
    Files.write(body, new byte[5]);
    try (LoggedStore parts = LoggedStore.open(directory)) {
      assertThat(parts.log().files().bodies()).containsExactly(stored.place().segment());
      assertThat(body).doesNotExist();
    }
  }
}
