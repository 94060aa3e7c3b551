package org.depozit.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// One record of the page journal: all that turns the database file from one checkpoint's into the
/// next one's. Numbers are big-endian; a head of 64 octets, a table, the pages:
///
/// | octets | |
/// |---|---|
/// | 0-7   | `DepozitP` |
/// | 8-15  | the epoch: random for each opening of the journal |
/// | 16-23 | sequence number: one more than that of the record before |
/// | 24-31 | length of the whole record |
/// | 32-35 | CRC-32C of the whole record, this field taken as zero |
/// | 36-39 | checksum of the record before; 0 in the first of an epoch |
/// | 40-47 | the database file is cut to this first; the highest long if it is not cut |
/// | 48-55 | octets of the database file when all is done |
/// | 56-59 | how many extents |
/// | 60-63 | zero |
/// | then, for each extent | 8 octets: its offset in the database file; 4: its length |
/// | then | the extents' octets in the same order |
///
/// @param previous checksum of the record before
record PageRecord(long epoch, long sequence, int previous, Pages.Batch batch) {
  static final int HEAD = 64;
  private static final long MAGIC = 0x4465_706F_7A69_7450L; // "DepozitP"
  private static final int CHECKSUM = 32;
  private static final int ENTRY = Long.BYTES + Integer.BYTES;

  /// What the head of a record says before its octets are read and found whole.
  record Head(long epoch, long sequence, long length) {
    /// The head at the buffer's start; empty if there is none.
    static Optional<Head> read(ByteBuffer octets) {
      return octets.limit() < HEAD || octets.getLong(0) != MAGIC
          ? Optional.empty()
          : Optional.of(new Head(octets.getLong(8), octets.getLong(16), octets.getLong(24)));
    }
  }

  /// A record as it goes to the disk.
  ///
  /// @param parts head and table, then the extents, each ready to be read
  record Sealed(long length, int checksum, List<ByteBuffer> parts) {}

  /// Octets of the record on the disk.
  long length() {
    long pages = batch.extents().stream().mapToLong(extent -> extent.octets().remaining()).sum();
    return front() + pages;
  }

  private int front() {
    return HEAD + ENTRY * batch.extents().size();
  }

  /// The record with its checksum; the pages are not copied.
  Sealed sealed() {
    long length = length();
    ByteBuffer front = ByteBuffer.allocate(front());
    front.putLong(MAGIC).putLong(epoch).putLong(sequence).putLong(length);
    front.putInt(0).putInt(previous).putLong(batch.valid()).putLong(batch.size());
    front.putInt(batch.extents().size()).putInt(0);
    List<ByteBuffer> parts = new ArrayList<>();
    parts.add(front);
    for (Pages.Extent extent : batch.extents()) {
      front.putLong(extent.offset()).putInt(extent.octets().remaining());
      parts.add(extent.octets());
    }
    front.flip();
    CRC32C crc = new CRC32C();
    parts.forEach(part -> crc.update(part.duplicate()));
    int checksum = (int) crc.getValue();
    front.putInt(CHECKSUM, checksum);
    return new Sealed(length, checksum, parts);
  }

  /// A record that was read.
  record Read(PageRecord record, int checksum) {}

  /// Reads a record back; empty if it is not whole.
  ///
  /// @param octets of as many octets as its head says
  static Optional<Read> read(ByteBuffer octets) {
    int checksum = octets.getInt(CHECKSUM);
    octets.putInt(CHECKSUM, 0);
    CRC32C crc = new CRC32C();
    crc.update(octets.duplicate());
    if ((int) crc.getValue() != checksum) {
      return Optional.empty();
    }
    Pages.Batch batch =
        new Pages.Batch(octets.getLong(40), octets.getLong(48), extents(octets, octets.getInt(56)));
    return Optional.of(
        new Read(
            new PageRecord(octets.getLong(8), octets.getLong(16), octets.getInt(36), batch),
            checksum));
  }

  private static List<Pages.Extent> extents(ByteBuffer octets, int count) {
    List<Pages.Extent> extents = new ArrayList<>(count);
    int data = HEAD + ENTRY * count;
    for (int i = 0; i < count; i++) {
      int entry = HEAD + ENTRY * i;
      int length = octets.getInt(entry + Long.BYTES);
      extents.add(new Pages.Extent(octets.getLong(entry), octets.slice(data, length)));
      data += length;
    }
    return extents;
  }
}
