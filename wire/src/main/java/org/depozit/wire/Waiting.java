package org.depozit.wire;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Waiting in a house where nobody is interrupted: an interrupt inside a socket's read closes the
/// socket, and inside a database's file it can break the database.
final class Waiting {
  private Waiting() {}

  /// Waits for a latch.
  ///
  /// @return whether it opened in that time
  /// @throws IllegalStateException if some stranger interrupts the thread
  static boolean until(CountDownLatch latch, Duration time) {
    try {
      return latch.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("no thread of ours is to be interrupted", e);
    }
  }
}
