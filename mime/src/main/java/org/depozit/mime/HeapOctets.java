package org.depozit.mime;

import java.util.Objects;

/// Octets in the heap.
final class HeapOctets implements Octets {
  private final byte[] array;
  private final int from;
  private final int size;

  HeapOctets(byte[] array, int from, int size) {
    this.array = array;
    this.from = from;
    this.size = size;
  }

  @Override
  public long length() {
    return size;
  }

  @Override
  public int read(long position, byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (position >= size) {
      return -1;
    }
    int count = (int) Math.min(length, size - position);
    System.arraycopy(array, from + (int) position, into, offset, count);
    return count;
  }

  @Override
  public Octets slice(long start, long length) {
    Objects.checkFromIndexSize(start, length, size);
    return new HeapOctets(array, from + (int) start, (int) length);
  }
}
