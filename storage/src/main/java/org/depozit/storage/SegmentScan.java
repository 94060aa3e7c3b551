package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;

/// Reads one segment from its start to its end and goes on behind damaged places, for those who
/// want what can be had: [Rebuild] and [Survey]. Nothing is written. [Log] tells the format. One
/// thread, once.
final class SegmentScan {
  private static final int SLICE = 1 << 16;

  private final FileChannel channel;
  private final Taker taker;
  private final long size;
  private final Optional<Segment.Header> later;
  private long sequence;

  /// What is found.
  interface Taker {
    /// A whole group; they come in order.
    ///
    /// @param offset where it starts
    void group(Group.Read group, long offset) throws IOException;

    /// Octets that belong to no whole group.
    void damaged(long from, long to) throws IOException;
  }

  private SegmentScan(FileChannel channel, long after, Optional<Segment.Header> later, Taker taker)
      throws IOException {
    this.channel = channel;
    this.later = later;
    this.sequence = after;
    this.taker = taker;
    this.size = channel.size();
  }

  /// Reads a segment.
  ///
  /// @param after the number of the last group before: none of this one is lower
  /// @return where its last whole group ends; empty if it never held any
  static OptionalLong read(LogFiles files, long number, long after, Taker taker)
      throws IOException {
    return read(files, number, after, later(files, number), taker);
  }

  private static OptionalLong read(
      LogFiles files, long number, long after, Optional<Segment.Header> later, Taker taker)
      throws IOException {
    try (FileChannel channel = FileChannel.open(files.segment(number), StandardOpenOption.READ)) {
      SegmentScan scan = new SegmentScan(channel, after, later, taker);
      if (LogScan.lastOctet(channel, 0) == 0) {
        return OptionalLong.empty();
      }
      Optional<Segment.Header> header = Segment.Header.read(channel);
      if (header.isPresent()) {
        // Else a first group that was given up could not be told from one that is missing.
        scan.sequence = Math.max(after, header.get().first() - 1);
        return OptionalLong.of(scan.groups(header.get().mark(), Segment.HEADER));
      }
      return OptionalLong.of(scan.withoutHeader());
    }
  }

  /// Cuts off what was undone at the end of a segment: the next one starts in its place. Of a
  /// damaged segment that is what can still be read of it; what is damaged stays.
  static void cutUndone(LogFiles files, long number) throws IOException {
    boolean[] damaged = {false};
    OptionalLong end = read(files, number, 0, taker((_, _) -> {}, () -> damaged[0] = true));
    if (end.isPresent()) {
      long from = damaged[0] ? undone(files, number) : end.getAsLong();
      cut(files, number, from);
    }
  }

  /// Where the first whole group starts that was undone; the end of the file if none was.
  private static long undone(LogFiles files, long number) throws IOException {
    long[] from = {files.length(number)};
    Optional<Segment.Header> later = later(files, number);
    if (later.isPresent()) {
      long first = later.get().first();
      read(
          files,
          number,
          0,
          Optional.empty(),
          taker(
              (group, offset) ->
                  from[0] = group.sequence() >= first ? Math.min(from[0], offset) : from[0],
              () -> {}));
    }
    return from[0];
  }

  private static void cut(LogFiles files, long number, long from) throws IOException {
    if (from < files.length(number)) {
      try (FileChannel channel =
          FileChannel.open(files.segment(number), StandardOpenOption.WRITE)) {
        channel.truncate(from);
        channel.force(true);
      }
    }
  }

  private static Taker taker(ObjLongConsumer<Group.Read> whole, Runnable damage) {
    return new Taker() {
      @Override
      public void group(Group.Read group, long offset) {
        whole.accept(group, offset);
      }

      @Override
      public void damaged(long from, long to) {
        damage.run();
      }
    };
  }

  /// The header of the next segment: what stands in this one with its first number, or a later one,
  /// was given up.
  private static Optional<Segment.Header> later(LogFiles files, long number) throws IOException {
    for (long later : files.segments()) {
      if (later > number) {
        try (FileChannel channel =
            FileChannel.open(files.segment(later), StandardOpenOption.READ)) {
          Optional<Segment.Header> header = Segment.Header.read(channel);
          if (header.isPresent()) {
            return header;
          }
        }
      }
    }
    return Optional.empty();
  }

  private boolean givenUp() {
    return later.filter(Segment.Header::afterFailure).map(Segment.Header::first).orElse(0L)
        == sequence + 1;
  }

  private long groups(long mark, long from) throws IOException {
    long offset = from;
    long end = from;
    while (offset < size) {
      Optional<Group.Read> read = whole(mark, offset);
      if (read.isEmpty()) {
        long next = next(mark, offset);
        long to = next < 0 ? LogScan.lastOctet(channel, offset) : next;
        if (to > offset && !givenUp()) {
          taker.damaged(offset, to);
        }
        if (next < 0) {
          return end;
        }
        read = whole(mark, next);
        offset = next;
      }
      Group.Read group = read.orElseThrow();
      taker.group(group, offset);
      sequence = group.sequence();
      offset += group.octets().limit();
      end = offset;
    }
    return end;
  }

  private Optional<Group.Read> whole(long mark, long offset) throws IOException {
    long end = later.map(Segment.Header::first).orElse(Long.MAX_VALUE);
    return LogScan.group(channel, mark, offset)
        .filter(group -> group.sequence() > sequence && group.sequence() < end);
  }

  /// Where the next whole group starts; -1 if none does.
  private long next(long mark, long from) throws IOException {
    byte first = (byte) (mark >>> 56);
    ByteBuffer slice = ByteBuffer.allocate(SLICE);
    for (long at = from; at < size; at += SLICE - Group.HEADER) {
      slice.clear();
      LogFiles.read(channel, slice, at);
      for (int i = 0; i + Group.HEADER <= slice.position(); i++) {
        if (slice.get(i) == first && slice.getLong(i) == mark && whole(mark, at + i).isPresent()) {
          return at + i;
        }
      }
    }
    return -1;
  }

  /// The header told the mark. Without it two whole groups in a row with one mark, or one up to the
  /// end, tell it too.
  private long withoutHeader() throws IOException {
    ByteBuffer slice = ByteBuffer.allocate(SLICE);
    for (long at = Segment.HEADER; at < size; at += SLICE - Group.HEADER) {
      slice.clear();
      LogFiles.read(channel, slice, at);
      for (int i = 0; i + Group.HEADER <= slice.position(); i++) {
        if (slice.getInt(i + Group.VERSION_AT) == Group.VERSION
            && (slice.getLong(i) & 1) == 1
            && startsGroups(slice.getLong(i), at + i)) {
          taker.damaged(0, at + i == Segment.HEADER ? Segment.HEADER : at + i);
          return groups(slice.getLong(i), at + i);
        }
      }
    }
    taker.damaged(0, LogScan.lastOctet(channel, 0));
    return 0;
  }

  private boolean startsGroups(long mark, long offset) throws IOException {
    Optional<Group.Read> first = whole(mark, offset);
    if (first.isEmpty()) {
      return false;
    }
    long behind = offset + first.get().octets().limit();
    return LogScan.lastOctet(channel, behind) == behind
        || LogScan.group(channel, mark, behind)
            .filter(second -> second.sequence() == first.get().sequence() + 1)
            .filter(second -> second.previous() == first.get().checksum())
            .isPresent();
  }
}
