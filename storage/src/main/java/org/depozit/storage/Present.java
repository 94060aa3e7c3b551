package org.depozit.storage;

import java.util.Arrays;

/// Picks messages out of the rows of a [View] by UID: touches only the chunks that the ranges of
/// the set meet.
final class Present {
  private long[] found = new long[16];
  private int length;

  private Present() {}

  /// What is done with a message.
  @FunctionalInterface
  interface Each {
    void on(Chunk chunk, int row);
  }

  /// What is done with neighbours in a chunk.
  @FunctionalInterface
  interface Run {
    /// Takes rows of a chunk.
    ///
    /// @param to the row behind the last one
    void on(Chunk chunk, int from, int to);
  }

  /// Shows the messages of the set that are here, ascending by UID.
  static void each(Chunks chunks, UidSet uids, Each each) {
    runs(
        chunks,
        uids,
        (chunk, from, to) -> {
          for (int row = from; row < to; row++) {
            each.on(chunk, row);
          }
        });
  }

  /// The same run by run, for who looks at very many.
  static void runs(Chunks chunks, UidSet uids, Run run) {
    for (Shelf shelf : chunks.shelves) {
      if (uids.meets(shelf.firstUid(), shelf.lastUid())) {
        for (Chunk chunk : shelf.chunks) {
          if (uids.meets(chunk.firstUid(), chunk.lastUid())) {
            runs(chunk, uids, run);
          }
        }
      }
    }
  }

  /// The UIDs of the set whose messages are here and bear all flags of the mask, ascending.
  static long[] of(Chunks chunks, UidSet uids, long mask) {
    Present present = new Present();
    for (Shelf shelf : chunks.shelves) {
      boolean may = mask != Chunk.DELETED || shelf.deleted > 0;
      if (may && uids.meets(shelf.firstUid(), shelf.lastUid())) {
        present.add(shelf, uids, mask);
      }
    }
    return Arrays.copyOf(present.found, present.length);
  }

  private void add(Shelf shelf, UidSet uids, long mask) {
    for (Chunk chunk : shelf.chunks) {
      boolean may = mask != Chunk.DELETED || chunk.deleted > 0;
      if (may && uids.meets(chunk.firstUid(), chunk.lastUid())) {
        add(chunk, uids, mask);
      }
    }
  }

  private void add(Chunk chunk, UidSet uids, long mask) {
    runs(
        chunk,
        uids,
        (_, from, to) -> {
          for (int row = from; row < to; row++) {
            if ((chunk.marks().flags(row) & mask) == mask) {
              add(chunk.facts().uid[row]);
            }
          }
        });
  }

  private static void runs(Chunk chunk, UidSet uids, Run run) {
    int end = 0;
    int range = uids.rangeFrom(chunk.firstUid());
    while (end < chunk.count && range < uids.ranges()) {
      int start = ceiling(chunk, uids.first(range));
      end = ceiling(chunk, uids.last(range) + 1);
      if (start < end) {
        run.on(chunk, start, end);
      }
      range++;
    }
  }

  private static int ceiling(Chunk chunk, long uid) {
    if (uid <= chunk.firstUid() || uid > chunk.lastUid()) {
      return uid <= chunk.firstUid() ? 0 : chunk.count;
    }
    int found = chunk.row(uid);
    return found >= 0 ? found : -found - 1;
  }

  private void add(long uid) {
    if (length == found.length) {
      found = Arrays.copyOf(found, 2 * length);
    }
    found[length++] = uid;
  }
}
