package org.depozit.storage;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the database's file made shorter by the writer, a step at a time, with rests between them in
/// which it serves others ([FileSpace]). [Space]'s thread.
final class Shrinking {
  private static final Logger LOGGER = LoggerFactory.getLogger(Shrinking.class);

  /// What the writer gives to a step, beside what a page and storing them takes.
  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(4);

  /// How many times as long as a step the writer is left alone after it, and how long at least.
  private static final int REST = 3;

  private static final long LEAST_REST = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long BUSY_REST = TimeUnit.MILLISECONDS.toNanos(50);

  /// How long the database's file may not take what was moved until the rest is left for another
  /// time.
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private final Commits commits;
  private final FileSpace file;
  private final Dialect dialect;
  private final LongConsumer pause;
  private final BooleanSupplier ending;
  private long steps;
  private long longest;

  /// Whether the run was left off half-way.
  private boolean leftOff;

  /// @param pause waits for so many nanoseconds, or until the store is closed
  /// @param ending whether to stop half-way
  Shrinking(Workings workings, FileSpace file, LongConsumer pause, BooleanSupplier ending) {
    this.commits = workings.commits();
    this.file = file;
    this.dialect = workings.db().dialect();
    this.pause = pause;
    this.ending = ending;
  }

  /// Makes the file shorter.
  ///
  /// @return false if the rest is left for another time: the store is closed, or the file cannot be
  ///   written now
  /// @throws Refused if the writer cannot write now
  boolean run() {
    if (!awaitRoom()) {
      return false;
    }
    FileSpace.Share before = file.share();
    long start = System.nanoTime();
    try {
      shrink();
    } finally {
      commits.submit(_ -> Outcome.nothing(file.end()));
    }
    LOGGER.info(
        "The database's file: {} octets, {} of them alive, became {} in {} ms; {} steps, longest {}"
            + " us",
        before.octets(),
        before.alive(),
        file.share().octets(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
        steps,
        TimeUnit.NANOSECONDS.toMicros(longest));
    return !leftOff;
  }

  private void shrink() {
    if (step(FileSpace::begin)) {
      while (step(FileSpace::choose)) {
        while (step(each -> each.step(STEP))) {}
      }
    }
  }

  /// Waits until what was moved is in the file: if that refuses, a full disk, say, no more may come
  /// to the heap.
  ///
  /// @return false if there is no waiting for it
  private boolean awaitRoom() {
    long start = System.nanoTime();
    while (dialect.busy() || file.full(dialect.pending())) {
      if (ending.getAsBoolean() || System.nanoTime() - start > PATIENCE) {
        return false;
      }
      pause.accept(BUSY_REST);
    }
    return !ending.getAsBoolean();
  }

  /// One step, when the writer has nothing better to do.
  ///
  /// @return what it gave; false if the run is left off
  private boolean step(Predicate<FileSpace> work) {
    if (leftOff || !awaitRoom()) {
      leftOff = true;
      return false;
    }
    long[] took = {0};
    boolean more =
        commits.submit(_ -> {
          long start = System.nanoTime();
          boolean left = work.test(file);
          took[0] = System.nanoTime() - start;
          CrashPoint.AFTER_SHRINKING.pass();
          return Outcome.nothing(left);
        });
    steps++;
    longest = Math.max(longest, took[0]);
    pause.accept(Math.max(LEAST_REST, REST * took[0]));
    return more;
  }
}
