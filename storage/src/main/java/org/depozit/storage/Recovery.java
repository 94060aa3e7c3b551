package org.depozit.storage;

/// What happens to the log when the store is opened.
final class Recovery {
  private Recovery() {}

  /// Replays the log after the last checkpoint into the database, cuts off a torn tail, takes a checkpoint and gives the log,
  /// ready to be written. Big bodies that no row names are removed.
  ///
  /// @throws Refused UNAVAILABLE if the log is damaged where it was on the disk already, or cannot be read
  static Log recover(LogFiles files, StoreLimits limits, Rows rows) {
    throw new IllegalStateException("not yet " + files + limits + rows);
  }
}
