package org.depozit.storage;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells *that* a mailbox changed, never *what*: nothing queues, nothing overflows, many rings are
/// one. Who is woken asks the mailbox for its [View]. Listen before the first look. Any thread may
/// ring; a listener belongs to one waiting thread, and any thread may close it.
public final class Doorbell {
  private final ConcurrentHashMap<Long, Set<Listener>> listeners = new ConcurrentHashMap<>();

  /// Wakes everybody who listens to the mailbox.
  ///
  /// @param mailbox [Mailbox#id]
  public void ring(long mailbox) {
    Set<Listener> waiting = listeners.get(mailbox);
    if (waiting != null) {
      waiting.forEach(Listener::rung);
    }
  }

  /// Starts listening; rings from now on are not lost.
  ///
  /// @param mailbox [Mailbox#id]
  public Listener listen(long mailbox) {
    Listener listener = new Listener(mailbox);
    listeners.compute(
        mailbox,
        (id, set) -> {
          Set<Listener> all = set == null ? ConcurrentHashMap.newKeySet() : set;
          all.add(listener);
          return all;
        });
    return listener;
  }

  private void forget(Listener listener) {
    listeners.computeIfPresent(
        listener.mailbox,
        (id, set) -> {
          set.remove(listener);
          return set.isEmpty() ? null : set;
        });
  }

  /// One ear at the bell.
  public final class Listener implements AutoCloseable {
    private final long mailbox;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean rung;
    private boolean closed;

    private Listener(long mailbox) {
      this.mailbox = mailbox;
    }

    private void rung() {
      lock.lock();
      try {
        rung = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /// Waits for a ring since the last call, or for the time to pass.
    ///
    /// @param longest how long to wait at most
    /// @return what ended the wait
    public Woken await(Duration longest) {
      lock.lock();
      try {
        long left = longest.toNanos();
        while (!rung && !closed && left > 0) {
          left = awaitNanos(left);
        }
        boolean was = rung;
        rung = false;
        if (closed) {
          return Woken.CLOSED;
        }
        return was ? Woken.RUNG : Woken.TIMED_OUT;
      } finally {
        lock.unlock();
      }
    }

    @SuppressWarnings("WaitNotInLoop") // the loop is in await
    private long awaitNanos(long left) {
      try {
        return changed.awaitNanos(left);
      } catch (InterruptedException e) {
        // Nobody in the server interrupts a thread; an embedding program that does ends the wait,
        // nothing else.
        closed = true;
        return 0;
      }
    }

    /// Ends the waiting, from any thread.
    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      forget(this);
    }
  }

  /// Why [Listener#await] came back.
  public enum Woken {
    RUNG,
    TIMED_OUT,
    CLOSED
  }
}
