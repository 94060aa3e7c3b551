package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.depozit.mime.Octets;

/// The group that the writer is building: what one append and one force will bring to the disk.
/// Small bodies stand in it beside the changes; since a group goes where the last one ended, a
/// body's place is known as soon as it is here. [Log] tells the format. There is one, used again
/// for each group; the writer only.
final class Group {
  static final int HEADER = 40;
  static final int CHECKSUM = 12;
  static final int VERSION = 1;
  static final int VERSION_AT = 36;

  /// What a record of a group is.
  static final byte CHANGE = 1;

  static final byte BODY = 2;
  static final int RECORD_HEADER = 5;

  private static final int USUAL = 1 << 20;

  /// No group is longer: recovery reads it whole into the heap.
  private static final int LARGEST = 1 << 28;

  private final LogWriter writer = new LogWriter();
  private final List<HeapOrFileSpool> spools = new ArrayList<>();
  private final byte[] slice = new byte[1 << 14];
  private ByteBuffer octets = ByteBuffer.allocateDirect(USUAL);
  private long segment;
  private long offset;

  /// Where the group ended at a moment.
  record Mark(int octets, int spools) {}

  /// Starts an empty group that will stand at a place.
  void start(long segment, long offset) {
    this.segment = segment;
    this.offset = offset;
    if (octets.capacity() > 16 * USUAL) {
      octets = ByteBuffer.allocateDirect(USUAL);
    }
    octets.clear().position(HEADER);
    spools.clear();
  }

  /// Whether nothing is in it.
  boolean isEmpty() {
    return octets.position() == HEADER;
  }

  /// Its length as it will stand in the log.
  int length() {
    return octets.position();
  }

  /// Puts a message's body where it stays: a small one into this group, a big one already has a
  /// segment of its own.
  ///
  /// @param spool sealed
  /// @throws Refused LIMIT if the group cannot hold it
  Change.BodyPlace keep(Spool spool) {
    return switch (spool) {
      case HeapOrFileSpool kept -> {
        spools.add(kept);
        yield kept.keep().orElseGet(() -> put(kept.octets()));
      }
    };
  }

  /// Puts octets that come from elsewhere into this group.
  ///
  /// @throws Refused LIMIT if the group cannot hold them
  Change.BodyPlace put(Octets body) {
    int length = Math.toIntExact(body.length());
    record(BODY, length);
    long place = offset + octets.position();
    int count;
    for (long at = 0; at < length; at += count) {
      count = body.read(at, slice, 0, slice.length);
      octets.put(slice, 0, count);
    }
    return new Change.BodyPlace(segment, place, length);
  }

  /// Adds a change.
  ///
  /// @throws Refused LIMIT if the group cannot hold it
  void add(Change change) {
    writer.clear();
    LogCodec.write(change, writer);
    record(CHANGE, writer.length());
    octets.put(writer.array(), 0, writer.length());
  }

  private void record(byte kind, int length) {
    long needed = (long) octets.position() + RECORD_HEADER + length;
    if (needed > LARGEST) {
      throw new Refused(Refused.Reason.LIMIT, "Too much at once");
    }
    if (needed > octets.capacity()) {
      int capacity = (int) Math.min(LARGEST, Math.max(needed, 2L * octets.capacity()));
      octets = ByteBuffer.allocateDirect(capacity).put(octets.flip());
    }
    octets.put(kind).putInt(length);
  }

  /// Where the group ends now.
  Mark mark() {
    return new Mark(octets.position(), spools.size());
  }

  /// Takes back what was added after the mark, bodies and all.
  void truncate(Mark mark) {
    octets.position(mark.octets());
    List<HeapOrFileSpool> taken = spools.subList(mark.spools(), spools.size());
    taken.forEach(HeapOrFileSpool::letGo);
    taken.clear();
  }

  /// Takes everything back.
  void clear() {
    truncate(new Mark(HEADER, 0));
  }

  /// The whole group, ready to be written.
  ///
  /// @param mark of the segment
  /// @param sequence this group's number
  /// @param forced the number of the last group that is known to be on the disk
  /// @param previous checksum of the group before
  ByteBuffer sealed(long mark, long sequence, long forced, int previous) {
    octets.putInt(8, octets.position()).putLong(16, sequence).putInt(36, VERSION);
    ByteBuffer whole = octets.duplicate().flip();
    int _ = seal(whole, mark, forced, previous);
    return whole;
  }

  /// Makes a group part of a segment: says where it stands in the chain, and the checksum.
  ///
  /// @return the checksum
  static int seal(ByteBuffer whole, long mark, long forced, int previous) {
    whole.putLong(0, mark).putInt(CHECKSUM, 0).putLong(24, forced).putInt(32, previous);
    int checksum = checksum(whole);
    whole.putInt(CHECKSUM, checksum);
    return checksum;
  }

  /// The octets of the last sealed group, for who keeps them.
  ByteBuffer copy() {
    ByteBuffer whole = octets.duplicate().flip();
    return ByteBuffer.allocate(whole.remaining()).put(whole).flip();
  }

  /// The checksum of the last sealed group.
  int checksum() {
    return octets.getInt(CHECKSUM);
  }

  /// The checksum of a whole group whose checksum field is zero.
  static int checksum(ByteBuffer whole) {
    CRC32C crc = new CRC32C();
    crc.update(whole.duplicate());
    return (int) crc.getValue();
  }

  /// A group read back.
  ///
  /// @param sequence its number
  /// @param forced the last group that was known to be on the disk when it was written
  /// @param previous checksum of the group before
  /// @param checksum its own
  /// @param octets whole
  record Read(long sequence, long forced, int previous, int checksum, ByteBuffer octets) {
    /// Its changes, in order; the bodies are passed over.
    ///
    /// @throws IOException if a record is not what the writer writes
    List<Change> changes() throws IOException {
      List<Change> changes = new ArrayList<>();
      ByteBuffer rest = octets.duplicate().position(HEADER);
      while (rest.hasRemaining()) {
        byte kind = rest.remaining() < RECORD_HEADER ? 0 : rest.get();
        int length = kind == 0 ? -1 : rest.getInt();
        if (length < 0 || length > rest.remaining() || (kind != CHANGE && kind != BODY)) {
          throw new IOException("group " + sequence + " holds a record of no known kind");
        }
        if (kind == CHANGE) {
          changes.add(LogCodec.read(rest.slice(rest.position(), length)));
        }
        rest.position(rest.position() + length);
      }
      return changes;
    }
  }
}
