package org.depozit.storage;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A proposal on its way through the writer, and its caller, who waits.
final class Waiting<R> {
  private final Proposal<R> proposal;
  private final CompletableFuture<R> told = new CompletableFuture<>();
  private Optional<Outcome<R>> outcome = Optional.empty();

  Waiting(Proposal<R> proposal) {
    this.proposal = proposal;
  }

  /// Has the proposal worked out: the writer.
  Outcome<R> propose(Ledger ledger) {
    Outcome<R> worked = proposal.propose(ledger);
    outcome = Optional.of(worked);
    return worked;
  }

  /// Tells the caller what came of it.
  void answer() {
    told.complete(outcome.orElseThrow().answer());
  }

  /// Tells the caller that nothing came of it.
  void fail(Throwable why) {
    told.completeExceptionally(why);
  }

  /// Waits for the writer: the caller's thread.
  R await() {
    try {
      return told.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        // Thrown anew, so that the trace tells who asked.
        case Refused refused ->
            throw new Refused(refused.reason(), String.valueOf(refused.getMessage()), refused);
        case RuntimeException fault -> throw fault;
        case null, default -> throw e;
      }
    }
  }
}
