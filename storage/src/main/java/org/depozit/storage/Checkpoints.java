package org.depozit.storage;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The checkpoints of a store that is open: the log forced, the database forced, the checkpoint's
/// file, which names the place before the oldest change whose rows are pending. The writer takes
/// them, between groups. The writer only, but for [#confirmed] and [#stored].
final class Checkpoints {
  /// How much the log may run ahead of the last one; for how long say the limits.
  private static final long OCTETS = 64L << 20;

  /// Pending rows written after which the database is forced, so that no checkpoint has so many
  /// pages to write that those who wait for it notice.
  private static final int ROWS = 5_000;

  private final Log log;
  private final Rows rows;
  private final long waitNanos;
  private final Forcing forcing;
  private final PendingRows pending;
  private final Stop stop;
  private final Trouble trouble = new Trouble("No checkpoint can be taken");

  private volatile Checkpoint confirmed;
  private volatile long stored;

  /// The position that the last one names.
  private long taken;

  /// How much was in the log when it was taken.
  private long octets;

  /// Since when the log is ahead of it.
  private long dirtySince = System.nanoTime();

  /// Whether the database refused the last one.
  private boolean postponed;

  /// The checkpoints from now on.
  ///
  /// @param log recovered, and its place confirmed or about to be
  Checkpoints(
      Log log, Rows rows, StoreLimits limits, Forcing forcing, PendingRows pending, Stop stop) {
    this.log = log;
    this.rows = rows;
    this.waitNanos = TimeUnit.MILLISECONDS.toNanos(limits.checkpointMillis());
    this.forcing = forcing;
    this.pending = pending;
    this.stop = stop;
    this.stored = log.position();
    this.confirmed = rows.backlog().replayFrom(log.checkpoint(false));
    this.taken = confirmed.sequence();
  }

  /// The last one whose file is in place: recovery starts from it. Any thread.
  Checkpoint confirmed() {
    return confirmed;
  }

  /// The log's position up to which the database on the disk has everything but the rows that are
  /// pending. Any thread.
  long stored() {
    return stored;
  }

  /// A group was appended to the log.
  void appended() {
    if (log.position() == taken + 1) {
      dirtySince = System.nanoTime();
    }
  }

  /// Whether the last one has all that is in the log.
  boolean complete() {
    return log.position() == taken;
  }

  /// How many nanoseconds from now one is due although little has come, 0 or less if at once; empty
  /// if there is nothing to bring.
  Optional<Long> due() {
    // One that was refused is tried again although nobody writes: the heap has its pages.
    return complete() && !postponed
        ? Optional.empty()
        : Optional.of(dirtySince + waitNanos - System.nanoTime());
  }

  /// Whether one is to be taken now.
  boolean dueNow() {
    return !log.broken() && (due().filter(in -> in <= 0).isPresent() || (!postponed && much()));
  }

  private boolean much() {
    return rows.full() || pending.unforced() >= ROWS || log.octets() - octets >= OCTETS;
  }

  /// Takes one, if the log and the database can be forced.
  ///
  /// @param clean whether the store is closed in order
  void take(boolean clean) {
    long start = System.nanoTime();
    if (!forcing.forcedAll() || !databaseForced()) {
      return;
    }
    pending.forced(start);
    CrashPoint.BEFORE_CHECKPOINT_FILE.pass();
    Checkpoint now = log.checkpoint(clean);
    stored = now.sequence();
    Checkpoint place = rows.backlog().replayFrom(now);
    taken = place.sequence();
    octets = log.octets();
    dirtySince = System.nanoTime();
    write(place);
    CrashPoint.AFTER_CHECKPOINT_FILE.pass();
  }

  /// @return false if the disk is full, say: the log has it all, and the time for a checkpoint
  ///   comes again
  private boolean databaseForced() {
    try {
      rows.checkpoint();
      postponed = false;
    } catch (Refused e) {
      stop.refused(e, rows);
      trouble.seen(e);
      postponed = true;
      dirtySince = System.nanoTime();
    }
    return !postponed;
  }

  /// The log goes on in another segment, and has nothing that the database has not.
  void moved() {
    write(log.checkpoint(false));
  }

  private void write(Checkpoint place) {
    try {
      place.write(log.files());
      confirmed = place;
      trouble.over();
    } catch (IOException e) {
      // The one before still holds: recovery only has more to replay.
      trouble.seen(e);
    }
  }
}
