package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The files of the log: every segment's header, every group's checksum and place in the chain,
/// every record in it, zeros behind the last group, the checkpoint's file. Changes nothing. [Log]
/// tells the format. One thread.
final class LogCheck {
  private static final int SLICE = 1 << 16;

  private final LogFiles files;
  private final Faults faults;
  private final List<Gap> gaps = new ArrayList<>();

  /// Of the segments that were let go, the numbers of their groups: last by first.
  private final LetGo letGo = new LetGo();

  /// Where the last whole group ends.
  private String last = "the log";

  private long sequence;
  private int checksum;

  /// Groups that are in no segment, before the one with this number.
  private record Gap(long first, long last, long segment) {}

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

  /// Checks the log of a store that nobody has open: if it was closed in order, nothing may follow
  /// its last group.
  static void closed(LogFiles files, Faults faults) throws IOException {
    Optional<Checkpoint> checkpoint = Optional.empty();
    try {
      checkpoint = Checkpoint.read(files);
      if (checkpoint.isEmpty() && !files.segments().isEmpty()) {
        faults.add("the checkpoint's file", "it is not there");
      }
    } catch (IOException e) {
      faults.add("the checkpoint's file", String.valueOf(e.getMessage()));
    }
    new LogCheck(files, faults)
        .segments(
            checkpoint.map(Checkpoint::sequence).orElse(0L),
            checkpoint.map(Checkpoint::clean).orElse(false));
  }

  /// Checks the groups alone: a torn tail behind the last one that was forced is no fault, and
  /// neither is a checkpoint that cannot be read.
  static void groups(LogFiles files, Faults faults) throws IOException {
    long floor = 0;
    boolean clean = false;
    try {
      Optional<Checkpoint> checkpoint = Checkpoint.read(files);
      floor = checkpoint.map(Checkpoint::sequence).orElse(0L);
      clean = checkpoint.map(Checkpoint::clean).orElse(false);
    } catch (IOException e) {
      // The groups tell by themselves what they can.
      floor = 0;
    }
    new LogCheck(files, faults).segments(floor, clean);
  }

  private void segments(long floor, boolean clean) throws IOException {
    List<Long> numbers = files.segments();
    for (int i = 0; i < numbers.size(); i++) {
      segment(numbers.get(i), later(numbers.subList(i + 1, numbers.size())), clean);
    }
    gaps.forEach(this::missing);
    if (sequence < floor) {
      faults.add(
          last, "no whole group follows group " + sequence + ", group " + floor + " was there");
    }
  }

  /// The header of the next segment that has one; the files of others wait for their turn.
  private Optional<Segment.Header> later(List<Long> numbers) throws IOException {
    for (long number : numbers) {
      try (FileChannel channel = open(number)) {
        Optional<Segment.Header> header = Segment.Header.read(channel);
        if (header.isPresent()) {
          return header;
        }
      }
    }
    return Optional.empty();
  }

  private void segment(long number, Optional<Segment.Header> later, boolean clean)
      throws IOException {
    try (FileChannel channel = open(number)) {
      Optional<Segment.Header> header = Segment.Header.read(channel);
      if (header.isEmpty()) {
        // A power cut can tear a header before the first group comes.
        if (other(channel, clean ? 0 : Segment.HEADER) >= 0) {
          faults.add(place(number, 0), "the segment's header is damaged");
        }
        return;
      }
      begins(number, header.get());
      long end =
          groups(channel, header.get(), later.map(Segment.Header::first).orElse(Long.MAX_VALUE));
      last = place(number, end);
      // The zeros behind a full segment's last group are given back, unless a crash comes between.
      boolean zeros = later.isEmpty() ? clean : !later.get().afterFailure();
      long other = zeros ? other(channel, end) : -1;
      if (other >= 0) {
        faults.add(
            place(number, other),
            "no whole group follows group " + sequence + ", and these are no zeros");
      }
    }
  }

  private void begins(long number, Segment.Header header) {
    if (header.number() != number) {
      faults.add(place(number, 8), "the segment's header says " + header.number());
    }
    boolean next = header.first() == sequence + 1;
    if (header.first() <= sequence || (next && header.previous() != checksum)) {
      faults.add(
          place(number, 24),
          "the segment starts with group %d, the one before ended with %d, or with another one"
              .formatted(header.first(), sequence));
    } else if (!next) {
      gaps.add(new Gap(sequence + 1, header.first() - 1, number));
    }
    sequence = header.first() - 1;
    checksum = header.previous();
  }

  /// Groups that are in no segment must be of one that was let go.
  private void missing(Gap gap) {
    long at = gap.first;
    while (at <= gap.last) {
      Optional<Long> last = letGo.last(at);
      if (last.isEmpty()) {
        faults.add(place(gap.segment, 24), "group " + at + " and later ones are in no segment");
        return;
      }
      at = last.get() + 1;
    }
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
        read.get().changes().forEach(letGo::note);
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
  private static long other(FileChannel channel, long from) throws IOException {
    ByteBuffer slice = ByteBuffer.allocate(SLICE);
    for (long at = from; at < channel.size(); at += SLICE) {
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
