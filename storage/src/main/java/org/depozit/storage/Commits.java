package org.depozit.storage;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

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

  /// The same for a proposal that reads rows of messages: it goes first in its group, and rows that
  /// are behind are written before it, unless they are more. [Ledger#rowsPending] tells it.
  ///
  /// @param most how many rows everybody else may have to wait for
  /// @throws Refused as [#submit]
  <R> R submitOnRows(int most, Proposal<R> proposal);

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

  /// The same for who has time: the rows come when nobody is held up by them, or when they are
  /// late.
  ///
  /// @param ending whether to wait no longer; asked every few milliseconds
  /// @throws Refused as [#awaitRows]
  void awaitRowsInTime(BooleanSupplier ending);

  /// Waits until there are not too many rows pending for more to be added, which are held in the
  /// heap.
  ///
  /// @throws Refused UNAVAILABLE if there are and none can be written now
  void awaitRoom();

  /// The last checkpoint whose file is in place: recovery starts from it. Any thread.
  Checkpoint confirmed();

  /// Tells why if writing stops for good before the store is closed: the database has failed, and
  /// only opening the store again helps. On the writer's thread: who is told does nothing that
  /// waits.
  CompletableFuture<String> failure();

  /// Answers what waits, forces, takes a checkpoint and ends the writer. What is submitted later is
  /// refused.
  @Override
  void close();
}
