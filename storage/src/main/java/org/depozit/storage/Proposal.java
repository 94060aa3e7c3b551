package org.depozit.storage;

/// What a session wants done. It is run by the writer, inside the group's SQL transaction, and
/// works out what is to happen from the ledger, which knows the pending changes of the same group.
/// It does no I/O of its own and keeps nothing.
///
/// @param <R> what the session is told
@FunctionalInterface
interface Proposal<R> {
  /// Says what is to happen. Bodies are kept ([Ledger#keep]) here, so that they stand in the log
  /// beside their change.
  ///
  /// @throws Refused if it cannot be done; nothing of it is done then
  Outcome<R> propose(Ledger ledger);
}
