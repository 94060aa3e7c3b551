package org.depozit.storage;

import java.util.concurrent.Semaphore;

/// Permits for searches that read messages: half of the processors, so that long scans leave the
/// others free, whoever asks for them. A permit is for a few messages; then the next in the row has
/// it. Any thread.
final class Scans {
  /// Messages read on one permit.
  static final int AT_ONCE = 16;

  private final Semaphore permits =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  /// Waits for a permit.
  void acquire() {
    permits.acquireUninterruptibly();
  }

  /// Gives it back.
  void release() {
    permits.release();
  }
}
