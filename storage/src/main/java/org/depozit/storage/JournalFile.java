package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One of the two files of the page journal: records from its start on, each at a multiple of 4
/// KiB, and what an earlier use of the file left behind them. The file is not cut when it is used
/// again: writing over octets that are there makes the file system's own journal no work. Used by
/// one thread at a time.
final class JournalFile implements AutoCloseable {
  /// Octets to which a file grows; only a record that is longer by itself makes it longer, until
  /// the file is used again. Two files hold about as much as twenty seconds of heavy delivery
  /// write, so that the database file, which is forced aside when a file is full, has that long.
  static final long LIMIT = 16L << 20;

  private static final int ALIGNMENT = 4 << 10;

  private final Path path;
  private final SteadyFile file;
  private long end;
  private long size;

  private JournalFile(Path path, SteadyFile file) throws IOException {
    this.path = path;
    this.file = file;
    this.size = file.size();
  }

  /// Opens the file, or makes it.
  static JournalFile open(Path path) throws IOException {
    return new JournalFile(path, SteadyFile.open(path));
  }

  /// Whether it holds records whose pages may be nowhere else.
  boolean used() {
    return end > 0;
  }

  /// Whether a record of this many octets may be appended.
  boolean fits(long length) {
    return end == 0 || end + length <= LIMIT;
  }

  /// Writes a record behind the last one. It is part of the journal after [#force] only.
  ///
  /// @throws IOException then it is as if nothing had been written
  void write(PageRecord.Sealed record) throws IOException {
    long at = end;
    for (ByteBuffer part : record.parts()) {
      file.write(part, at);
      at += part.remaining();
    }
  }

  /// Forces the record that was written, and has the next one go behind it.
  ///
  /// @throws IOException then nobody knows what is on the disk
  void force(PageRecord.Sealed record) throws IOException {
    long behind = end + record.length();
    file.force(behind > size);
    size = Math.max(size, behind);
    end = Math.ceilDiv(behind, (long) ALIGNMENT) * ALIGNMENT;
  }

  /// Says on the disk that the file holds no record: after a crash its remains must not be taken
  /// for ones that are still to be written to the database file.
  void erase() throws IOException {
    file.write(ByteBuffer.allocate(PageRecord.HEAD), 0);
    boolean cut = size > LIMIT;
    if (cut) {
      file.truncate(LIMIT);
      size = LIMIT;
    }
    file.force(cut);
    end = 0;
  }

  /// Gives all octets of the file back.
  void empty() throws IOException {
    if (size > 0) {
      file.truncate(0);
      file.force(true);
    }
    end = 0;
    size = 0;
  }

  /// The whole records from the file's start on.
  ///
  /// @throws IOException if the file cannot be read, or a record is damaged that was on the disk
  List<PageRecord.Read> records() throws IOException {
    List<PageRecord.Read> records = new ArrayList<>();
    long at = 0;
    Optional<PageRecord.Read> next = record(at).filter(read -> follows(records, read));
    while (next.isPresent()) {
      records.add(next.get());
      long behind = at + next.get().record().length();
      at = Math.ceilDiv(behind, (long) ALIGNMENT) * ALIGNMENT;
      next = record(at).filter(read -> follows(records, read));
    }
    if (!records.isEmpty()) {
      mustBeLast(records.getLast().record(), at);
    }
    return records;
  }

  /// Whether a record continues a row of them, or starts it.
  static boolean follows(List<PageRecord.Read> records, PageRecord.Read next) {
    if (records.isEmpty()) {
      return true;
    }
    PageRecord.Read last = records.getLast();
    return next.record().epoch() == last.record().epoch()
        && next.record().sequence() == last.record().sequence() + 1
        && next.record().previous() == last.checksum();
  }

  private Optional<PageRecord.Read> record(long at) throws IOException {
    Optional<PageRecord.Head> head = head(at);
    if (head.isEmpty()
        || head.get().length() < PageRecord.HEAD
        || head.get().length() > Math.min(Integer.MAX_VALUE, size - at)) {
      return Optional.empty();
    }
    ByteBuffer octets = ByteBuffer.allocate((int) head.get().length());
    file.read(octets, at);
    return PageRecord.read(octets.flip());
  }

  private Optional<PageRecord.Head> head(long at) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(PageRecord.HEAD);
    file.read(octets, at);
    return PageRecord.Head.read(octets.flip());
  }

  /// A record is written after the one before it was forced: a whole one behind a gap says that the
  /// gap was not left by a power cut.
  private void mustBeLast(PageRecord last, long from) throws IOException {
    for (long at = from; at < size; at += ALIGNMENT) {
      boolean later =
          head(at)
              .filter(head -> head.epoch() == last.epoch() && head.sequence() > last.sequence() + 1)
              .isPresent();
      if (later && record(at).isPresent()) {
        throw new IOException("record " + (last.sequence() + 1) + " of " + this + " is damaged");
      }
    }
  }

  /// Closes the file and takes it away, if it is there.
  void delete() throws IOException {
    file.close();
    Files.deleteIfExists(path);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
