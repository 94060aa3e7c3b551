package org.depozit.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The octets of a file of a [SimulatedDisk], in blocks that are never written to again once they
/// are here, so that a copy shares them and costs an array of references when one of the two is
/// written. Used under the lock of its disk.
final class DiskBlocks {
  static final int BLOCK = 4_096;

  /// Zeros that were really written, which take room; a hole takes none.
  private static final byte[] ZEROS = new byte[BLOCK];

  private byte[][] blocks = new byte[4][];
  private long size;
  private boolean shared;

  /// The same octets; both may be written from now on, neither sees the other's.
  DiskBlocks copy() {
    shared = true;
    DiskBlocks copy = new DiskBlocks();
    copy.blocks = blocks;
    copy.size = size;
    copy.shared = true;
    return copy;
  }

  long size() {
    return size;
  }

  /// Reads into what remains of a buffer.
  ///
  /// @return how many octets; -1 at the end
  int read(long at, ByteBuffer into) {
    if (at >= size) {
      return -1;
    }
    int count = (int) Math.min(into.remaining(), size - at);
    for (int done = 0; done < count; ) {
      int offset = (int) ((at + done) % BLOCK);
      int part = Math.min(count - done, BLOCK - offset);
      into.put(block((at + done) / BLOCK), offset, part);
      done += part;
    }
    return count;
  }

  private byte[] block(long index) {
    byte[] block = index < blocks.length ? blocks[(int) index] : null;
    return block == null ? ZEROS : block;
  }

  /// How many blocks a write would take that are not here yet.
  int missing(long at, int count) {
    int missing = 0;
    for (long index = at / BLOCK; index * BLOCK < at + count; index++) {
      missing += index >= blocks.length || blocks[(int) index] == null ? 1 : 0;
    }
    return missing;
  }

  /// How many blocks take room.
  int taken() {
    int taken = 0;
    for (byte[] block : blocks) {
      taken += block == null ? 0 : 1;
    }
    return taken;
  }

  void write(long at, byte[] octets, int from, int count) {
    own((int) ((at + count + BLOCK - 1) / BLOCK));
    for (int done = 0; done < count; ) {
      int index = (int) ((at + done) / BLOCK);
      int offset = (int) ((at + done) % BLOCK);
      int part = Math.min(count - done, BLOCK - offset);
      blocks[index] = changed(block(index), offset, octets, from + done, part);
      done += part;
    }
    size = Math.max(size, at + count);
  }

  @SuppressWarnings("ReferenceEquality") // this very block stands for zeros
  private static byte[] changed(byte[] block, int offset, byte[] octets, int from, int count) {
    if (block == ZEROS && allZero(octets, from, count)) {
      return ZEROS;
    }
    byte[] changed = block.clone();
    System.arraycopy(octets, from, changed, offset, count);
    return changed;
  }

  private static boolean allZero(byte[] octets, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (octets[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void own(int length) {
    if (shared || length > blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(blocks.length, length + length / 4));
      shared = false;
    }
  }

  /// Makes it shorter, or longer by a hole.
  void resize(long to) {
    own(0);
    if (to < size) {
      int kept = (int) ((to + BLOCK - 1) / BLOCK);
      Arrays.fill(blocks, Math.min(kept, blocks.length), blocks.length, null);
      int rest = (int) (to % BLOCK);
      if (rest > 0 && kept <= blocks.length && blocks[kept - 1] != null) {
        byte[] last = Arrays.copyOf(block(kept - 1), BLOCK);
        Arrays.fill(last, rest, BLOCK, (byte) 0);
        blocks[kept - 1] = last;
      }
    }
    size = to;
  }
}
