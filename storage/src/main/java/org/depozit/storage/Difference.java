package org.depozit.storage;

/// Compares two versions of a mailbox: shelves and chunks that both share are passed over, the rest
/// is merged row by row. Costs O(chunks + rows of touched chunks). After a chunk that lost rows
/// both sides stand at the start of the next one again, since UIDs ascend.
final class Difference {
  static final News NOTHING = new News(UidSet.NONE, UidSet.NONE, 0);

  private final Side earlier;
  private final Side later;
  private final UidSet.Builder vanished = new UidSet.Builder();
  private final UidSet.Builder changed = new UidSet.Builder();
  private int arrived;

  private Difference(Chunks earlier, Chunks later) {
    this.earlier = new Side(earlier);
    this.later = new Side(later);
  }

  static News of(Chunks earlier, Chunks later) {
    Difference difference = new Difference(earlier, later);
    while (difference.step()) {
      // Each step passes over at least one row.
    }
    return new News(difference.vanished.build(), difference.changed.build(), difference.arrived);
  }

  private boolean step() {
    if (later.atEnd()) {
      return !earlier.atEnd() && vanish();
    }
    if (earlier.atEnd()) {
      arrived += later.skipChunk();
      return true;
    }
    return sharedShelf() || sharedChunk() || sharedFacts() || rows();
  }

  private boolean sharedShelf() {
    if (earlier.atShelf() && later.atShelf() && earlier.shelf() == later.shelf()) {
      earlier.skipShelf();
      later.skipShelf();
      return true;
    }
    return false;
  }

  private boolean sharedChunk() {
    if (earlier.row == 0 && later.row == 0 && earlier.chunk() == later.chunk()) {
      earlier.skipChunk();
      later.skipChunk();
      return true;
    }
    return false;
  }

  /// The same messages with other marks: only the mod-sequences are compared.
  private boolean sharedFacts() {
    Chunk before = earlier.chunk();
    Chunk now = later.chunk();
    if (earlier.row > 0
        || later.row > 0
        || before.facts() != now.facts()
        || before.count != now.count) {
      return false;
    }
    for (int row = 0; row < now.count; row++) {
      if (now.marks().modSeq[row] > before.marks().modSeq[row]) {
        changed.add(now.facts().uid[row]);
      }
    }
    earlier.skipChunk();
    later.skipChunk();
    return true;
  }

  private boolean rows() {
    int before = earlier.uid();
    int now = later.uid();
    if (before < now) {
      return vanish();
    }
    if (now < before) {
      arrived++;
      later.next();
      return true;
    }
    if (later.modSeq() > earlier.modSeq()) {
      changed.add(now);
    }
    earlier.next();
    later.next();
    return true;
  }

  private boolean vanish() {
    vanished.add(earlier.uid());
    earlier.next();
    return true;
  }

  /// A walk over the rows of one version.
  private static final class Side {
    private final Shelf[] shelves;
    private int shelf;
    private int chunk;
    private int row;

    Side(Chunks chunks) {
      this.shelves = chunks.shelves;
    }

    boolean atEnd() {
      return shelf == shelves.length;
    }

    boolean atShelf() {
      return chunk == 0 && row == 0;
    }

    Shelf shelf() {
      return shelves[shelf];
    }

    Chunk chunk() {
      return shelves[shelf].chunks[chunk];
    }

    int uid() {
      return chunk().facts().uid[row];
    }

    long modSeq() {
      return chunk().marks().modSeq[row];
    }

    void next() {
      if (++row == chunk().count) {
        skipChunk();
      }
    }

    /// Goes to the next chunk.
    ///
    /// @return how many rows it passed over
    int skipChunk() {
      int rows = chunk().count - row;
      row = 0;
      if (++chunk == shelf().chunks.length) {
        skipShelf();
      }
      return rows;
    }

    void skipShelf() {
      shelf++;
      chunk = 0;
      row = 0;
    }
  }
}
