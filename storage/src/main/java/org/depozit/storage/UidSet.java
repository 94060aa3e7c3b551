package org.depozit.storage;

import java.util.Arrays;

/// A set of UIDs as ranges, normalised: ascending, apart, immutable. A different type from IMAP's
/// sequence set, which may hold numbers and `*`. RFC 9051 §9, `sequence-set`.
public final class UidSet {
  /// No UID.
  public static final UidSet NONE = new UidSet(new long[0]);

  /// Every UID that can be.
  public static final UidSet ALL = new UidSet(new long[] {1, 0xFFFF_FFFFL});

  /// first, last, first, last …
  private final long[] bounds;

  private UidSet(long[] bounds) {
    this.bounds = bounds;
  }

  /// The UIDs from first to last, both in.
  public static UidSet range(long first, long last) {
    return first > last ? NONE : new UidSet(new long[] {first, last});
  }

  /// These UIDs.
  ///
  /// @param uids in any order, repeated or not
  public static UidSet of(long... uids) {
    Builder builder = new Builder();
    for (long uid : uids) {
      builder.add(uid, uid);
    }
    return builder.build();
  }

  /// Whether the UID is in the set; O(log ranges).
  public boolean contains(long uid) {
    int low = 0;
    int high = bounds.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (uid < bounds[2 * middle]) {
        high = middle - 1;
      } else if (uid > bounds[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /// Whether no UID is in the set.
  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /// How many ranges.
  public int ranges() {
    return bounds.length / 2;
  }

  /// The first UID of a range, counted from 0.
  public long first(int range) {
    return bounds[2 * range];
  }

  /// The last UID of a range, counted from 0.
  public long last(int range) {
    return bounds[2 * range + 1];
  }

  /// How many UIDs, whether there are messages for them or not.
  public long count() {
    long count = 0;
    for (int range = 0; range < ranges(); range++) {
      count += last(range) - first(range) + 1;
    }
    return count;
  }

  /// The UIDs that are in this set or in the other.
  public UidSet union(UidSet other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    Builder builder = new Builder();
    int mine = 0;
    int its = 0;
    while (mine < ranges() || its < other.ranges()) {
      if (its == other.ranges() || (mine < ranges() && first(mine) <= other.first(its))) {
        builder.add(first(mine), last(mine++));
      } else {
        builder.add(other.first(its), other.last(its++));
      }
    }
    return builder.build();
  }

  /// The UIDs that are in both sets.
  public UidSet intersection(UidSet other) {
    Builder builder = new Builder();
    int mine = 0;
    int its = 0;
    while (mine < ranges() && its < other.ranges()) {
      long first = Math.max(first(mine), other.first(its));
      long last = Math.min(last(mine), other.last(its));
      if (first <= last) {
        builder.add(first, last);
      }
      if (last(mine) < other.last(its)) {
        mine++;
      } else {
        its++;
      }
    }
    return builder.build();
  }

  /// The UIDs of this set that are not in the other.
  public UidSet minus(UidSet other) {
    Builder builder = new Builder();
    int its = 0;
    for (int mine = 0; mine < ranges(); mine++) {
      long from = first(mine);
      while (its < other.ranges() && other.last(its) < from) {
        its++;
      }
      for (int cut = its; cut < other.ranges() && other.first(cut) <= last(mine); cut++) {
        if (from < other.first(cut)) {
          builder.add(from, other.first(cut) - 1);
        }
        from = Math.max(from, other.last(cut) + 1);
      }
      if (from <= last(mine)) {
        builder.add(from, last(mine));
      }
    }
    return builder.build();
  }

  /// How many of them are below a UID.
  long below(long uid) {
    int range = rangeFrom(uid);
    long count = 0;
    for (int before = 0; before < range; before++) {
      count += last(before) - first(before) + 1;
    }
    return range == ranges() ? count : count + Math.max(0, uid - first(range));
  }

  /// Whether a UID from first to last is in the set; O(log ranges).
  boolean meets(long first, long last) {
    int range = rangeFrom(first);
    return range < ranges() && first(range) <= last;
  }

  /// The first range that ends at this UID or after it; [#ranges] if there is none. O(log ranges).
  int rangeFrom(long uid) {
    int low = 0;
    int high = ranges();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (last(middle) < uid) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// As `1:3,5`; empty for the empty set.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int range = 0; range < ranges(); range++) {
      text.append(range == 0 ? "" : ",").append(first(range));
      if (last(range) > first(range)) {
        text.append(':').append(last(range));
      }
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UidSet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /// Collects UIDs and ranges in any order. Used by one thread.
  public static final class Builder {
    private long[] bounds = new long[8];
    private int length;
    private boolean sorted = true;

    /// Adds the UIDs from first to last, both in.
    public Builder add(long first, long last) {
      if (sorted && length > 0 && first >= bounds[length - 2] && first <= bounds[length - 1] + 1) {
        bounds[length - 1] = Math.max(bounds[length - 1], last);
        return this;
      }
      sorted &= length == 0 || first > bounds[length - 1];
      if (length == bounds.length) {
        bounds = Arrays.copyOf(bounds, 2 * length);
      }
      bounds[length++] = first;
      bounds[length++] = last;
      return this;
    }

    /// Adds one UID.
    public Builder add(long uid) {
      return add(uid, uid);
    }

    /// The set; the builder is done with.
    public UidSet build() {
      return length == 0 ? NONE : new UidSet(sorted ? Arrays.copyOf(bounds, length) : merged());
    }

    private long[] merged() {
      long[] packed = new long[length / 2];
      for (int i = 0; i < packed.length; i++) {
        // The sign turned round, so that UIDs from 2^31 on come after those below.
        packed[i] = (bounds[2 * i] << 32 | bounds[2 * i + 1]) ^ Long.MIN_VALUE;
      }
      Arrays.sort(packed);
      int end = 0;
      for (long pair : packed) {
        long first = (pair ^ Long.MIN_VALUE) >>> 32;
        long last = pair & 0xFFFF_FFFFL;
        if (end > 0 && first <= bounds[end - 1] + 1) {
          bounds[end - 1] = Math.max(bounds[end - 1], last);
        } else {
          bounds[end++] = first;
          bounds[end++] = last;
        }
      }
      return Arrays.copyOf(bounds, end);
    }
  }
}
