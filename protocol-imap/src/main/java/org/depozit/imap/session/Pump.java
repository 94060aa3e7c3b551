package org.depozit.imap.session;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.depozit.storage.Doorbell;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells an idling client changes as they happen, while the connection's own thread waits for DONE.
/// RFC 2177.
///
/// A thread is made for each ring of the bell and each heartbeat, and is gone when all is told:
/// most sessions idle most of the time, and a thread that waits costs kilobytes. From [#start] to
/// the end of [#close] these threads, one at a time, alone touch the session, its selected mailbox
/// and the output, and the connection's own thread only the input; what they hand on is guarded by
/// the lock here. The pump listens to the bell before its first look, so no change is missed in
/// between. When it cannot go on it closes the connection, which ends the wait of the other.
public final class Pump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pump.class);

  private final Session session;
  private final Optional<Doorbell.Listener> ear;

  /// Guards what follows; nobody holds it while he tells.
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable Thread telling;
  private boolean rung;
  private boolean due;
  private boolean closed;

  /// What is to be told next.
  private record Due(boolean news, boolean heartbeat) {}

  private Pump(Session session) {
    this.session = session;
    this.ear = session.selection().map(selected -> selected.mailbox().listen(this::rung));
  }

  /// Begins to tell; what has been written so far must have been flushed.
  public static Pump start(Session session) {
    Pump pump = new Pump(session);
    pump.rung();
    session.connection().beat(session.limits().imapHeartbeat(), pump::heartbeat);
    return pump;
  }

  private void rung() {
    wake(true, false);
  }

  private void heartbeat() {
    wake(false, true);
  }

  /// There is something to tell. Any thread.
  void wake(boolean ring, boolean heartbeat) {
    lock.lock();
    try {
      rung |= ring;
      due |= heartbeat;
      tellSoon();
    } finally {
      lock.unlock();
    }
  }

  private void tellSoon() {
    if (telling == null && !closed) {
      telling = Thread.ofVirtual().name("idle " + session.connection()).start(this::run);
    }
  }

  private void run() {
    try {
      for (Optional<Due> next = next(); next.isPresent(); next = next()) {
        // A ring need not be news, and then the client would hear nothing.
        boolean told = next.get().news() && Updates.write(session, true, false);
        if (next.get().heartbeat() && !told) {
          session.responses().untagged("OK Still here");
        }
        flush();
      }
    } catch (IOException e) {
      LOG.debug("{}: gone while idle", session.connection(), e);
      session.connection().close();
    } catch (RuntimeException | Error e) {
      // Nobody stands above this thread: without a close the client would idle on and hear nothing.
      LOG.error("{}: IDLE failed", session.connection(), e);
      session.connection().close();
    }
  }

  /// Takes what is to be told next; if there is nothing the thread has to end.
  private Optional<Due> next() {
    lock.lock();
    try {
      Due next = new Due(rung && !closed, due && !closed);
      rung = false;
      due = false;
      if (!next.news && !next.heartbeat) {
        telling = null;
        return Optional.empty();
      }
      return Optional.of(next);
    } finally {
      lock.unlock();
    }
  }

  private void flush() throws IOException {
    if (session.farewell().isPresent()) {
      session.responses().bye(session.farewell().get());
    }
    session.responses().output().flush();
    if (session.farewell().isPresent()) {
      // Nothing else would end the other thread's wait for DONE.
      session.connection().close();
    }
  }

  /// Ends the telling, and returns when nobody tells any more.
  @Override
  public void close() throws IOException {
    session.connection().noBeat();
    ear.ifPresent(Doorbell.Listener::close);
    Thread last = end();
    try {
      if (last != null) {
        last.join();
      }
    } catch (InterruptedException _) {
      throw new InterruptedIOException("no thread of ours is interrupted");
    }
  }

  private @Nullable Thread end() {
    lock.lock();
    try {
      closed = true;
      return telling;
    } finally {
      lock.unlock();
    }
  }
}
