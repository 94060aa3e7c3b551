package org.depozit.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import org.depozit.storage.Refused.Reason;
import org.jspecify.annotations.Nullable;

/// The data directory belongs to one process: a lock on `depozit.lock` that ends with the process.
final class StoreLock implements AutoCloseable {
  private final FileChannel channel;

  private StoreLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Makes the directory (mode 0700) if it is not there, and locks it.
  ///
  /// @throws Refused IN_USE if another process or another store of this one has it; UNAVAILABLE if
  ///   it cannot be made
  static StoreLock lock(Path directory) {
    try {
      Owned.directory(directory);
      FileChannel channel = Owned.open(directory.resolve("depozit.lock"));
      if (locked(channel)) {
        return new StoreLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new Refused(
          Reason.UNAVAILABLE, "The data directory " + directory + " cannot be used", e);
    }
    throw new Refused(Reason.IN_USE, "Another server uses this data directory");
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new Refused(
          Reason.UNAVAILABLE, "The lock of the data directory cannot be given back", e);
    }
  }
}
