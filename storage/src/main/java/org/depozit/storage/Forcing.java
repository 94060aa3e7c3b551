package org.depozit.storage;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The forces of the log: when one is due for changes that were answered without it, what is done
/// after one has failed, and who waits for one.
///
/// After a failed force nobody knows what is on the disk: the log goes on in another segment
/// ([Log#mend]), at once if the disk takes it, else when it does, which is tried once a second.
///
/// The writer only, but for those who wait ([#want], [#await]).
final class Forcing {
  /// How long flag changes may wait for their force while other changes keep coming.
  private static final long FLAGS_WAIT = TimeUnit.MILLISECONDS.toNanos(50);

  /// How long nothing may come until flag changes are forced: who sends one after the other, each
  /// answered first, shares a force with himself.
  private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(2);

  /// When there is nothing to force.
  private static final long NEVER = TimeUnit.HOURS.toNanos(1);

  private final Log log;
  private final Stop stop;
  private final Trouble trouble = new Trouble("The log cannot be written");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition forcedMore = lock.newCondition();

  /// The highest position that somebody waits for; written under the lock.
  private volatile long wanted;

  /// Whether the log failed and cannot go on yet.
  private volatile boolean failing;

  // The writer's own.
  private long unforcedSince;
  private long appendedAt = System.nanoTime();
  private long mendTried = appendedAt - Log.AGAIN;

  Forcing(Log log, Stop stop) {
    this.log = log;
    this.stop = stop;
  }

  /// Says that somebody is about to wait for the log to be forced up to a position. Any thread.
  void want(long position) {
    lock.lock();
    try {
      wanted = Math.max(wanted, position);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the log is forced up to a position. Any thread.
  ///
  /// @throws Refused UNAVAILABLE if it cannot be
  void await(long position) {
    lock.lock();
    try {
      while (log.forced() < position) {
        if (stop.stopped() || failing) {
          throw stop.refusal();
        }
        forcedMore.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Has those who wait look again.
  void tell() {
    lock.lock();
    try {
      forcedMore.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Starts a group in the log, which forces what was appended if it goes on in another segment.
  ///
  /// @throws IOException as [Log#begin]
  void begin() throws IOException {
    mendIfBroken();
    long before = log.forced();
    log.begin();
    if (log.forced() > before) {
      tell();
    }
  }

  /// Appends the group to the log, which does not force it.
  ///
  /// @throws IOException as [Log#append]
  void append() throws IOException {
    boolean forcedSoFar = log.forced() == log.position();
    log.append();
    appendedAt = System.nanoTime();
    unforcedSince = forcedSoFar ? appendedAt : unforcedSince;
  }

  /// For how many nanoseconds nothing was appended.
  long calm() {
    return System.nanoTime() - appendedAt;
  }

  /// Whether what is in the log must go to the disk now although more waits.
  boolean due() {
    return log.forced() < log.position()
        && (wanted > log.forced() || System.nanoTime() - unforcedSince > FLAGS_WAIT);
  }

  /// How many nanoseconds from now what is in the log goes to the disk if nothing more comes; 0 or
  /// less if at once.
  long dueIfQuiet() {
    return log.forced() < log.position() ? QUIET - calm() : NEVER;
  }

  /// Forces what was appended.
  ///
  /// @throws IOException as [Log#force]
  void force() throws IOException {
    if (log.forced() < log.position()) {
      log.force();
      trouble.over();
      tell();
    }
  }

  /// Forces what was appended; goes on after a failure if the disk takes it.
  ///
  /// @return false if the log cannot be forced now
  boolean forcedAll() {
    try {
      mendIfBroken();
      force();
    } catch (IOException e) {
      seen(e);
      mendOrSay();
    }
    return !log.broken();
  }

  private void mendOrSay() {
    try {
      mendIfBroken();
    } catch (IOException e) {
      failing = true;
      tell();
    }
  }

  /// Goes on after a failed force, if it is time to try.
  ///
  /// @throws IOException if it is not, or the disk fails again
  private void mendIfBroken() throws IOException {
    if (!log.broken()) {
      return;
    }
    if (System.nanoTime() - mendTried < Log.AGAIN) {
      throw new IOException("the disk has failed");
    }
    mendTried = System.nanoTime();
    log.mend();
    trouble.over();
    failing = false;
    tell();
  }

  /// The log has failed.
  void seen(IOException e) {
    trouble.seen(e);
  }
}
