package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/// The segment of the log that is being written. [Log] tells the format.
final class Segment implements AutoCloseable {
  static final int HEADER = 64;
  private static final long MAGIC = 0x4465_706F_7A69_7431L; // "Depozit1"
  private static final SplittableRandom MARKS = new SplittableRandom(new SecureRandom().nextLong());

  private final long number;
  private final FileChannel channel;
  private final long mark;
  private final long size;
  private long end;

  private Segment(long number, FileChannel channel, long mark, long size, long end) {
    this.number = number;
    this.channel = channel;
    this.mark = mark;
    this.size = size;
    this.end = end;
  }

  /// What a segment's first octets say.
  ///
  /// @param number of the segment, as in its file's name
  /// @param mark what each group of this segment starts with: random, so that nobody can send
  ///   octets that look like a group
  /// @param first the sequence number of its first group
  /// @param previous checksum of the group before that
  /// @param afterFailure whether what stands in the segment before behind that group was given up
  record Header(long number, long mark, long first, int previous, boolean afterFailure) {
    /// Reads the header; empty if there is none or it is damaged.
    static Optional<Header> read(FileChannel channel) throws IOException {
      ByteBuffer octets = ByteBuffer.allocate(HEADER);
      LogFiles.read(channel, octets, 0);
      octets.flip();
      if (octets.limit() < HEADER
          || octets.getLong() != MAGIC
          || octets.getInt(HEADER - Integer.BYTES) != checksum(octets)) {
        return Optional.empty();
      }
      return Optional.of(
          new Header(
              octets.getLong(),
              octets.getLong(),
              octets.getLong(),
              octets.getInt(),
              octets.getInt() != 0));
    }

    private ByteBuffer octets() {
      ByteBuffer octets = ByteBuffer.allocate(HEADER);
      octets.putLong(MAGIC).putLong(number).putLong(mark).putLong(first).putInt(previous);
      octets.putInt(afterFailure ? 1 : 0);
      octets.putInt(HEADER - Integer.BYTES, checksum(octets));
      return octets.clear();
    }

    private static int checksum(ByteBuffer octets) {
      CRC32C crc = new CRC32C();
      crc.update(octets.slice(0, HEADER - Integer.BYTES));
      return (int) crc.getValue();
    }
  }

  /// A file of zeros that can become a segment.
  record Prepared(Path file, long number, FileChannel channel, long size) implements AutoCloseable {
    static Prepared prepare(LogFiles files, long size) throws IOException {
      long number = files.next();
      FileChannel channel = LogFiles.create(files.segment(number));
      try {
        LogFiles.zero(channel, 0, size);
        channel.force(true);
        files.force();
        return new Prepared(files.segment(number), number, channel, size);
      } catch (IOException e) {
        channel.close();
        Files.deleteIfExists(files.segment(number));
        throw e;
      }
    }

    /// Gives the segment its header, which is on the disk before any group is.
    ///
    /// @throws IOException then the file is gone
    Segment start(long first, int previous) throws IOException {
      return start(first, previous, false);
    }

    /// Starts a segment in the place of what was written to the one before and could not be forced.
    Segment startAfterFailure(long first, int previous) throws IOException {
      return start(first, previous, true);
    }

    private Segment start(long first, int previous, boolean afterFailure) throws IOException {
      Header header = new Header(number, MARKS.nextLong() | 1, first, previous, afterFailure);
      try {
        LogFiles.write(channel, header.octets(), 0);
        channel.force(false);
        return new Segment(number, channel, header.mark(), size, HEADER);
      } catch (IOException e) {
        discard(e);
        throw e;
      }
    }

    private void discard(IOException why) {
      try {
        discard();
      } catch (IOException e) {
        why.addSuppressed(e);
      }
    }

    /// Takes the file away.
    void discard() throws IOException {
      channel.close();
      Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /// Goes on with a segment that ends at `end`.
  static Segment resume(LogFiles files, Header header, long end) throws IOException {
    FileChannel channel =
        FileChannel.open(
            files.segment(header.number()), StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new Segment(header.number(), channel, header.mark(), channel.size(), end);
  }

  long number() {
    return number;
  }

  long mark() {
    return mark;
  }

  /// Octets that are reserved; a huge group may make the file longer.
  long size() {
    return size;
  }

  /// Where the next group goes.
  long end() {
    return end;
  }

  /// Writes a group at the end: one positional write.
  void append(ByteBuffer group) throws IOException {
    int length = group.remaining();
    if (CrashPoint.MID_APPEND.chosen()) {
      LogFiles.write(channel, group.slice(0, length / 2), end);
      CrashPoint.MID_APPEND.pass();
    }
    LogFiles.write(channel, group, end);
    end += length;
  }

  /// Takes the head off a group that could not be written whole, so that it never is one.
  void erase() throws IOException {
    LogFiles.zero(channel, end, end + Group.HEADER);
  }

  /// Gives back the zeros behind the last group: nothing more will come.
  void trim() throws IOException {
    channel.truncate(end);
  }

  /// Forces what was appended: fdatasync.
  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
