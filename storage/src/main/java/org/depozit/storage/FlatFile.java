package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// A version of a mailbox in one file, its columns as they stand in the heap, so that loading is
/// reading and copying arrays: a shortcut past the rows, never the truth
/// (`docs/adr/0010-flat-saves.md`).
///
/// ## Format
///
/// Numbers are little-endian. A header:
///
/// | octets | |
/// |---|---|
/// | 0-7   | `DepozitV` read as a big-endian number |
/// | 8-11  | version: 1 |
/// | 12-15 | the mailbox's number |
/// | 16-23 | UIDVALIDITY |
/// | 24-31 | UIDNEXT |
/// | 32-39 | the highest mod-sequence |
/// | 40-47 | position in the log up to which the version reaches |
/// | 48-55 | octets of the whole file |
/// | 56-59 | chunks |
/// | 60-63 | zero |
///
/// then the chunks, each with 40 octets of sums (messages, width of the flags in ints, unseen,
/// deleted, octets, highest mod-sequence, zero) and its columns one after the other ([Facts],
/// [Marks]); at the end the CRC-32C of all octets before it.
///
/// Keywords are not here: they are named without a mod-sequence, so that nothing would tell whether
/// the file has them all.
final class FlatFile {
  static final int HEADER = 64;
  private static final long MAGIC = 0x4465_706F_7A69_7456L; // "DepozitV"
  private static final int VERSION = 1;
  private static final int CHECKSUM = Integer.BYTES;
  private static final int CHUNK_HEADER = 40;
  private static final int SLICE = 1 << 18;

  private FlatFile() {}

  /// What stands before the chunks.
  record Header(
      int mailbox,
      long uidValidity,
      long uidNext,
      long highestModSeq,
      long logPosition,
      long length,
      int chunks) {
    private void write(ByteBuffer into) {
      into.putLong(MAGIC).putInt(VERSION).putInt(mailbox).putLong(uidValidity).putLong(uidNext);
      into.putLong(highestModSeq).putLong(logPosition).putLong(length).putInt(chunks).putInt(0);
    }

    private static Header read(ByteBuffer from, long length) throws IOException {
      if (from.remaining() < HEADER || from.getLong() != MAGIC || from.getInt() != VERSION) {
        throw new IOException("not a flat save");
      }
      Header header =
          new Header(
              from.getInt(),
              from.getLong(),
              from.getLong(),
              from.getLong(),
              from.getLong(),
              from.getLong(),
              from.getInt());
      if (from.getInt() != 0 || header.length != length || header.chunks < 0) {
        throw new IOException("the flat save is not whole");
      }
      return header;
    }
  }

  /// A file read back.
  record Read(Header header, Chunk[] chunks) {}

  /// Writes a version to a new file. Forces nothing.
  static void write(Path file, View view) throws IOException {
    Chunk[] chunks = view.chunks().all();
    long length = HEADER + CHECKSUM;
    for (Chunk chunk : chunks) {
      length += CHUNK_HEADER + chunk.columnOctets();
    }
    Header header =
        new Header(
            view.mailbox(),
            view.uidValidity(),
            view.uidNext(),
            view.highestModSeq(),
            view.logPosition(),
            length,
            chunks.length);
    try (FileChannel channel = Owned.create(file)) {
      new Output(channel).write(header, chunks);
    }
  }

  /// Writes slice by slice.
  private static final class Output {
    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer slice = ByteBuffer.allocate(SLICE).order(ByteOrder.LITTLE_ENDIAN);
    private long at;

    Output(FileChannel channel) {
      this.channel = channel;
    }

    void write(Header header, Chunk[] chunks) throws IOException {
      header.write(slice);
      for (Chunk chunk : chunks) {
        if (slice.remaining() < CHUNK_HEADER + chunk.columnOctets()) {
          flush();
        }
        slice.putInt(chunk.count).putInt(chunk.wide() ? 2 : 1);
        slice.putInt(chunk.unseen).putInt(chunk.deleted);
        slice.putLong(chunk.octets).putLong(chunk.highestModSeq).putLong(0);
        chunk.write(slice);
      }
      flush();
      slice.putInt((int) crc.getValue());
      flush();
    }

    private void flush() throws IOException {
      slice.flip();
      int length = slice.remaining();
      crc.update(slice);
      slice.rewind();
      LogFiles.write(channel, slice, at);
      at += length;
      slice.clear();
    }
  }

  /// Reads what stands before the chunks; nothing says yet that the rest is whole.
  ///
  /// @throws IOException if there is no such file or it is not a flat save
  static Header header(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer octets = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
      LogFiles.read(channel, octets, 0);
      return Header.read(octets.flip(), channel.size());
    }
  }

  /// Reads a file.
  ///
  /// @throws IOException if there is none, it cannot be read or a single bit of it is wrong
  static Read read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Input(channel).read();
    }
  }

  /// Reads slice by slice; believes nothing before the checksum is compared.
  private static final class Input {
    private final FileChannel channel;
    private final long length;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer slice;
    private long at;

    Input(FileChannel channel) throws IOException {
      this.channel = channel;
      this.length = channel.size();
      this.slice =
          ByteBuffer.allocate((int) Math.min(SLICE, Math.max(length, HEADER)))
              .order(ByteOrder.LITTLE_ENDIAN)
              .limit(0);
    }

    Read read() throws IOException {
      need(HEADER);
      Header header = Header.read(slice, length);
      if (header.chunks > length / CHUNK_HEADER) {
        throw new IOException("the flat save is damaged");
      }
      Chunk[] chunks = new Chunk[header.chunks];
      for (int i = 0; i < chunks.length; i++) {
        chunks[i] = chunk();
      }
      int computed = (int) crc.getValue();
      need(CHECKSUM);
      if (slice.getInt() != computed || slice.hasRemaining() || at != length) {
        throw new IOException("the flat save is damaged");
      }
      return new Read(header, chunks);
    }

    private Chunk chunk() throws IOException {
      need(CHUNK_HEADER);
      int count = slice.getInt();
      int width = slice.getInt();
      int unseen = slice.getInt();
      int deleted = slice.getInt();
      long octets = slice.getLong();
      long highestModSeq = slice.getLong();
      slice.getLong();
      if (count < 1 || count > Chunk.CAPACITY || width < 1 || width > 2) {
        throw new IOException("the flat save is damaged");
      }
      byte[] columns = new byte[Chunk.columnOctets(count, width == 2)];
      need(columns.length);
      slice.get(columns);
      return new Chunk(columns, count, unseen, deleted, octets, highestModSeq);
    }

    /// Makes sure that so many octets can be taken from the slice.
    private void need(int octets) throws IOException {
      if (slice.remaining() >= octets) {
        return;
      }
      slice.compact();
      int from = slice.position();
      LogFiles.read(channel, slice, at);
      at += slice.position() - from;
      slice.flip();
      // The last octets are the checksum itself.
      int summed = (int) (slice.limit() - from - Math.max(0, at - (length - CHECKSUM)));
      crc.update(slice.array(), from, Math.max(0, summed));
      if (slice.remaining() < octets) {
        throw new IOException("the flat save is not whole");
      }
    }
  }
}
