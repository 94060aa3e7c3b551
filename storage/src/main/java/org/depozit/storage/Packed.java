package org.depozit.storage;

/// Packed keys: an owner's number in the upper half, a number within the owner (a UID, a text's id)
/// in the lower. One integer, since the database clusters rows on no other kind of key.
final class Packed {
  private static final int BITS = 32;
  private static final long LOW = 0xFFFF_FFFFL;

  private Packed() {}

  /// @param owner at least 0
  /// @param number 0 to 2^32-1
  static long of(int owner, long number) {
    return ((long) owner << BITS) | number;
  }

  /// The lowest key of the owner.
  static long first(int owner) {
    return of(owner, 0);
  }

  /// The highest key of the owner.
  static long last(int owner) {
    return of(owner, LOW);
  }

  static int owner(long packed) {
    return (int) (packed >>> BITS);
  }

  static long number(long packed) {
    return packed & LOW;
  }
}
