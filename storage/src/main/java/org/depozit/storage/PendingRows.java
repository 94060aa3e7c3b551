package org.depozit.storage;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The writer's turns at the rows that are pending ([Backlog]), in slices between groups, and those
/// who wait for them. The writer, but for who waits.
final class PendingRows {
  private static final Logger LOGGER = LoggerFactory.getLogger(PendingRows.class);

  /// How long the writer writes pending rows at a time; their commit takes half as long again.
  private static final long SLICE = TimeUnit.MICROSECONDS.toNanos(600);

  /// The same when nothing else is to be done before them.
  private static final long LONG_SLICE = TimeUnit.MILLISECONDS.toNanos(25);

  /// How often who waits for pending rows looks.
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(2);

  private final Rows rows;
  private final Ledger ledger;
  private final StoreLimits.Bulk limits;
  private final Stop stop;
  private final Pace pace = new Pace();

  /// Rows of copies pending, about.
  private volatile long copied;

  /// Flags that a replay would have to read again.
  private volatile long flagsTold;

  /// The log's position up to which all rows are written.
  private volatile long writtenUpTo = Long.MAX_VALUE;

  /// Rows written that the database has not forced. The writer's own.
  private long unforced;

  PendingRows(Rows rows, Ledger ledger, StoreLimits.Bulk limits, Stop stop) {
    this.rows = rows;
    this.ledger = ledger;
    this.limits = limits;
    this.stop = stop;
    counted();
  }

  /// Waits until the rows of all up to a position are written. Any thread but the writer's.
  ///
  /// @throws Refused UNAVAILABLE if writing has stopped
  void await(long position) {
    await(() -> writtenUpTo >= position);
  }

  /// Waits until a replay would not have to write too many rows for more to be added. Any thread
  /// but the writer's.
  ///
  /// @throws Refused UNAVAILABLE if there are and none can be written now
  void awaitRoom() {
    await(() -> {
      boolean room = copied <= limits.rowsCopied();
      if (!room && pace.failing()) {
        throw stop.refusal();
      }
      return room;
    });
  }

  /// Waits until a replay would not have to read too many flags again for more to be added. Any
  /// thread but the writer's.
  ///
  /// @throws Refused UNAVAILABLE if writing has stopped
  void awaitFlagsRoom() {
    // If the database fails there is room in the log all the same.
    await(() -> pace.failing() || flagsTold <= limits.flagsTold());
  }

  /// Asking the writer would look like somebody who sends one change after the other.
  private void await(BooleanSupplier there) {
    if (there.getAsBoolean()) {
      return;
    }
    pace.hurry();
    try {
      while (!there.getAsBoolean()) {
        if (stop.stopped() || stop.closing()) {
          throw stop.refusal();
        }
        LockSupport.parkNanos(LOOK);
      }
    } finally {
      pace.leave();
    }
  }

  /// A group of changes is done with: its rows may be pending.
  void came() {
    pace.came();
  }

  /// Counts again what is pending.
  void counted() {
    copied = rows.backlog().rowsCopied();
    flagsTold = rows.backlog().flagsTold();
    writtenUpTo = rows.backlog().oldest().map(Checkpoint::sequence).orElse(Long.MAX_VALUE);
  }

  /// How many nanoseconds from now the next are to be written.
  ///
  /// @param wanted whether somebody waits for another change
  long due(boolean wanted) {
    return pace.due(rows.backlog(), wanted);
  }

  /// Writes some.
  void slice() {
    boolean _ = slice(SLICE);
  }

  /// @return whether it was written
  private boolean slice(long nanos) {
    long start = System.nanoTime();
    boolean written = false;
    try {
      unforced += rows.slice(nanos);
      ledger.written();
      CrashPoint.AFTER_SLICE.pass();
      written = true;
    } catch (Refused refused) {
      LOGGER.error("Rows cannot be written now", refused);
      stop.refused(refused, rows);
      ledger.unwritten();
    }
    pace.sliced(start, written);
    counted();
    return written;
  }

  /// The store is closing: brings the rows that are pending, for a while. What is left the log has.
  void finish(long nanos) {
    long end = System.nanoTime() + nanos;
    boolean written = true;
    while (written && !rows.backlog().isEmpty() && System.nanoTime() < end) {
      written = slice(LONG_SLICE);
    }
  }

  /// How many were written since the database was forced, about.
  long unforced() {
    return unforced;
  }

  /// The database was forced, which is among what slices take.
  ///
  /// @param start when that began, by [System#nanoTime]
  void forced(long start) {
    if (unforced > 0) {
      pace.forced(start);
      unforced = 0;
    }
  }
}
