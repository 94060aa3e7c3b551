package org.depozit.storage;

/// Commits by way of the log, for H2: one writer thread, many changes to a force.
final class Logged implements Commits {
  private final Log log;

  /// Starts the writer.
  ///
  /// @param flagsForced whether flag changes wait for the force too
  Logged(Log log, Rows rows, Ledger ledger, StoreLimits limits, boolean flagsForced) {
    this.log = log;
  }

  @Override
  public <R> R submit(Proposal<R> proposal) {
    throw new IllegalStateException("not yet " + proposal + log);
  }

  @Override
  public void awaitForced(long logPosition) {}

  @Override
  public void close() {}
}
