package org.depozit.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/// The log: the truth of the last minutes, and the store of bodies for good. One append and one
/// force bring a group of changes and their small bodies to the disk; the database follows and is
/// forced at checkpoints only (`docs/adr/0002-log-first.md`).
///
/// ## Format
///
/// Numbers are big-endian. A **segment** (`%016x.seg`) is a file of zeros, really written before
/// its first use, so that forcing a group changes no size. It starts with a header of 64 octets,
/// forced before the first group comes:
///
/// | octets | |
/// |---|---|
/// | 0-7   | `Depozit1` |
/// | 8-15  | the segment's number, as in the file's name |
/// | 16-23 | the mark: random, odd; each group of the segment starts with it. Mail cannot hold what looks like a group |
/// | 24-31 | the sequence number of its first group; every group before is on the disk |
/// | 32-35 | checksum of the group before |
/// | 36-39 | 1 if what stands in the segment before behind that group was given up, else 0 |
/// | 60-63 | CRC-32C of octets 0-59 |
///
/// **Groups** follow without a gap, each in one segment, with a header of 40 octets:
///
/// | octets | |
/// |---|---|
/// | 0-7   | the segment's mark |
/// | 8-11  | length of the whole group |
/// | 12-15 | CRC-32C of the whole group, this field taken as zero |
/// | 16-23 | sequence number: one more than that of the group before. It is the group's *position* |
/// | 24-31 | the last group known to be on the disk when this one was written |
/// | 32-35 | checksum of the group before |
/// | 36-39 | version: 1 |
///
/// and **records**: a kind (1 change, 2 body), a length of four octets, and as many octets. A
/// change is as [LogCodec] says; a body is the message's content, and its place is that of its
/// first octet. Bodies above [StoreLimits#smallBody] are whole files (`%016x.body`), their place
/// starts at octet 0.
///
/// ## Reading it again
///
/// Reading ([LogScan]) goes from the checkpoint to the first place without a whole group of the
/// right number and chain. If a later group, or a later segment's header, says that the missing one
/// was on the disk, the log is damaged and the store stays closed. Else it is a torn tail that
/// nobody was told of, and it is overwritten with zeros. Groups whose numbers start a later segment
/// are not read: they were given up when their force failed, and what was told of them stands in
/// the later one ([#mend]).
///
/// Used by the writer only, but [#forced] by any.
final class Log implements AutoCloseable {
  static final long FIRST_SEGMENT = 1 << 20;

  /// Beyond the octets of a group, what the last proposal of a group may bring.
  private static final long SLACK = 1 << 20;

  /// How soon what has failed is tried again.
  static final long AGAIN = TimeUnit.SECONDS.toNanos(1);

  private final LogFiles files;
  private final StoreLimits limits;
  private final Group group = new Group();
  private Segment segment;
  private long sequence;
  private int checksum;
  private long octets;
  private volatile long forced;
  private int forcedChecksum;
  private volatile boolean broken;

  /// The groups that are not forced and were told: [#mend] writes them again.
  private final List<ByteBuffer> told = new ArrayList<>();

  private Optional<NoRoom> noRoom = Optional.empty();
  private Optional<CompletableFuture<Segment.Prepared>> ahead = Optional.empty();

  /// A log that goes on in a segment, whose groups so far are on the disk.
  ///
  /// @param sequence of the last group
  /// @param checksum of the last group
  Log(LogFiles files, StoreLimits limits, Segment segment, long sequence, int checksum) {
    this.files = files;
    this.limits = limits;
    this.segment = segment;
    this.sequence = sequence;
    this.checksum = checksum;
    this.forced = sequence;
    this.forcedChecksum = checksum;
  }

  /// That a segment could not be made, and when.
  private record NoRoom(IOException why, long since) {}

  /// The group that is being built: always the same object.
  Group group() {
    return group;
  }

  LogFiles files() {
    return files;
  }

  /// The number of the last group that was appended: the log's position.
  long position() {
    return sequence;
  }

  /// The position up to which all is on the disk. Any thread.
  long forced() {
    return forced;
  }

  /// Octets appended since this log was opened.
  long octets() {
    return octets;
  }

  /// Where recovery would start if everything up to here were forced in the database.
  Checkpoint checkpoint(boolean clean) {
    return new Checkpoint(sequence, segment.number(), segment.end(), checksum, files.last(), clean);
  }

  /// Starts a group, in the next segment if this one may not hold it.
  ///
  /// @throws IOException if there is no room for a segment; the log stays as it was, unless
  ///   [#broken]
  void begin() throws IOException {
    long left = segment.size() - segment.end();
    if (left < Math.min(limits.groupOctets() + SLACK, segment.size() / 4)) {
      roll();
    }
    group.start(segment.number(), segment.end());
  }

  /// Appends the group: in the page cache when this returns, on the disk after [#force].
  ///
  /// @return its position
  /// @throws IOException if it could not be written; it is as if it had never been, unless
  ///   [#broken]
  long append() throws IOException {
    try {
      segment.append(group.sealed(segment.mark(), sequence + 1, forced, checksum));
    } catch (IOException e) {
      erase(e);
      throw e;
    }
    sequence++;
    checksum = group.checksum();
    octets += group.length();
    if (ahead.isEmpty() && segment.end() > segment.size() / 2) {
      ahead = Optional.of(prepareAside());
    }
    return sequence;
  }

  private void erase(IOException why) {
    try {
      segment.erase();
    } catch (IOException e) {
      why.addSuppressed(e);
      broken = true;
    }
  }

  /// Whether a force failed or a failed append could not be taken back: write no more until
  /// [#mend].
  boolean broken() {
    return broken;
  }

  /// Forces what was appended.
  ///
  /// @throws IOException then nobody knows what is on the disk: write no more until [#mend]
  void force() throws IOException {
    if (forced < sequence) {
      try {
        segment.force();
      } catch (IOException e) {
        broken = true;
        throw e;
      }
      forced = sequence;
      forcedChecksum = checksum;
      told.clear();
    }
  }

  /// Says that the group that was appended last is told before it is forced.
  void tell() {
    told.add(group.copy());
  }

  /// Goes on after a failure, in a new segment, and forces it. Of what was not forced nothing is
  /// taken for written: the kernel may have dropped the pages, whatever it says later, and shows
  /// them until it forgets them. What was told of it is written again; the rest is undone, since
  /// the new segment's header says that it starts in its place.
  ///
  /// @throws IOException if that fails too; it can be tried again
  void mend() throws IOException {
    // The one that was prepared aside has the lower number: it must come first.
    Segment fresh = prepared().startAfterFailure(forced + 1, forcedChecksum);
    int last = forcedChecksum;
    try {
      for (ByteBuffer each : told) {
        last = Group.seal(each, fresh.mark(), forced, last);
        fresh.append(each.duplicate());
      }
      fresh.force();
    } catch (IOException e) {
      discard(fresh, e);
      throw e;
    }
    Segment left = segment;
    segment = fresh;
    sequence = forced + told.size();
    checksum = last;
    forced = sequence;
    forcedChecksum = last;
    told.clear();
    broken = false;
    left.close();
  }

  /// Takes away a segment in which nothing can be told.
  private void discard(Segment fresh, IOException why) {
    try {
      fresh.close();
      Files.deleteIfExists(files.segment(fresh.number()));
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /// Gives back the zeros behind the last group: nothing comes after it.
  void trim() throws IOException {
    segment.trim();
  }

  /// Gives back what is reserved and not used, if it is much: the log goes on in a small segment.
  ///
  /// @return whether it does
  /// @throws IOException if there is no room for a segment; the log stays as it was, unless
  ///   [#broken]
  boolean rest() throws IOException {
    long reserved = segment.size() - segment.end() + (ahead.isPresent() ? nextSize() : 0);
    if (reserved <= FIRST_SEGMENT) {
      return false;
    }
    dropAhead();
    roll(Segment.Prepared.prepare(files, FIRST_SEGMENT));
    return true;
  }

  private void dropAhead() throws IOException {
    Optional<CompletableFuture<Segment.Prepared>> started = ahead;
    ahead = Optional.empty();
    // If it could not be made there is nothing to drop.
    Optional<Segment.Prepared> made =
        started.flatMap(
            making -> making.handle((prepared, failed) -> Optional.ofNullable(prepared)).join());
    if (made.isPresent()) {
      made.get().discard();
    }
  }

  private void roll() throws IOException {
    roll(prepared());
  }

  private void roll(Segment.Prepared prepared) throws IOException {
    Segment full = segment;
    try {
      force();
      segment = prepared.start(sequence + 1, checksum);
    } catch (IOException e) {
      // After a failed force nobody knows what is on the disk; and a segment with a header must not
      // stand beside one that goes on.
      broken = true;
      throw e;
    }
    full.trim();
    full.close();
  }

  private Segment.Prepared prepared() throws IOException {
    Optional<CompletableFuture<Segment.Prepared>> started = ahead;
    ahead = Optional.empty();
    try {
      return started.isEmpty() ? preparedNow() : started.get().join();
    } catch (CompletionException e) {
      throw new IOException("no room for a segment", e);
    }
  }

  /// Does not try again at once what has just failed: it writes until the disk is full.
  private Segment.Prepared preparedNow() throws IOException {
    if (noRoom.isPresent() && System.nanoTime() - noRoom.get().since < AGAIN) {
      throw new IOException(noRoom.get().why.getMessage(), noRoom.get().why);
    }
    try {
      Segment.Prepared prepared = Segment.Prepared.prepare(files, nextSize());
      noRoom = Optional.empty();
      return prepared;
    } catch (IOException e) {
      noRoom = Optional.of(new NoRoom(e, System.nanoTime()));
      throw e;
    }
  }

  /// Sixty-four mebioctets of zeros take a while: they are written while the segment before is
  /// still in use.
  private CompletableFuture<Segment.Prepared> prepareAside() {
    long size = nextSize();
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Segment.Prepared.prepare(files, size);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofPlatform().daemon().name("depozit-log-ahead").start(task));
  }

  private long nextSize() {
    return Math.min(limits.segmentOctets(), Math.max(FIRST_SEGMENT, 2 * segment.size()));
  }

  /// Lets the files go; forces nothing.
  @Override
  public void close() throws IOException {
    dropAhead();
    segment.close();
  }
}
