package org.depozit.storage;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the writer goes on, and why not. It ends when the store is closed; it stops at once, for
/// good, when the database has failed: only opening the store again helps then. Any thread may ask;
/// only the writer says that it has stopped.
final class Stop {
  private static final Logger LOGGER = LoggerFactory.getLogger(Stop.class);

  private final CompletableFuture<String> failure = new CompletableFuture<>();
  private volatile boolean closing;
  private volatile Optional<String> why = Optional.empty();

  /// The store is closing: what waits is still done, and nothing more comes. Any thread.
  void close() {
    closing = true;
  }

  /// Whether the store is closing, or closed.
  boolean closing() {
    return closing;
  }

  /// Whether the writer has stopped.
  boolean stopped() {
    return why.isPresent();
  }

  /// What who asks for a write is told.
  Refused refusal() {
    return new Refused(Refused.Reason.UNAVAILABLE, why.orElse("The store cannot write now"));
  }

  /// Tells why if writing has failed for good.
  CompletableFuture<String> failure() {
    return failure;
  }

  /// The writer has failed for good.
  void fail(Throwable cause) {
    String said = "The store has failed and cannot write until it is opened again";
    LOGGER.error(said, cause);
    why = Optional.of(said);
    failure.complete(said);
  }

  /// The database has refused something. If it has closed itself, as H2 does when it finds itself
  /// broken, trying again does not help.
  void refused(Refused cause, Rows rows) {
    if (rows.dead()) {
      fail(cause);
    }
  }

  /// The writer does nothing any more.
  void end() {
    if (why.isEmpty()) {
      why = Optional.of("The store is closed");
    }
  }
}
