package org.depozit.storage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// When pending rows get their turn on the writer's thread: at once when nothing has come for a
/// moment, and their share of the time while somebody sends one change after the other, so that no
/// load, however steady, keeps them away. The writer's thread, but for who hurries it.
final class Pace {
  /// How long nothing may come until the writer is at pending rows all the time: who sends one
  /// change after the other is answered without waiting for them.
  private static final long CALM = TimeUnit.MICROSECONDS.toNanos(500);

  /// For each part of time at pending rows so many for what comes: usually, and if somebody waits
  /// for the rows, or there are too many of them, or they are late.
  private static final int REST = 4;

  private static final int REST_IF_LATE = 1;

  /// How long the writer leaves pending rows alone after the database has failed at them.
  private static final long RETRY = TimeUnit.SECONDS.toNanos(1);

  /// When there is nothing to wait for.
  private static final long NEVER = TimeUnit.HOURS.toNanos(1);

  /// How many wait for pending rows.
  private final AtomicInteger hurried = new AtomicInteger();

  private volatile boolean failing;

  private long notBefore = System.nanoTime();
  private long slicedAt = notBefore;
  private long sliceTook;
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
    sliceTook = slicedAt - start;
    failing = !written;
    if (failing) {
      notBefore = slicedAt + RETRY;
    }
  }

  /// How many nanoseconds from now the next pending rows are to be written.
  ///
  /// @param wanted whether somebody waits for another change
  long due(Backlog backlog, boolean wanted) {
    long now = System.nanoTime();
    boolean hurry = hurried.get() > 0;
    long calm = wanted ? NEVER : Math.max(0, cameAt + CALM - now);
    long rest = (hurry || backlog.late() ? REST_IF_LATE : REST) * sliceTook;
    long paced = Math.min(calm, Math.max(0, slicedAt + rest - now));
    long later = Math.max(notBefore - now, paced);
    return backlog.due().map(due -> Math.max(hurry ? 0 : due, later)).orElse(NEVER);
  }
}
