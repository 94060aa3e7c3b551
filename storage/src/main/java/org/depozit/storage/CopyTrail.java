package org.depozit.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What was copied from messages whose rows are gone. A [Change.Copied] names its originals only,
/// by their UIDs, and these may have been moved on since: then no row tells any more which messages
/// they were, and only the log knows what became of them. One thread.
final class CopyTrail {
  /// Copies asked for at a time.
  private static final int RUN = 100;

  private final LogFiles files;

  /// What segments tell that nobody writes to any more: each is read once.
  private final Map<Long, List<Told>> known = new HashMap<>();

  /// A [Change.Copied] without its flags.
  private record Told(int from, UidSet uids, int to, long firstUid) {
    UidSet copies(UidSet originals) {
      UidSet.Builder copies = new UidSet.Builder();
      for (int range = 0; range < originals.ranges(); range++) {
        long first = firstUid + uids.below(originals.first(range));
        copies.add(first, first + originals.last(range) - originals.first(range));
      }
      return copies.build();
    }
  }

  CopyTrail(LogFiles files) {
    this.files = files;
  }

  /// Copies of messages, and of these at whatever remove, that later segments tell of: few in each
  /// record, of which only the copies' UIDs count.
  ///
  /// @param segment that tells how the messages came to be
  /// @param messages UIDs by mailbox
  /// @param sealed the first segment that may still be written to
  /// @param ending whether to stop half-way: then what was found so far is given
  List<Change.Copied> behind(
      long segment, Map<Integer, UidSet> messages, long sealed, BooleanSupplier ending)
      throws IOException {
    Map<Integer, UidSet> followed = new HashMap<>(messages);
    List<Change.Copied> found = new ArrayList<>();
    for (long later : files.segments()) {
      if (later > segment && !ending.getAsBoolean()) {
        for (Told told : told(later, later < sealed)) {
          UidSet from = followed.getOrDefault(told.from, UidSet.NONE);
          UidSet copies = told.copies(told.uids.intersection(from));
          if (!copies.isEmpty()) {
            followed.merge(told.to, copies, UidSet::union);
            runs(told, copies, found);
          }
        }
      }
    }
    return found;
  }

  /// The segment is gone.
  void forget(long segment) {
    known.remove(segment);
  }

  private static void runs(Told told, UidSet copies, List<Change.Copied> into) {
    for (int range = 0; range < copies.ranges(); range++) {
      for (long uid = copies.first(range); uid <= copies.last(range); uid += RUN) {
        int count = (int) Math.min(RUN, copies.last(range) - uid + 1);
        into.add(new Change.Copied(told.from, UidSet.NONE, told.to, uid, 0, 0, new long[count]));
      }
    }
  }

  private List<Told> told(long segment, boolean whole) throws IOException {
    List<Told> told = known.get(segment);
    if (told == null) {
      told = read(segment);
      if (whole) {
        known.put(segment, told);
      }
    }
    return told;
  }

  private List<Told> read(long segment) throws IOException {
    List<Told> all = new ArrayList<>();
    SegmentScan.read(
        files,
        segment,
        0,
        new SegmentScan.Taker() {
          @Override
          public void group(Group.Read group, long offset) throws IOException {
            group.changes().forEach(change -> note(change, all));
          }

          @Override
          public void damaged(long from, long to) {
            // The end of the last one, which is being written; else it is lost with what it tells.
          }
        });
    return all;
  }

  private static void note(Change change, List<Told> all) {
    if (change instanceof Change.Together(List<Change> changes)) {
      changes.forEach(each -> note(each, all));
    } else if (change instanceof Change.Copied copied) {
      all.add(new Told(copied.from(), copied.uids(), copied.to(), copied.firstUid()));
    }
  }
}
