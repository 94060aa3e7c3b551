package org.depozit.storage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// When pending rows get their turn on the writer's thread: all the time when nothing has come for
/// a moment. While somebody sends one change after the other they wait until they are late, and
/// then get their share, so that no load, however steady, keeps them away. The writer, but for who
/// hurries it.
final class Pace {
  /// How long nothing may come until the writer is at pending rows all the time: who sends one
  /// change after the other is answered without waiting for them.
  private static final long CALM = TimeUnit.MILLISECONDS.toNanos(2);

  /// For each part of time at pending rows so many for what comes: if they are late, and if they
  /// are urgent, or somebody waits for them.
  private static final int REST = 4;

  private static final int SHORT_REST = 1;

  /// How long the writer leaves pending rows alone after the database has failed at them.
  private static final long RETRY = TimeUnit.SECONDS.toNanos(1);

  /// When there is nothing to wait for.
  private static final long NEVER = TimeUnit.HOURS.toNanos(1);

  /// How many wait for pending rows.
  private final AtomicInteger hurried = new AtomicInteger();

  private volatile boolean failing;

  private long notBefore = System.nanoTime();
  private long slicedAt = notBefore;

  /// How long the last slice took, and what had to be done because of it.
  private long took;

  private long cameAt = notBefore - CALM;

  /// Somebody waits for pending rows from now on. Any thread.
  void hurry() {
    hurried.incrementAndGet();
  }

  /// Somebody has waited enough. Any thread.
  void leave() {
    hurried.decrementAndGet();
  }

  /// Whether the database failed at the last rows that it was given. Any thread.
  boolean failing() {
    return failing;
  }

  /// A group of changes is done with.
  void came() {
    cameAt = System.nanoTime();
  }

  /// Pending rows were written, or not.
  ///
  /// @param start when that began, by [System#nanoTime]
  void sliced(long start, boolean written) {
    slicedAt = System.nanoTime();
    took = slicedAt - start;
    failing = !written;
    if (failing) {
      notBefore = slicedAt + RETRY;
    }
  }

  /// What was written was brought to the disk, which is among what it takes.
  ///
  /// @param start when that began, by [System#nanoTime]
  void forced(long start) {
    slicedAt = System.nanoTime();
    took += slicedAt - start;
  }

  /// How many nanoseconds from now the next pending rows are to be written.
  ///
  /// @param wanted whether somebody waits for another change
  long due(Backlog backlog, boolean wanted) {
    long now = System.nanoTime();
    boolean hurry = hurried.get() > 0;
    long calm = wanted ? NEVER : Math.max(0, cameAt + CALM - now);
    long paced = Math.min(calm, rested(backlog, hurry, now));
    long later = Math.max(notBefore - now, paced);
    return backlog.due().map(due -> Math.max(hurry ? 0 : due, later)).orElse(NEVER);
  }

  /// How many nanoseconds from now it is their turn although something comes all the time.
  private long rested(Backlog backlog, boolean hurry, long now) {
    if (hurry || backlog.urgent()) {
      return Math.max(0, slicedAt + SHORT_REST * took - now);
    }
    return backlog.late().map(in -> Math.max(in, slicedAt + REST * took - now)).orElse(NEVER);
  }
}
