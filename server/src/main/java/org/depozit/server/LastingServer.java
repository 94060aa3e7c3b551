package org.depozit.server;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.depozit.storage.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server that outlives a failure of its store. When the database has given up, which a disk can
/// make it do, every session ends with a BYE, and the store is closed and opened again, at once and
/// then once a second; its log brings back all that was answered. The addresses stay. Any thread
/// may close it, once or more.
final class LastingServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LastingServer.class);
  private static final long AGAIN_S = 1;

  private final Path data;
  private final CountDownLatch closed = new CountDownLatch(1);
  private Server server;

  /// Why the last start was refused, if it was.
  private Optional<String> refusal = Optional.empty();

  private LastingServer(Server server, Path data) {
    this.server = server;
    this.data = data;
  }

  /// Starts a server, see [Server#start].
  static LastingServer start(Config config, Path data) {
    return new LastingServer(Server.start(config, data), data);
  }

  /// The server of this moment.
  synchronized Server server() {
    return server;
  }

  /// Tells each listener, and that all is ready.
  void announce(PrintStream out) {
    server().announce(out);
  }

  /// Serves until it is closed.
  void serve() {
    while (closed.getCount() > 0) {
      Server now = server();
      now.awaitClose();
      if (now.failed()) {
        startAgain(now);
      }
    }
  }

  private void startAgain(Server failed) {
    LOG.error("Every session ends now, and the store is opened again");
    Config config = failed.config();
    close(failed);
    while (!startedAgain(config)) {
      pause();
    }
  }

  /// @return whether there is nothing more to do
  private synchronized boolean startedAgain(Config config) {
    if (closed.getCount() == 0) {
      return true;
    }
    try {
      server = Server.start(config, data);
      LOG.info("The store is open again");
      return true;
    } catch (Refused | CommandFailed e) {
      say(CommandFailed.told(e));
      return false;
    }
  }

  private void say(String why) {
    if (!refusal.equals(Optional.of(why))) {
      LOG.error("The store cannot be opened now, which is tried again: {}", why);
      refusal = Optional.of(why);
    }
  }

  private void pause() {
    try {
      boolean _ = closed.await(AGAIN_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      LOG.debug("The waiting thread was woken early");
    }
  }

  private static void close(Server failed) {
    try {
      failed.close();
    } catch (Refused e) {
      LOG.debug("The failed store did not close in order", e);
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    server.close();
  }
}
