package org.depozit.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// What changes about the messages of a [Chunk]: flags and mod-sequences, 12 octets a message (16
/// in a chunk where a message bears a keyword of bit 32 or higher). Shared like [Facts]; a flag
/// change copies them and nothing else.
final class Marks {
  private static final int[] NONE = {};

  private final int[] low;

  /// The upper halves of the flags; of length 0 where all are 0.
  private final int[] high;

  final long[] modSeq;
  private final AtomicInteger claimed;

  private Marks(int[] low, int[] high, long[] modSeq, int claimed) {
    this.low = low;
    this.high = high;
    this.modSeq = modSeq;
    this.claimed = new AtomicInteger(claimed);
  }

  static Marks sized(int capacity, boolean wide) {
    return new Marks(new int[capacity], wide ? new int[capacity] : NONE, new long[capacity], 0);
  }

  static boolean wide(long flags) {
    return flags >>> 32 != 0;
  }

  boolean wide() {
    return high.length > 0;
  }

  /// The flags as bits: [View#flagBits].
  long flags(int row) {
    long lower = low[row] & 0xFFFF_FFFFL;
    return high.length == 0 ? lower : lower | ((long) high[row] << 32);
  }

  /// Which rows, from one of 64 to another, bear the flag of a mask, as the bits of a word.
  long bearing(long mask, int from, int to) {
    int half = wide(mask) ? (int) (mask >>> 32) : (int) mask;
    int[] halves = wide(mask) ? high : low;
    long word = 0;
    for (int row = from; row < Math.min(to, halves.length); row++) {
      word |= (halves[row] & half) != 0 ? 1L << row : 0;
    }
    return word;
  }

  /// The first `count` rows as they were written.
  static Marks read(ByteBuffer from, int count, boolean wide) {
    Marks marks = sized(Chunk.capacityFor(count), wide);
    from.asLongBuffer().get(marks.modSeq, 0, count);
    from.position(from.position() + count * Long.BYTES);
    from.asIntBuffer().get(marks.low, 0, count);
    from.position(from.position() + count * Integer.BYTES);
    if (wide) {
      from.asIntBuffer().get(marks.high, 0, count);
      from.position(from.position() + count * Integer.BYTES);
    }
    marks.claimed.set(count);
    return marks;
  }

  /// Writes the first `count` rows, column by column.
  void write(ByteBuffer into, int count) {
    into.asLongBuffer().put(modSeq, 0, count);
    into.position(into.position() + count * Long.BYTES);
    into.asIntBuffer().put(low, 0, count);
    into.position(into.position() + count * Integer.BYTES);
    if (wide()) {
      into.asIntBuffer().put(high, 0, count);
      into.position(into.position() + count * Integer.BYTES);
    }
  }

  /// Octets of a row.
  static int row(boolean wide) {
    return wide ? 16 : 12;
  }

  /// These or their copy, with a free slot at `count` that belongs to the caller and has room for
  /// the flags.
  Marks claiming(int count, long flags) {
    boolean room = count < low.length && (wide() || !wide(flags));
    if (room && claimed.compareAndSet(count, count + 1)) {
      return this;
    }
    Marks copy = copy(count, Chunk.capacityFor(count + 1), wide() || wide(flags));
    copy.claimed.set(count + 1);
    return copy;
  }

  /// The first `count` rows in arrays of that capacity.
  Marks copy(int count, int capacity, boolean wide) {
    int[] upper = NONE;
    if (wide) {
      upper = wide() ? Arrays.copyOf(high, capacity) : new int[capacity];
    }
    return new Marks(Arrays.copyOf(low, capacity), upper, Arrays.copyOf(modSeq, capacity), count);
  }

  /// A copy that may be changed row by row before anybody else sees it.
  Marks copyFor(int count, long flags) {
    return copy(count, low.length, wide() || wide(flags));
  }

  /// Writes a slot that the caller owns, in marks that have room for the flags.
  void put(int slot, long flags, long modSeq) {
    low[slot] = (int) flags;
    if (high.length > 0) {
      high[slot] = (int) (flags >>> 32);
    }
    this.modSeq[slot] = modSeq;
  }
}
