package org.depozit.storage;

import java.util.concurrent.CompletableFuture;

/// Where all writes go. Any thread; a caller is blocked until it is answered, so let it be a
/// virtual one.
sealed interface Commits extends AutoCloseable permits Logged {
  /// Has a proposal done, durably unless its outcome says that being logged is enough, and gives
  /// its answer.
  ///
  /// @throws Refused what the proposal threw; LIMIT if the change is longer than a group may be;
  ///   UNAVAILABLE if writing has stopped or the log cannot be written now. Nothing was done then,
  ///   except that after a failed force nobody can say: the message may come to light when the
  ///   store is opened again
  <R> R submit(Proposal<R> proposal);

  /// Waits until the log is forced up to a position: at once if it is, else forcing starts now.
  ///
  /// @param logPosition of a group that is published
  /// @throws Refused UNAVAILABLE if the disk failed before
  void awaitForced(long logPosition);

  /// Waits until the rows of all that is published now are written, the sooner for somebody
  /// waiting: for who reads rows and no views.
  ///
  /// @throws Refused UNAVAILABLE if writing has stopped
  void awaitRows();

  /// Waits until not so many rows of copies are pending that a start after a crash, which writes
  /// them before anybody is served, would take long ([StoreLimits.Bulk#rowsCopied]).
  ///
  /// @throws Refused UNAVAILABLE if there are and none can be written now
  void awaitRoom();

  /// Waits until the log does not tell so many flags whose rows are pending that a start after a
  /// crash would have to read very many ([StoreLimits.Bulk#flagsTold]).
  ///
  /// @throws Refused UNAVAILABLE if writing has stopped meanwhile
  void awaitFlagsRoom();

  /// The last checkpoint whose file is in place: recovery starts from it. Any thread.
  Checkpoint confirmed();

  /// The log's position up to which the database on the disk has everything but the rows that are
  /// pending: at or behind [#confirmed], which stays before the oldest of these. Any thread.
  long stored();

  /// Tells why if writing stops for good before the store is closed: the database has failed, and
  /// only opening the store again helps. On the thread that wrote: who is told does nothing that
  /// waits.
  CompletableFuture<String> failure();

  /// Answers what waits, forces, takes a checkpoint and ends the writer. What is submitted later is
  /// refused.
  @Override
  void close();
}
