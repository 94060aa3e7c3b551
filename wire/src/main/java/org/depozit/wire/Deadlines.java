package org.depozit.wire;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How long one connection may take: each read, the log-in, and whatever else holds its thread up.
///
/// Belongs to the connection's thread, but for [#overdue(long)], which the watch asks.
final class Deadlines {
  private static final long NONE = 0;

  private long idleMillis;
  private long readsEndAt = NONE;

  /// The nano time at which a write or handshake has taken too long; or NONE.
  private volatile long overdueAt = NONE;

  /// Bounds each read; zero for no bound.
  void idle(Duration time) {
    idleMillis = Math.max(0, time.toMillis());
  }

  /// Bounds all reads from here on.
  void readsEnd(Duration fromNow) {
    readsEndAt = nanoTime(fromNow);
  }

  /// Lifts [#readsEnd(Duration)].
  void readsDoNotEnd() {
    readsEndAt = NONE;
  }

  /// How long the next read may wait, in milliseconds; 0 for ever.
  ///
  /// @throws SocketTimeoutException if it may not wait at all
  long nextRead() throws SocketTimeoutException {
    if (readsEndAt == NONE) {
      return idleMillis;
    }
    long left = TimeUnit.NANOSECONDS.toMillis(readsEndAt - System.nanoTime());
    if (left <= 0) {
      throw new SocketTimeoutException("out of time");
    }
    return idleMillis == 0 ? left : Math.min(idleMillis, left);
  }

  /// Begins something that only the socket's closing can end.
  void begin(Duration time) {
    overdueAt = nanoTime(time);
  }

  /// Ends it.
  void end() {
    overdueAt = NONE;
  }

  /// Whether something that has begun should have ended. Any thread.
  boolean overdue(long now) {
    long due = overdueAt;
    return due != NONE && now - due > 0;
  }

  private static long nanoTime(Duration fromNow) {
    long at = System.nanoTime() + fromNow.toNanos();
    return at == NONE ? 1 : at;
  }
}
