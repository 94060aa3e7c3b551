package org.depozit.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Brings a flat save up to the rows: what its mailbox's rows say above the file's mod-sequence is
/// laid over the chunks of the file. Chunks that nothing touched stay as they are. Used by one
/// thread, once.
final class CatchUp {
  private final FlatFile.Read flat;
  private final List<Loads.Row> changed;
  private final UidSet gone;
  private final ChunkWriter rows = new ChunkWriter();
  private int next;

  private CatchUp(FlatFile.Read flat, List<Loads.Row> changed, UidSet gone) {
    this.flat = flat;
    this.changed = changed;
    this.gone = gone;
  }

  /// A version caught up.
  ///
  /// @param chunks its rows
  /// @param highestModSeq the highest mod-sequence among what was read
  /// @param behind rows that the file did not have right
  record CaughtUp(Chunks chunks, long highestModSeq, int behind) {
    /// Whether the rows add up to the mailbox's counters. They need not if something has changed
    /// since the counters were read.
    boolean agrees(MailboxCounters now) {
      return highestModSeq > now.highestModSeq()
          || (chunks.count == now.messages()
              && chunks.unseen == now.unseen()
              && chunks.deleted == now.deleted()
              && chunks.octets == now.octets()
              && chunks.lastUid() < now.uidNext());
    }

    /// The counters that the rows add up to.
    MailboxCounters counted(MailboxCounters least) {
      return least
          .raised(chunks.lastUid() + 1L, highestModSeq)
          .counted(chunks.count, chunks.unseen, chunks.deleted, chunks.octets);
    }
  }

  /// Reads what is new since the file was written. Empty if that is more than it is worth, or if
  /// the rows contradict the file.
  ///
  /// The removed are read after the changed: a message that goes in between is in the second answer
  /// although the first has it, and none is in neither.
  ///
  /// @param now the mailbox's row, read before
  /// @param most rows that are worth it
  static Optional<CaughtUp> of(Db db, FlatFile.Read flat, MailboxCounters now, int most) {
    long since = flat.header().highestModSeq();
    if (since >= now.highestModSeq()) {
      return Optional.of(new CaughtUp(Chunks.of(flat.chunks()), since, 0));
    }
    List<Loads.Row> changed =
        new ArrayList<>(db.read(connection -> Loads.changed(connection, now, since, most + 1)));
    List<Loads.Gone> gone =
        db.read(connection -> Loads.gone(connection, now.mailbox(), since, most + 1));
    int behind = changed.size() + gone.size();
    return behind > most ? Optional.empty() : of(flat, changed, gone);
  }

  private static Optional<CaughtUp> of(
      FlatFile.Read flat, List<Loads.Row> changed, List<Loads.Gone> gone) {
    changed.sort(Comparator.comparingLong(Loads.Row::uid));
    UidSet uids = UidSet.of(gone.stream().mapToLong(Loads.Gone::uid).sorted().toArray());
    CatchUp catchUp = new CatchUp(flat, changed, uids);
    if (!catchUp.lay()) {
      return Optional.empty();
    }
    Chunks chunks = Chunks.of(catchUp.rows.chunks());
    int behind = changed.size() + gone.size();
    return Optional.of(new CaughtUp(chunks, highest(flat, changed, gone), behind));
  }

  private static long highest(FlatFile.Read flat, List<Loads.Row> changed, List<Loads.Gone> gone) {
    long highest = flat.header().highestModSeq();
    for (Loads.Row row : changed) {
      highest = Math.max(highest, row.modSeq());
    }
    for (Loads.Gone row : gone) {
      highest = Math.max(highest, row.modSeq());
    }
    return highest;
  }

  /// @return false if the rows change a message that the file lacks
  private boolean lay() {
    for (Chunk chunk : flat.chunks()) {
      if (!over(chunk)) {
        return false;
      }
    }
    for (; next < changed.size(); next++) {
      Loads.Row row = changed.get(next);
      if (gone.contains(row.uid())) {
        continue;
      }
      if (row.uid() < flat.header().uidNext()) {
        return false;
      }
      rows.add(row);
    }
    return true;
  }

  private boolean over(Chunk chunk) {
    boolean touched = next < changed.size() && changed.get(next).uid() <= chunk.lastUid();
    if (!touched && !gone.meets(chunk.firstUid(), chunk.lastUid())) {
      rows.add(chunk);
      return true;
    }
    for (int row = 0; row < chunk.count; row++) {
      int uid = chunk.facts().uid[row];
      if (next < changed.size() && changed.get(next).uid() < uid && !skip(uid)) {
        return false;
      }
      boolean newer = next < changed.size() && changed.get(next).uid() == uid;
      if (gone.contains(uid)) {
        next += newer ? 1 : 0;
      } else if (newer) {
        rows.add(changed.get(next++));
      } else {
        rows.add(chunk, row);
      }
    }
    return true;
  }

  /// Passes over messages that came and went since.
  private boolean skip(int uid) {
    while (next < changed.size() && changed.get(next).uid() < uid) {
      if (!gone.contains(changed.get(next++).uid())) {
        return false;
      }
    }
    return true;
  }
}
