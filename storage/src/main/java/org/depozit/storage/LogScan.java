package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a log from its checkpoint to its end, and makes it ready to be written again. [Log] tells
/// the format and the rule for torn tails. One thread, once.
final class LogScan {
  private static final Logger LOGGER = LoggerFactory.getLogger(LogScan.class);
  private static final int SLICE = 1 << 16;
  private static final long NO_MORE = Long.MAX_VALUE;

  private final LogFiles files;
  private final Reader reader;
  private final List<Long> segments;
  private long sequence;
  private int checksum;

  /// Takes each group in turn.
  @FunctionalInterface
  interface Reader {
    void group(Group.Read group) throws IOException;
  }

  private LogScan(LogFiles files, Reader reader) throws IOException {
    this.files = files;
    this.reader = reader;
    this.segments = new ArrayList<>(files.segments());
  }

  /// Reads the groups after the checkpoint, cuts off a torn tail, and gives the log, which is
  /// forced up to its last group.
  ///
  /// @throws IOException if the log is damaged where it was on the disk already, or cannot be read
  static Log open(LogFiles files, StoreLimits limits, Optional<Checkpoint> from, Reader reader)
      throws IOException {
    LogScan scan = new LogScan(files, reader);
    from.ifPresent(checkpoint -> files.given(checkpoint.numbers()));
    Segment last = from.isPresent() ? scan.from(from.get()) : scan.fromStart(limits);
    last.force();
    return new Log(files, limits, last, scan.sequence, scan.checksum);
  }

  private Segment from(Checkpoint checkpoint) throws IOException {
    sequence = checkpoint.sequence();
    checksum = checkpoint.checksum();
    if (!segments.contains(checkpoint.segment())) {
      throw damaged(checkpoint.segment(), checkpoint.offset(), "the segment is not there");
    }
    Optional<Segment.Header> instead = next(checkpoint.segment());
    while (instead.isPresent() && instead.get().first() <= sequence) {
      // The place is among groups that were given up and stand in a later segment.
      sequence = instead.get().first() - 1;
      checksum = instead.get().previous();
      Optional<Segment.Header> later = next(instead.get().number());
      if (later.isEmpty() || later.get().first() > sequence) {
        return read(instead.get().number(), Segment.HEADER);
      }
      instead = later;
    }
    return read(checkpoint.segment(), checkpoint.offset());
  }

  private Segment fromStart(StoreLimits limits) throws IOException {
    for (long number : List.copyOf(segments)) {
      if (header(number).isPresent()) {
        return read(number, Segment.HEADER);
      }
      dropUnused(number);
    }
    return Segment.Prepared.prepare(files, Math.min(Log.FIRST_SEGMENT, limits.segmentOctets()))
        .start(1, 0);
  }

  /// Reads a segment, and those after it.
  private Segment read(long first, long from) throws IOException {
    long number = first;
    long offset = from;
    while (true) {
      try (FileChannel channel = open(number)) {
        Segment.Header header =
            Segment.Header.read(channel)
                .orElseThrow(() -> damaged(first, 0, "the segment's header is damaged"));
        if (offset > channel.size()) {
          throw damaged(number, offset, "the segment is shorter than the checkpoint says");
        }
        Optional<Segment.Header> next = next(number);
        offset =
            readGroups(channel, header, offset, next.map(Segment.Header::first).orElse(NO_MORE));
        if (next.isEmpty()) {
          cut(channel, header, offset);
          return Segment.resume(files, header, offset);
        }
        if (!follows(next.get())) {
          // Before a segment starts, all groups before it are forced.
          throw damaged(number, 0, "a later segment tells of groups that are not there");
        }
        number = next.get().number();
        offset = Segment.HEADER;
      }
    }
  }

  private boolean follows(Segment.Header next) {
    return next.first() == sequence + 1 && next.previous() == checksum;
  }

  /// Reads the whole groups in a row.
  ///
  /// @param end the number of the group that the next segment starts with: if one of that number
  ///   stands here too, it was given up
  /// @return where the last of them ends
  private long readGroups(FileChannel channel, Segment.Header header, long from, long end)
      throws IOException {
    long offset = from;
    while (sequence + 1 < end) {
      Optional<Group.Read> read = group(channel, header.mark(), offset).filter(this::isNext);
      if (read.isEmpty()) {
        return offset;
      }
      Group.Read group = read.get();
      reader.group(group);
      sequence = group.sequence();
      checksum = group.checksum();
      offset += group.octets().limit();
    }
    return offset;
  }

  private boolean isNext(Group.Read group) {
    return group.sequence() == sequence + 1 && group.previous() == checksum;
  }

  /// The group at a place; empty if none stands there whole.
  static Optional<Group.Read> group(FileChannel channel, long mark, long offset)
      throws IOException {
    ByteBuffer head = ByteBuffer.allocate(Group.HEADER);
    LogFiles.read(channel, head, offset);
    if (head.hasRemaining() || head.getLong(0) != mark) {
      return Optional.empty();
    }
    int length = head.getInt(8);
    if (length < Group.HEADER || length > channel.size() - offset) {
      return Optional.empty();
    }
    ByteBuffer whole = ByteBuffer.allocate(length);
    LogFiles.read(channel, whole, offset);
    int checksum = whole.getInt(Group.CHECKSUM);
    whole.putInt(Group.CHECKSUM, 0).clear();
    if (Group.checksum(whole) != checksum || whole.getInt(36) != Group.VERSION) {
      return Optional.empty();
    }
    return Optional.of(
        new Group.Read(whole.getLong(16), whole.getLong(24), whole.getInt(32), checksum, whole));
  }

  /// The next segment. Files that were prepared for segments and never became one are removed.
  private Optional<Segment.Header> next(long number) throws IOException {
    for (long later : List.copyOf(segments)) {
      if (later > number) {
        Optional<Segment.Header> header = header(later);
        if (header.isPresent()) {
          return header;
        }
        dropUnused(later);
      }
    }
    return Optional.empty();
  }

  private Optional<Segment.Header> header(long number) throws IOException {
    try (FileChannel channel = open(number)) {
      return Segment.Header.read(channel).filter(header -> header.number() == number);
    }
  }

  private void dropUnused(long number) throws IOException {
    try (FileChannel channel = open(number)) {
      // The header is forced before the first group comes: without the one there is none of the
      // other.
      if (lastOctet(channel, Segment.HEADER) > Segment.HEADER) {
        throw damaged(number, 0, "the segment's header is damaged");
      }
    }
    Files.delete(files.segment(number));
    segments.remove(number);
  }

  /// Cuts off what stands behind the last whole group, unless a later group tells that it was on
  /// the disk.
  private void cut(FileChannel channel, Segment.Header header, long offset) throws IOException {
    long end = lastOctet(channel, offset);
    if (end <= offset) {
      return;
    }
    if (confirmed(channel, header.mark(), offset, end)) {
      throw damaged(
          header.number(), offset, "group " + (sequence + 1) + " is damaged, later ones are whole");
    }
    LOGGER.warn(
        "The log's last group was not written whole: {} octets are cut off segment {} at octet {}",
        end - offset,
        header.number(),
        offset);
    LogFiles.zero(channel, offset, end);
    channel.force(true);
  }

  /// Whether a whole group between the octets was written after group `sequence + 1` was forced.
  private boolean confirmed(FileChannel channel, long mark, long from, long to) throws IOException {
    byte first = (byte) (mark >>> 56);
    ByteBuffer slice = ByteBuffer.allocate(SLICE);
    for (long at = from; at < to; at += SLICE - Group.HEADER) {
      slice.clear();
      LogFiles.read(channel, slice, at);
      for (int i = 0; i + Group.HEADER <= slice.position(); i++) {
        if (slice.get(i) == first && slice.getLong(i) == mark) {
          Optional<Group.Read> group = group(channel, mark, at + i);
          if (group.isPresent() && group.get().forced() > sequence) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Where the last octet other than zero ends; `from` if all are zero.
  static long lastOctet(FileChannel channel, long from) throws IOException {
    long last = from;
    ByteBuffer slice = ByteBuffer.allocate(SLICE);
    long size = channel.size();
    for (long at = from; at < size; at += SLICE) {
      slice.clear();
      LogFiles.read(channel, slice, at);
      for (int i = slice.position() - 1; i >= 0; i--) {
        if (slice.get(i) != 0) {
          last = at + i + 1;
          break;
        }
      }
    }
    return last;
  }

  private FileChannel open(long number) throws IOException {
    return FileChannel.open(
        files.segment(number), StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static IOException damaged(long segment, long offset, String how) {
    return new IOException(
        "The log is damaged in segment %016x at octet %d: %s. Nothing was changed. `depozit check --repair` keeps all that can be read, moves the damaged files aside and says what is lost; a backup can be restored beside"
            .formatted(segment, offset, how));
  }
}
