package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What was written over a file and is not in it yet: the file as its readers see it is the one on
/// the disk with these octets laid over it. Any thread; a reader finds each octet as some write
/// left it, and a write that was there before it began.
final class Pages {
  /// No octet of the file on the disk was cut off.
  static final long WHOLE = Long.MAX_VALUE;

  private final NavigableMap<Long, ByteBuffer> extents = new TreeMap<>();
  private long octets;

  /// Octets of the file as its readers see it.
  private long size;

  /// Octets of the file on the disk that still count: it was cut here, later writes made it longer
  /// again.
  private long valid = WHOLE;

  /// Octets that go to a place.
  record Extent(long offset, ByteBuffer octets) {
    long end() {
      return offset + octets.remaining();
    }

    /// What stands from one place to another.
    private Extent part(long from, long to) {
      long first = Math.max(from, offset);
      long last = Math.min(to, end());
      return new Extent(first, octets.slice((int) (first - offset), (int) (last - first)));
    }
  }

  /// All that makes the file on the disk the one that readers see.
  ///
  /// @param valid octets of the file that still count: it is cut here first, see [#WHOLE]
  /// @param size octets of the file when all is done
  /// @param extents in order, none over another
  record Batch(long valid, long size, List<Extent> extents) {
    boolean isEmpty() {
      return valid == WHOLE && extents.isEmpty();
    }

    /// Brings the file up to date. Doing so again, whatever part was done before, is doing it once.
    void writeTo(SteadyFile file) throws IOException {
      if (valid != WHOLE) {
        file.truncate(valid);
      }
      for (Extent extent : extents) {
        file.write(extent.octets(), extent.offset());
      }
      if (file.size() < size) {
        // It ends with a hole, where something was written and cut off again.
        file.write(ByteBuffer.allocate(1), size - 1);
      }
    }
  }

  /// What stands over a part of the file.
  private record Overlay(int length, long valid, List<Extent> extents) {
    boolean covers(long offset) {
      return extents.size() == 1
          && extents.getFirst().offset() == offset
          && extents.getFirst().octets().remaining() == length;
    }
  }

  /// @param size octets of the file on the disk
  Pages(long size) {
    this.size = size;
  }

  /// Octets of the file as its readers see it.
  synchronized long size() {
    return size;
  }

  /// Octets in the heap.
  synchronized long octets() {
    return octets;
  }

  /// Lays what remains in the buffer over a place of the file.
  void write(ByteBuffer from, long offset) {
    // A copy: the caller uses its buffer again.
    ByteBuffer copy = ByteBuffer.allocate(from.remaining()).put(from).flip();
    if (copy.hasRemaining()) {
      lay(new Extent(offset, copy));
    }
  }

  private synchronized void lay(Extent extent) {
    cut(extent.offset(), extent.end());
    put(extent);
    size = Math.max(size, extent.end());
  }

  /// Cuts the file to a size, if it is longer.
  synchronized void truncate(long to) {
    if (to < size) {
      cut(to, Long.MAX_VALUE);
      size = to;
      valid = Math.min(valid, to);
    }
  }

  /// Takes away what stands from one place to another, parts of an extent too.
  private void cut(long from, long to) {
    Map.Entry<Long, ByteBuffer> before = extents.lowerEntry(from);
    long start = before == null ? from : before.getKey();
    NavigableMap<Long, ByteBuffer> met = extents.subMap(start, true, to, false);
    List<Extent> rest = new ArrayList<>();
    for (Map.Entry<Long, ByteBuffer> entry : met.entrySet()) {
      Extent extent = new Extent(entry.getKey(), entry.getValue());
      octets -= extent.octets().remaining();
      if (extent.offset() < from) {
        rest.add(extent.part(extent.offset(), from));
      }
      if (extent.end() > to) {
        rest.add(extent.part(to, extent.end()));
      }
    }
    met.clear();
    rest.forEach(this::put);
  }

  private void put(Extent extent) {
    extents.put(extent.offset(), extent.octets());
    octets += extent.octets().remaining();
  }

  /// All that stands here now; it goes on standing here until [#settle].
  synchronized Batch batch() {
    List<Extent> all = new ArrayList<>(extents.size());
    extents.forEach((offset, data) -> all.add(new Extent(offset, data)));
    return new Batch(valid, size, all);
  }

  /// Says that all is in the file. Nobody wrote since [#batch].
  synchronized void settle() {
    extents.clear();
    octets = 0;
    valid = WHOLE;
  }

  /// Reads the file as it is with what stands over it.
  ///
  /// @return how many octets were read: all that the buffer takes, but at the file's end; -1 there
  int read(ByteBuffer into, long offset, SteadyFile file) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    // The overlay first, the file second: what leaves the one is in the other before.
    Overlay over = over(offset, into.remaining());
    if (over.length() <= 0) {
      return -1;
    }
    ByteBuffer part = into.slice(into.position(), over.length());
    if (!over.covers(offset)) {
      part.limit(Math.clamp(over.valid() - offset, 0, over.length()));
      file.read(part, offset);
      zero(part.limit(over.length()));
    }
    for (Extent extent : over.extents()) {
      int at = (int) (extent.offset() - offset);
      part.put(at, extent.octets(), 0, extent.octets().remaining());
    }
    into.position(into.position() + over.length());
    return over.length();
  }

  private synchronized Overlay over(long offset, int most) {
    int length = (int) Math.min(most, size - offset);
    long end = offset + length;
    List<Extent> found = new ArrayList<>();
    if (length > 0 && !extents.isEmpty()) {
      Map.Entry<Long, ByteBuffer> first = extents.floorEntry(offset);
      long start = first == null ? offset : first.getKey();
      for (Map.Entry<Long, ByteBuffer> entry : extents.subMap(start, end).entrySet()) {
        Extent extent = new Extent(entry.getKey(), entry.getValue());
        if (extent.end() > offset) {
          found.add(extent.part(offset, end));
        }
      }
    }
    return new Overlay(length, valid, found);
  }

  private static void zero(ByteBuffer rest) {
    while (rest.hasRemaining()) {
      rest.put((byte) 0);
    }
  }
}
