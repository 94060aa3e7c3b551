package org.depozit.storage;

import java.util.Arrays;

/// A set of UIDs as ranges, normalised: ascending, apart, immutable. A different type from IMAP's sequence set, which
/// may hold numbers and `*`. RFC 9051 §9, `sequence-set`.
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
      long[][] pairs = new long[length / 2][];
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = new long[] {bounds[2 * i], bounds[2 * i + 1]};
      }
      Arrays.sort(pairs, (a, b) -> Long.compare(a[0], b[0]));
      long[] merged = new long[length];
      int end = 0;
      for (long[] pair : pairs) {
        if (end > 0 && pair[0] <= merged[end - 1] + 1) {
          merged[end - 1] = Math.max(merged[end - 1], pair[1]);
        } else {
          merged[end++] = pair[0];
          merged[end++] = pair[1];
        }
      }
      return Arrays.copyOf(merged, end);
    }
  }
}
