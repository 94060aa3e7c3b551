package org.depozit.storage;

/// Rows of one chunk as bits, 64 a word.
final class Bits {
  private Bits() {}

  static long[] none(Chunk chunk) {
    return new long[(chunk.count + 63) >>> 6];
  }

  static long[] all(Chunk chunk) {
    long[] rows = none(chunk);
    for (int word = 0; word < rows.length; word++) {
      rows[word] = -1L;
    }
    if ((chunk.count & 63) != 0) {
      rows[rows.length - 1] = (1L << chunk.count) - 1;
    }
    return rows;
  }

  static boolean any(long[] rows) {
    for (long word : rows) {
      if (word != 0) {
        return true;
      }
    }
    return false;
  }

  static int count(long[] rows) {
    int count = 0;
    for (long word : rows) {
      count += Long.bitCount(word);
    }
    return count;
  }

  static long[] and(long[] rows, long[] others) {
    long[] both = rows.clone();
    for (int word = 0; word < rows.length; word++) {
      both[word] &= others[word];
    }
    return both;
  }

  static long[] minus(long[] rows, long[] others) {
    long[] rest = rows.clone();
    for (int word = 0; word < rows.length; word++) {
      rest[word] &= ~others[word];
    }
    return rest;
  }

  static void add(long[] rows, long[] others) {
    for (int word = 0; word < rows.length; word++) {
      rows[word] |= others[word];
    }
  }

  /// Only that row.
  static long[] only(Chunk chunk, int row) {
    long[] rows = none(chunk);
    rows[row >>> 6] = 1L << row;
    return rows;
  }

  /// The first row at this one or after it; -1 if there is none.
  static int next(long[] rows, int row) {
    for (int word = row >>> 6; word < rows.length; word++) {
      long left = word == row >>> 6 ? rows[word] & (-1L << row) : rows[word];
      if (left != 0) {
        return (word << 6) + Long.numberOfTrailingZeros(left);
      }
    }
    return -1;
  }

  /// The last row at this one or before it; -1 if there is none.
  static int previous(long[] rows, int row) {
    for (int word = row >> 6; word >= 0; word--) {
      long left = word == row >> 6 ? rows[word] & (-1L >>> (63 - (row & 63))) : rows[word];
      if (left != 0) {
        return (word << 6) + 63 - Long.numberOfLeadingZeros(left);
      }
    }
    return -1;
  }
}
