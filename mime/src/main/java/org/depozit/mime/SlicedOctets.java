package org.depozit.mime;

import java.util.Objects;

/// A part of other octets.
record SlicedOctets(Octets whole, long from, long length) implements Octets {

  @Override
  public int read(long position, byte[] into, int offset, int count) {
    if (count == 0) {
      return 0;
    }
    if (position >= length) {
      return -1;
    }
    return whole.read(from + position, into, offset, (int) Math.min(count, length - position));
  }

  @Override
  public Octets slice(long start, long count) {
    Objects.checkFromIndexSize(start, count, length);
    return new SlicedOctets(whole, from + start, count);
  }
}
