package org.depozit.storage;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Points of the commit path at which a test can look at what is on the disk ([#watch]), or have
/// the process end as if it were killed: the system property `org.depozit.storage.haltAt` names
/// one, `org.depozit.storage.haltAfter` says at which pass (1 if not given). Without either a pass
/// is two comparisons.
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
  /// All pages of a checkpoint are written to their journal, not forced.
  BEFORE_CHECKPOINT_FORCE,
  /// The pages of a checkpoint are on the disk in their journal, and not in the database's file.
  AFTER_CHECKPOINT_FORCE,
  /// Rows of a published change are written, not committed, while more may be pending.
  BEFORE_SLICE_COMMIT,
  /// Rows of a published change are committed, while more may be pending.
  AFTER_SLICE,
  /// The database is forced for a checkpoint whose file is not yet written.
  BEFORE_CHECKPOINT_FILE,
  /// The checkpoint's file is in place.
  AFTER_CHECKPOINT_FILE,
  /// What a segment still told is carried forward.
  AFTER_CARRYING,
  /// The database is forced behind what was carried.
  AFTER_CARRYING_CHECKPOINT,
  /// The log says that the segment is gone; its file is there.
  AFTER_SEGMENT_DROPPED,
  /// The segment's file is deleted.
  AFTER_SEGMENT_DELETED,
  /// Some pages of the database's file are moved to where it is to end, in the heap.
  AFTER_SHRINKING;

  private static final AtomicInteger LEFT =
      new AtomicInteger(Integer.getInteger("org.depozit.storage.haltAfter", 1));

  private static volatile Optional<Consumer<CrashPoint>> watcher = Optional.empty();

  private final boolean chosen =
      name().equals(System.getProperty("org.depozit.storage.haltAt", ""));

  /// Has each pass of each point told, on the thread that passes it, in all stores of this process;
  /// for tests.
  static void watch(Consumer<CrashPoint> told) {
    watcher = Optional.of(told);
  }

  /// Tells nobody any more.
  static void watchNoMore() {
    watcher = Optional.empty();
  }

  /// Whether something may happen here, at this pass or a later one.
  boolean chosen() {
    return chosen || watcher.isPresent();
  }

  /// Passes the point, or ends the process here.
  void pass() {
    watcher.ifPresent(told -> told.accept(this));
    if (chosen && LEFT.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(137);
    }
  }
}
