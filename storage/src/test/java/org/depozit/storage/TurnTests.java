package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose thread writes: the caller's who finds nobody before him, or the writer's own.
final class TurnTests {
  @TempDir private Path directory;

  @Test
  void whoFindsNobodyBeforeHimCommitsOnHisOwnThread() throws IOException {
    try (LoggedStore parts = LoggedStore.open(directory)) {
      Awaitility.await()
          .until(() -> {
            Thread mine = Thread.currentThread();
            return parts.commits().submit(_ -> Outcome.nothing(Thread.currentThread() == mine));
          });
    }
  }

  @Test
  void whoComesMeanwhileJoinsInOrder() throws Exception {
    try (LoggedStore parts = LoggedStore.open(directory);
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
    try (LoggedStore parts = LoggedStore.open(directory)) {
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(
                () -> parts.commits().submit(_ -> Outcome.nothing(parts.store(new byte[10]))))
            .isInstanceOf(IllegalStateException.class);
        byte[] body = LoggedStore.body(new Random(i));
        assertThat(parts.octets(parts.store(body).place())).isEqualTo(body);
      }
    }
  }

  @Test
  void anInterruptedThreadLeavesItsChangeToTheWriter() throws IOException {
    try (LoggedStore parts = LoggedStore.open(directory)) {
      for (int i = 0; i < 20; i++) {
        Thread.currentThread().interrupt();
        byte[] body = LoggedStore.body(new Random(i));
        Thread wrote = parts.commits().submit(_ -> Outcome.nothing(Thread.currentThread()));
        assertThat(wrote.getName()).isEqualTo("depozit-writer");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(parts.octets(parts.store(body).place())).isEqualTo(body);
      }
    }
  }

  @Test
  void whatIsAnsweredWithoutAForceIsForcedWhoeverWroteIt() throws IOException {
    try (LoggedStore parts = LoggedStore.open(directory)) {
      awaitWriterAtRest(parts);
      byte[] body = LoggedStore.body(new Random(1));
      HeapOrFileSpool spool = parts.spool(body);
      parts
          .commits()
          .submit(ledger -> {
            Change.MessageStored stored = LoggedStore.stored(ledger, spool);
            return Outcome.logged(stored, stored);
          });
      Awaitility.await().until(() -> parts.log().forced() == parts.log().position());
      Awaitility.await().until(() -> parts.commits().stored() == parts.log().position());
      spool.close();
    }
  }

  /// Its thread waits for half a minute then, if nobody wakes it.
  private static void awaitWriterAtRest(LoggedStore parts) {
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
      try (LoggedStore parts = LoggedStore.open(directory.resolve("store-" + i));
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
