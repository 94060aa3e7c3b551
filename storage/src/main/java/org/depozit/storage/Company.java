package org.depozit.storage;

import java.util.concurrent.TimeUnit;

/// How long a group waits for more changes before it is forced, on a disk that is slow to force.
///
/// Those who were answered a moment ago come again soon, and those who came during the last force
/// are there at once: without waiting each half would go round with every second force. So a group
/// waits for as many as were answered last or stood in the queue then, but no longer than a part of
/// what a force takes. Whoever is alone has nobody to wait for.
///
/// The writer only.
final class Company {
  /// Forces that are quicker are not worth waiting for.
  private static final long SLOW = TimeUnit.MICROSECONDS.toNanos(500);

  /// The part of a force that a group waits at most.
  private static final int PART = 4;

  /// What it waits at most, however long the last force took.
  private static final long MOST = TimeUnit.MILLISECONDS.toNanos(5);

  /// Of what a force takes longer than before, a part that counts: it may have waited for a
  /// processor and not for the disk.
  private static final int LONGER = 16;

  private int expected;
  private long force;
  private long until;

  /// A group begins to gather.
  void gathering() {
    until = System.nanoTime() + (force < SLOW ? 0 : Math.min(MOST, force / PART));
  }

  /// How many nanoseconds a group of so many, with nobody in the queue, waits for the next; 0 if it
  /// is forced now.
  long worth(int size) {
    return size >= expected || force < SLOW ? 0 : Math.max(0, until - System.nanoTime());
  }

  /// A force is over.
  ///
  /// @param nanos that it took
  void forced(long nanos) {
    force = nanos < force ? nanos : force + (nanos - force) / LONGER;
  }

  /// A group has been answered.
  ///
  /// @param waiting how many came meanwhile
  void answered(int size, int waiting) {
    expected = size + waiting;
  }
}
