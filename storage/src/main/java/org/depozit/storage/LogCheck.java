package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// The files of the log: every segment's header, every group's checksum and place in the chain,
/// every record in it, zeros behind the last group, the checkpoint's file. Changes nothing. [Log]
/// tells the format. One thread.
final class LogCheck {
  private static final int SLICE = 1 << 16;

  private final LogFiles files;
  private final Faults faults;
  private boolean known;
  private long sequence;
  private int checksum;

  private LogCheck(LogFiles files, Faults faults) {
    this.files = files;
    this.faults = faults;
  }

  /// Checks the log of an open store.
  ///
  /// @param position of the last group that was published: up to here all must be there
  static void live(LogFiles files, long position, Faults faults) throws IOException {
    Optional<Checkpoint> checkpoint = Checkpoint.read(files);
    long floor = Math.max(position, checkpoint.map(Checkpoint::sequence).orElse(0L));
    new LogCheck(files, faults).segments(floor, false);
  }

  private void segments(long floor, boolean closed) throws IOException {
    List<Long> numbers = files.segments();
    for (int i = 0; i < numbers.size(); i++) {
      segment(numbers.get(i), later(numbers, i + 1), closed);
    }
    if (sequence < floor) {
      faults.add("the log", "it ends with group " + sequence + ", group " + floor + " was in it");
    }
  }

  /// The header of the next segment that has one; the files of others wait for their turn.
  private Optional<Segment.Header> later(List<Long> numbers, int from) throws IOException {
    for (long number : numbers.subList(Math.min(from, numbers.size()), numbers.size())) {
      try (FileChannel channel = open(number)) {
        Optional<Segment.Header> header = Segment.Header.read(channel);
        if (header.isPresent()) {
          return header;
        }
      }
    }
    return Optional.empty();
  }

  private void segment(long number, Optional<Segment.Header> later, boolean closed)
      throws IOException {
    boolean last = later.isEmpty();
    try (FileChannel channel = open(number)) {
      Optional<Segment.Header> header = Segment.Header.read(channel);
      if (header.isEmpty()) {
        if (!last || other(channel, 0, true) >= 0) {
          faults.add(place(number, 0), "the segment's header is damaged");
        }
        return;
      }
      begins(number, header.get());
      long end =
          groups(channel, header.get(), later.map(Segment.Header::first).orElse(Long.MAX_VALUE));
      // The zeros behind a full segment's last group are given back, unless a crash comes between.
      boolean zeros = last ? closed : !later.get().afterFailure();
      long other = zeros ? other(channel, end, false) : -1;
      if (other >= 0) {
        faults.add(place(number, other), "octets other than zero behind group " + sequence);
      }
    }
  }

  private void begins(long number, Segment.Header header) {
    if (header.number() != number) {
      faults.add(place(number, 8), "the segment's header says " + header.number());
    }
    if (known && (header.first() != sequence + 1 || header.previous() != checksum)) {
      faults.add(
          place(number, 24),
          "the segment starts with group %d, the one before ended with %d"
              .formatted(header.first(), sequence));
    }
    known = true;
    sequence = header.first() - 1;
    checksum = header.previous();
  }

  /// @param before the number of the next segment's first group
  /// @return where the last whole group ends
  private long groups(FileChannel channel, Segment.Header header, long before) throws IOException {
    long offset = Segment.HEADER;
    while (sequence + 1 < before) {
      Optional<Group.Read> read = LogScan.group(channel, header.mark(), offset);
      if (read.isEmpty()
          || read.get().sequence() != sequence + 1
          || read.get().previous() != checksum) {
        return offset;
      }
      try {
        List<Change> _ = read.get().changes();
      } catch (IOException | RuntimeException e) {
        faults.add(place(header.number(), offset), "a group cannot be read: " + e.getMessage());
      }
      sequence = read.get().sequence();
      checksum = read.get().checksum();
      offset += read.get().octets().limit();
    }
    return offset;
  }

  /// The first octet other than zero from a place on; -1 if there is none.
  private static long other(FileChannel channel, long from, boolean skipHeader) throws IOException {
    ByteBuffer slice = ByteBuffer.allocate(SLICE);
    long start = skipHeader ? from + Segment.HEADER : from;
    for (long at = start; at < channel.size(); at += SLICE) {
      slice.clear();
      LogFiles.read(channel, slice, at);
      for (int i = 0; i < slice.position(); i++) {
        if (slice.get(i) != 0) {
          return at + i;
        }
      }
    }
    return -1;
  }

  private FileChannel open(long number) throws IOException {
    return FileChannel.open(files.segment(number), StandardOpenOption.READ);
  }

  private static String place(long segment, long octet) {
    return "segment %016x, octet %d".formatted(segment, octet);
  }
}
