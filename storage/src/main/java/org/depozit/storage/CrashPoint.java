package org.depozit.storage;

import java.util.concurrent.atomic.AtomicInteger;

/// Points of the commit path at which a test can have the process end as if it were killed: the
/// system property `org.depozit.storage.haltAt` names one, `org.depozit.storage.haltAfter` says at
/// which pass (1 if not given). Without the property a pass is a comparison of two constants.
enum CrashPoint {
  /// A group is complete in the heap.
  BEFORE_APPEND,
  /// Half of a group is in the log.
  MID_APPEND,
  /// A group is in the log, not forced.
  AFTER_APPEND,
  /// A group is on the disk; the database has not committed it.
  AFTER_FORCE,
  /// The database has committed a group; nobody was told.
  AFTER_COMMIT,
  /// Readers see a group; its sessions were not answered.
  AFTER_PUBLISH,
  /// The database is forced for a checkpoint whose file is not yet written.
  BEFORE_CHECKPOINT_FILE,
  /// The checkpoint's file is in place.
  AFTER_CHECKPOINT_FILE;

  private static final AtomicInteger LEFT =
      new AtomicInteger(Integer.getInteger("org.depozit.storage.haltAfter", 1));

  private final boolean chosen =
      name().equals(System.getProperty("org.depozit.storage.haltAt", ""));

  /// Whether the process is to end here, at this pass or a later one.
  boolean chosen() {
    return chosen;
  }

  /// Passes the point, or ends the process here.
  void pass() {
    if (chosen && LEFT.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(137);
    }
  }
}
