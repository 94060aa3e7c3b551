package org.depozit.wire;

import java.time.Duration;

/// Something that is done at regular times. The watch's thread only, once it is made.
final class Beat {
  private final long everyNanos;
  private final Runnable then;
  private long lastAt = System.nanoTime();

  /// @param every how long from one time to the next
  /// @param then returns at once
  Beat(Duration every, Runnable then) {
    this.everyNanos = every.toNanos();
    this.then = then;
  }

  /// Does it if its time has come.
  void watch(long now) {
    if (now - lastAt >= everyNanos) {
      lastAt = now;
      then.run();
    }
  }
}
