package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What the file `checkpoint` in the log's directory says: all groups up to here are forced in the
/// database too, so that replaying starts behind them. It is never told by the database itself.
///
/// @param sequence of the last group that is in the database
/// @param segment in which the next group is looked for
/// @param offset where
/// @param checksum of the last group
/// @param numbers the last number given to a segment or big body
/// @param clean whether the store was closed in order and has not been opened since
record Checkpoint(
    long sequence, long segment, long offset, int checksum, long numbers, boolean clean) {
  private static final long MAGIC = 0x4465_706F_7A69_7443L; // "DepozitC"
  private static final int LENGTH = 56;
  private static final int CHECKSUM = LENGTH - Integer.BYTES;

  /// The checkpoint of a log; empty if none was ever taken.
  ///
  /// @throws IOException if it cannot be read, or is damaged
  static Optional<Checkpoint> read(LogFiles files) throws IOException {
    if (!Files.exists(files.checkpoint())) {
      return Optional.empty();
    }
    ByteBuffer octets = ByteBuffer.wrap(Files.readAllBytes(files.checkpoint()));
    if (octets.limit() != LENGTH
        || octets.getLong() != MAGIC
        || octets.getInt(CHECKSUM) != checksum(octets)) {
      throw new IOException("the checkpoint's file is damaged");
    }
    return Optional.of(
        new Checkpoint(
            octets.getLong(),
            octets.getLong(),
            octets.getLong(),
            octets.getInt(),
            octets.getLong(),
            octets.get() != 0));
  }

  /// This one, if all groups only up to an earlier place are in the database.
  Checkpoint from(Checkpoint place) {
    return new Checkpoint(
        place.sequence, place.segment, place.offset, place.checksum, numbers, clean);
  }

  /// Puts it in the place of the one before; on the disk when this returns.
  void write(LogFiles files) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(LENGTH);
    octets.putLong(MAGIC).putLong(sequence).putLong(segment).putLong(offset);
    octets.putInt(checksum).putLong(numbers).put((byte) (clean ? 1 : 0));
    octets.putInt(CHECKSUM, checksum(octets)).clear();
    Path next = files.checkpoint().resolveSibling("checkpoint.new");
    Files.deleteIfExists(next);
    try (FileChannel channel = LogFiles.create(next)) {
      LogFiles.write(channel, octets, 0);
      channel.force(true);
    }
    Files.move(
        next,
        files.checkpoint(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    files.force();
  }

  private static int checksum(ByteBuffer octets) {
    CRC32C crc = new CRC32C();
    crc.update(octets.slice(0, CHECKSUM));
    return (int) crc.getValue();
  }
}
