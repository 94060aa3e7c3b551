package org.depozit.storage;

import java.util.Optional;

/// What a [Proposal] came to.
///
/// @param change what is to happen; empty if there is nothing to do
/// @param answer computed from the same absolute values as the change
/// @param forced whether the answer waits until the change is on the disk: all but flag changes
/// @param <R> what the session is told
record Outcome<R>(Optional<Change> change, R answer, boolean forced) {
  /// A change that is answered once it is on the disk.
  static <R> Outcome<R> forced(Change change, R answer) {
    return new Outcome<>(Optional.of(change), answer, true);
  }

  /// A change of flags: answered once it is in the log, on the disk within 100 ms.
  static <R> Outcome<R> logged(Change change, R answer) {
    return new Outcome<>(Optional.of(change), answer, false);
  }

  /// Nothing to do.
  static <R> Outcome<R> nothing(R answer) {
    return new Outcome<>(Optional.empty(), answer, false);
  }
}
