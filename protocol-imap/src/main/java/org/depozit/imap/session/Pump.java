package org.depozit.imap.session;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.depozit.storage.Doorbell;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// IDLE's second thread: it tells changes as they happen while the connection's own thread waits
/// for DONE. RFC 2177.
///
/// From [#start] to the end of [#close] the pump alone touches the session, its selected mailbox
/// and the output, and the connection's own thread only the input; so none of them needs a lock. It
/// listens to the bell before its first look, so no change is missed in between. When it cannot go
/// on it closes the connection, which ends the wait of the other.
public final class Pump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pump.class);

  /// No mailbox has this number: an ear that hears nothing, for IDLE without a selected mailbox.
  private static final long NO_MAILBOX = -1;

  private final Session session;
  private final Doorbell.Listener ear;
  private final Thread thread;

  private Pump(Session session, Doorbell.Listener ear) {
    this.session = session;
    this.ear = ear;
    this.thread = Thread.ofVirtual().name("idle " + session.connection()).unstarted(this::run);
  }

  /// Begins to tell; what has been written so far must have been flushed.
  public static Pump start(Session session) {
    Doorbell.Listener ear =
        session
            .selection()
            .map(selected -> selected.mailbox().listen())
            .orElseGet(() -> session.store().doorbell().listen(NO_MAILBOX));
    Pump pump = new Pump(session, ear);
    pump.thread.start();
    return pump;
  }

  private void run() {
    try {
      Duration heartbeat = session.limits().imapHeartbeat();
      Doorbell.Woken woken = Doorbell.Woken.RUNG;
      while (woken != Doorbell.Woken.CLOSED) {
        tell(woken);
        woken = ear.await(heartbeat);
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

  private void tell(Doorbell.Woken woken) throws IOException {
    if (woken == Doorbell.Woken.TIMED_OUT) {
      session.responses().untagged("OK Still here");
    } else {
      Updates.write(session, true, false);
    }
    if (session.farewell().isPresent()) {
      session.responses().bye(session.farewell().get());
    }
    session.responses().output().flush();
    if (session.farewell().isPresent()) {
      // Nothing else would end the other thread's wait for DONE.
      session.connection().close();
    }
  }

  /// Ends the telling, and returns when the thread has ended.
  @Override
  public void close() throws IOException {
    ear.close();
    try {
      thread.join();
    } catch (InterruptedException _) {
      throw new InterruptedIOException("no thread of ours is interrupted");
    }
  }
}
