package org.depozit.storage;

/// The system flags as bits, in the order of [Flag#SYSTEM].
final class FlagBits {
  static final long SEEN = 1;
  static final long DELETED = 1 << 3;

  /// The lowest bit of a keyword.
  static final int FIRST_KEYWORD = 5;

  private FlagBits() {}

  /// 1 if `\Seen` is not among the bits, else 0.
  static int unseen(long bits) {
    return (bits & SEEN) == 0 ? 1 : 0;
  }

  /// 1 if `\Deleted` is among the bits, else 0.
  static int deleted(long bits) {
    return (bits & DELETED) == 0 ? 0 : 1;
  }

  /// The bit of a system flag as a mask; 0 if it is a keyword.
  static long system(Flag flag) {
    int bit = Flag.SYSTEM.indexOf(flag);
    return bit < 0 ? 0 : 1L << bit;
  }
}
