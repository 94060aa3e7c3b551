package org.depozit.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The rows of a [View]: shelves of chunks of rows, immutable and persistent. A new version shares
/// with the one it was made from every chunk, and every shelf, that the change did not touch.
final class Chunks {
  static final Chunks NONE = new Chunks(new Shelf[0]);

  private static final int ROW_BITS = 10;
  private static final int CHUNK_BITS = 6;

  final Shelf[] shelves;

  /// The position of each shelf's first row.
  private final int[] starts;

  final int count;
  final int unseen;
  final int deleted;
  final long octets;

  private Chunks(Shelf[] shelves) {
    this.shelves = shelves;
    this.starts = new int[shelves.length];
    int rows = 0;
    int unseenSum = 0;
    int deletedSum = 0;
    long octetSum = 0;
    for (int i = 0; i < shelves.length; i++) {
      starts[i] = rows;
      rows += shelves[i].count;
      unseenSum += shelves[i].unseen;
      deletedSum += shelves[i].deleted;
      octetSum += shelves[i].octets;
    }
    this.count = rows;
    this.unseen = unseenSum;
    this.deleted = deletedSum;
    this.octets = octetSum;
  }

  static Chunks of(Chunk[] chunks) {
    List<Shelf> shelves = new ArrayList<>();
    Shelf.put(chunks, shelves);
    return new Chunks(shelves.toArray(Shelf[]::new));
  }

  /// Where a row stands: shelf, chunk and row packed, for [#chunk] and [#row].
  long place(int position) {
    if (position < 0 || position >= count) {
      throw new IndexOutOfBoundsException(position + " of " + count);
    }
    int shelf = shelfOf(position);
    int inShelf = position - starts[shelf];
    int chunk = shelves[shelf].chunkOf(inShelf);
    int row = inShelf - shelves[shelf].starts[chunk];
    return ((long) shelf << (ROW_BITS + CHUNK_BITS)) | ((long) chunk << ROW_BITS) | row;
  }

  Chunk chunk(long place) {
    Shelf shelf = shelves[(int) (place >>> (ROW_BITS + CHUNK_BITS))];
    return shelf.chunks[(int) (place >>> ROW_BITS) & ((1 << CHUNK_BITS) - 1)];
  }

  static int row(long place) {
    return (int) place & ((1 << ROW_BITS) - 1);
  }

  private int shelfOf(int position) {
    int found = Arrays.binarySearch(starts, position);
    return found >= 0 ? found : -found - 2;
  }

  /// The last shelf that starts at this UID or before it; 0 if none does.
  private int shelfOf(long uid) {
    int low = 0;
    int high = shelves.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (shelves[middle].firstUid() <= uid) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /// The position of the UID, or as [Arrays#binarySearch] says it where it would be.
  int search(long uid) {
    if (count == 0) {
      return -1;
    }
    int at = shelfOf(uid);
    Shelf shelf = shelves[at];
    int chunk = shelf.chunkOf(uid);
    int row = shelf.chunks[chunk].row(uid);
    int before = starts[at] + shelf.starts[chunk];
    return row >= 0 ? before + row : row - before;
  }

  /// The highest UID that is here; 0 if there is none.
  int lastUid() {
    return shelves.length == 0 ? 0 : shelves[shelves.length - 1].lastUid();
  }

  /// Every chunk in order.
  Chunk[] all() {
    List<Chunk> all = new ArrayList<>();
    for (Shelf shelf : shelves) {
      all.addAll(Arrays.asList(shelf.chunks));
    }
    return all.toArray(Chunk[]::new);
  }

  /// The position of the first message without `\Seen`; -1 if there is none.
  int firstUnseen() {
    for (int s = 0; s < shelves.length && unseen > 0; s++) {
      Shelf shelf = shelves[s];
      for (int c = 0; c < shelf.chunks.length && shelf.unseen > 0; c++) {
        if (shelf.chunks[c].unseen > 0) {
          return starts[s] + shelf.starts[c] + firstUnseen(shelf.chunks[c]);
        }
      }
    }
    return -1;
  }

  private static int firstUnseen(Chunk chunk) {
    int row = 0;
    while ((chunk.marks().flags(row) & Chunk.SEEN) != 0) {
      row++;
    }
    return row;
  }

  /// With one message more, whose UID is above all others.
  Chunks appended(Change.MessageFiled message) {
    int last = shelves.length - 1;
    if (last < 0 || !shelves[last].room()) {
      Shelf[] longer = Arrays.copyOf(shelves, last + 2);
      longer[last + 1] = Shelf.of(Chunk.of(message));
      return new Chunks(longer);
    }
    Shelf[] copy = shelves.clone();
    copy[last] = shelves[last].appended(message);
    return new Chunks(copy);
  }

  /// With more messages, whose UIDs are above all others.
  Chunks with(Chunk[] more) {
    List<Shelf> all = new ArrayList<>(Arrays.asList(shelves));
    Shelf.put(more, all);
    return new Chunks(all.toArray(Shelf[]::new));
  }

  /// With new flags; itself if nothing changes.
  Chunks flagged(Change.FlagsSet change) {
    long[] uids = change.uids();
    Shelf[] changed = shelves.clone();
    boolean any = false;
    int from = 0;
    for (int i = 0; i < shelves.length && from < uids.length; i++) {
      int end = Shelf.end(uids, from, shelves[i].lastUid());
      if (from < end) {
        changed[i] = shelves[i].flagged(change, from);
        any |= changed[i] != shelves[i];
      }
      from = end;
    }
    return any ? new Chunks(changed) : this;
  }

  /// Without the messages of these UIDs; itself if none of them is here.
  Chunks without(UidSet uids) {
    List<Shelf> kept = new ArrayList<>(shelves.length);
    int rows = 0;
    for (Shelf shelf : shelves) {
      if (uids.meets(shelf.firstUid(), shelf.lastUid())) {
        Shelf.put(shelf.without(uids), kept);
      } else {
        kept.add(shelf);
      }
    }
    for (Shelf shelf : kept) {
      rows += shelf.count;
    }
    return rows == count ? this : new Chunks(kept.toArray(Shelf[]::new));
  }
}
