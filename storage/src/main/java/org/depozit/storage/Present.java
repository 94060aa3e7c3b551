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

  /// Shows the messages of the set that are here, ascending by UID.
  static void each(Chunks chunks, UidSet uids, Each each) {
    for (Shelf shelf : chunks.shelves) {
      if (uids.meets(shelf.firstUid(), shelf.lastUid())) {
        for (Chunk chunk : shelf.chunks) {
          if (uids.meets(chunk.firstUid(), chunk.lastUid())) {
            each(chunk, uids, each);
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
    each(
        chunk,
        uids,
        (_, row) -> {
          if ((chunk.marks.flags(row) & mask) == mask) {
            add(chunk.facts.uid[row]);
          }
        });
  }

  private static void each(Chunk chunk, UidSet uids, Each each) {
    int row = 0;
    int range = uids.rangeFrom(chunk.firstUid());
    while (row < chunk.count && range < uids.ranges()) {
      int uid = chunk.facts.uid[row];
      if (uid > uids.last(range)) {
        range++;
      } else if (uid < uids.first(range)) {
        int next = chunk.row(uids.first(range));
        row = next >= 0 ? next : -next - 1;
      } else {
        each.on(chunk, row++);
      }
    }
  }

  private void add(long uid) {
    if (length == found.length) {
      found = Arrays.copyOf(found, 2 * length);
    }
    found[length++] = uid;
  }
}
