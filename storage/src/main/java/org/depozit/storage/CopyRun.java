package org.depozit.storage;

import java.util.Arrays;

/// Copies whose rows are on their way: until they are there the rows of their originals stand in
/// for them, which are there at least as long.
///
/// @param source holds the originals; kept loaded
/// @param originals UIDs, ascending; not written to
/// @param firstUid of the copies, which have one UID after the other
record CopyRun(OpenMailbox source, long[] originals, long firstUid) {
  long lastUid() {
    return firstUid + originals.length - 1;
  }

  boolean holds(long uid) {
    return uid >= firstUid && uid <= lastUid();
  }

  /// The original of a copy.
  long original(long uid) {
    return originals[(int) (uid - firstUid)];
  }

  /// The copy of a message; -1 if it has none in this run.
  long copy(long original) {
    int found = Arrays.binarySearch(originals, original);
    return found < 0 ? -1 : firstUid + found;
  }
}
