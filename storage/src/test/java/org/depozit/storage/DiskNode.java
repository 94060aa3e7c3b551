package org.depozit.storage;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A file or directory of a [SimulatedDisk]: what the programs see now, what was forced, and what
/// was done since. Used under the lock of its disk.
sealed interface DiskNode permits DiskFile, DiskDirectory {
  /// Everything done so far is on the disk.
  void force();

  /// The mode, as [java.nio.file.attribute.PosixFileAttributes] tells it.
  DiskMode mode();

  default Set<PosixFilePermission> permissions() {
    return mode().permissions();
  }

  /// What a power cut leaves.
  DiskNode cut(RandomGenerator random);
}
