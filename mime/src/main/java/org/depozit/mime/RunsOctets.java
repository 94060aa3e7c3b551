package org.depozit.mime;

import java.util.Arrays;

/// Several runs of other octets as one.
final class RunsOctets implements Octets {
  private final Octets whole;

  /// Where each run starts in the whole.
  private final long[] starts;

  /// Where each run ends in what they make together.
  private final long[] ends;

  /// The runs of `whole` from `places[0]` to `places[1]`, from `places[2]` to `places[3]`, …
  RunsOctets(Octets whole, long[] places) {
    this.whole = whole;
    this.starts = new long[places.length / 2];
    this.ends = new long[places.length / 2];
    long length = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = places[2 * i];
      length += places[2 * i + 1] - places[2 * i];
      ends[i] = length;
    }
  }

  @Override
  public long length() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  @Override
  public int read(long position, byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (position >= length()) {
      return -1;
    }
    int found = Arrays.binarySearch(ends, position);
    int run = found < 0 ? -found - 1 : found + 1;
    long runFrom = run == 0 ? 0 : ends[run - 1];
    long left = ends[run] - position;
    return whole.read(starts[run] + position - runFrom, into, offset, (int) Math.min(length, left));
  }
}
