package org.depozit.storage;

import java.util.Arrays;
import java.util.List;

/// Up to 64 consecutive chunks, immutable, with their sums. At least one chunk. A change copies the
/// references of one shelf and of the list of shelves, however large the mailbox is.
final class Shelf {
  /// Chunks on a full shelf.
  static final int CAPACITY = 64;

  final Chunk[] chunks;

  /// Where each chunk starts, counted from the first row of the shelf.
  final int[] starts;

  final int count;
  final int unseen;
  final int deleted;
  final long octets;

  private Shelf(Chunk[] chunks) {
    this.chunks = chunks;
    this.starts = new int[chunks.length];
    int rows = 0;
    int unseenSum = 0;
    int deletedSum = 0;
    long octetSum = 0;
    for (int i = 0; i < chunks.length; i++) {
      starts[i] = rows;
      rows += chunks[i].count;
      unseenSum += chunks[i].unseen;
      deletedSum += chunks[i].deleted;
      octetSum += chunks[i].octets;
    }
    this.count = rows;
    this.unseen = unseenSum;
    this.deleted = deletedSum;
    this.octets = octetSum;
  }

  static Shelf of(Chunk... chunks) {
    return new Shelf(chunks);
  }

  /// Puts the chunks on full shelves; only the last may have room.
  static void put(Chunk[] chunks, List<Shelf> shelves) {
    for (int from = 0; from < chunks.length; from += CAPACITY) {
      int to = Math.min(chunks.length, from + CAPACITY);
      shelves.add(new Shelf(Arrays.copyOfRange(chunks, from, to)));
    }
  }

  int firstUid() {
    return chunks[0].firstUid();
  }

  int lastUid() {
    return last().lastUid();
  }

  private Chunk last() {
    return chunks[chunks.length - 1];
  }

  /// Whether one message more has a place here.
  boolean room() {
    return chunks.length < CAPACITY || !last().full();
  }

  /// The chunk that holds a row of the shelf.
  int chunkOf(int row) {
    int found = Arrays.binarySearch(starts, row);
    return found >= 0 ? found : -found - 2;
  }

  /// The last chunk that starts at this UID or before it; 0 if none does.
  int chunkOf(long uid) {
    int low = 0;
    int high = chunks.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (chunks[middle].firstUid() <= uid) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// With one message more; the shelf has room.
  Shelf appended(Change.MessageFiled message) {
    if (last().full()) {
      Chunk[] longer = Arrays.copyOf(chunks, chunks.length + 1);
      longer[chunks.length] = Chunk.of(message);
      return new Shelf(longer);
    }
    Chunk[] copy = chunks.clone();
    copy[copy.length - 1] = last().appended(message);
    return new Shelf(copy);
  }

  /// With the flags of the change from index `from` on, up to the last UID of the shelf; itself if
  /// nothing changes.
  Shelf flagged(Change.FlagsSet change, int from) {
    Chunk[] changed = chunks.clone();
    boolean any = false;
    int start = from;
    while (start < change.uids().length && change.uids()[start] <= lastUid()) {
      int at = chunkOf(change.uids()[start]);
      int end = Math.max(start + 1, end(change.uids(), start, chunks[at].lastUid()));
      changed[at] = chunks[at].flagged(change, start, end);
      any |= changed[at] != chunks[at];
      start = end;
    }
    return any ? new Shelf(changed) : this;
  }

  /// The first index from `from` on whose UID is above `last`.
  static int end(long[] uids, int from, long last) {
    int found = Arrays.binarySearch(uids, from, uids.length, last);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /// Writes the rows that stay, in chunks that are as they were where none of them goes.
  Chunk[] without(UidSet uids) {
    ChunkWriter kept = new ChunkWriter();
    for (Chunk chunk : chunks) {
      if (uids.meets(chunk.firstUid(), chunk.lastUid())) {
        without(chunk, uids, kept);
      } else {
        kept.add(chunk);
      }
    }
    return kept.chunks();
  }

  private static void without(Chunk chunk, UidSet uids, ChunkWriter kept) {
    int range = uids.rangeFrom(chunk.firstUid());
    for (int row = 0; row < chunk.count; row++) {
      int uid = chunk.facts().uid[row];
      while (range < uids.ranges() && uids.last(range) < uid) {
        range++;
      }
      if (range == uids.ranges() || uid < uids.first(range)) {
        kept.add(chunk, row);
      }
    }
  }
}
