package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory of the log: `%016x.seg` are its segments, `%016x.body` hold one big body each, and
/// `checkpoint` says from where on the log is to be replayed. Segments and big bodies share one row
/// of numbers, which never starts again. Files are their owner's alone (mode 0600, the directory
/// 0700). Any thread.
final class LogFiles {
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})\\.(seg|body)");
  private static final int SLICE = 1 << 18;

  private final Path directory;
  private final AtomicLong last = new AtomicLong();

  /// Big bodies that sessions are writing or hand to the writer: no row may name them yet.
  private final Set<Long> spooled = ConcurrentHashMap.newKeySet();

  /// @param directory `log` in the data directory; made if it is not there
  /// @throws Refused UNAVAILABLE if it cannot be read
  LogFiles(Path directory) {
    this.directory = directory;
    try {
      Owned.directory(directory);
      given(Math.max(newest("seg"), newest("body")));
    } catch (IOException e) {
      throw broken("The log's directory cannot be read", e);
    }
  }

  /// The refusal that a fault of the disk becomes.
  static Refused broken(String what, IOException cause) {
    return new Refused(Refused.Reason.UNAVAILABLE, what, cause);
  }

  /// A number for a new segment or big body.
  long next() {
    return last.incrementAndGet();
  }

  /// The last number that was given.
  long last() {
    return last.get();
  }

  /// Says that a number was given once, whether its file is still there or not.
  void given(long number) {
    last.accumulateAndGet(number, Math::max);
  }

  Path segment(long number) {
    return directory.resolve("%016x.seg".formatted(number));
  }

  Path body(long number) {
    return directory.resolve("%016x.body".formatted(number));
  }

  /// A number for a big body that nobody removes before [#spooled].
  long nextSpooled() {
    // Before the file is there: who finds the file finds this too.
    long number = next();
    spooled.add(number);
    return number;
  }

  /// Says that a big body is named by a row, or removed already.
  void spooled(long number) {
    spooled.remove(number);
  }

  /// Whether a session has the big body in hands.
  boolean isSpooled(long number) {
    return spooled.contains(number);
  }

  /// Octets of a segment's file.
  long length(long number) throws IOException {
    return Files.size(segment(number));
  }

  Path checkpoint() {
    return directory.resolve("checkpoint");
  }

  /// The numbers of the segments, ascending.
  List<Long> segments() throws IOException {
    return numbers("seg");
  }

  /// The numbers of the big bodies, ascending.
  List<Long> bodies() throws IOException {
    return numbers("body");
  }

  private long newest(String kind) throws IOException {
    List<Long> numbers = numbers(kind);
    return numbers.isEmpty() ? 0 : numbers.getLast();
  }

  private List<Long> numbers(String kind) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> NAME.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .filter(name -> name.group(2).equals(kind))
          .map(name -> Long.parseUnsignedLong(name.group(1), 16))
          .sorted()
          .toList();
    }
  }

  /// A new file, readable and writable by its owner alone; it is in the directory for good after
  /// [#force].
  static FileChannel create(Path file) throws IOException {
    return Owned.create(file);
  }

  /// Forces the directory: names made or changed before are there after a power cut.
  void force() throws IOException {
    Owned.force(directory);
  }

  /// Forces the names in a directory.
  static void forceNames(Path directory) throws IOException {
    Owned.force(directory);
  }

  /// Writes all of the octets at a place.
  static void write(FileChannel channel, ByteBuffer octets, long offset) throws IOException {
    long at = offset;
    while (octets.hasRemaining()) {
      at += channel.write(octets, at);
    }
  }

  /// Reads until the buffer is full or the file ends.
  static void read(FileChannel channel, ByteBuffer into, long offset) throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int count = channel.read(into, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }

  /// Really writes zeros, so that later writes there change neither the file's size nor its map of
  /// blocks, and forcing them is the write of the data and nothing else.
  static void zero(FileChannel channel, long from, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(SLICE, to - from));
    for (long at = from; at < to; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
      write(channel, zeros, at);
    }
  }
}
