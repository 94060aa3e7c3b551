package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.Set;

/// A disk in the heap, below [java.nio.file.Path], that remembers what was forced: [#cut] gives the
/// disk as a power cut at this moment may leave it. Taking a cut does not disturb who works on the
/// disk, and costs little: blocks are shared.
///
/// Forcing a file brings its octets and its length to the disk; forcing a directory the names in
/// it. Beyond that nothing is promised, see [DiskFile] and [DiskDirectory].
///
/// All operations happen one after the other, under the lock of this object.
final class SimulatedDisk {
  static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

  private final DiskDirectory root;
  private final DiskFileSystem files = new DiskFileSystem(this);
  private Witness witness = (_, _, _, _) -> {};
  private long freeBlocks = Long.MAX_VALUE;
  private int open;

  /// What is done with the disk.
  enum Operation {
    READ,
    WRITE,
    TRUNCATE,
    FORCE,
    MAKE,
    RENAME,
    REMOVE,
    FORCE_DIRECTORY
  }

  /// Told before each operation, under the lock of the disk, on the thread that asks for it: may
  /// take a cut, or fail the operation. What fails is not done; of a force that fails some is.
  @FunctionalInterface
  interface Witness {
    /// Told of an operation.
    ///
    /// @param file its name without the directories before it
    /// @param at the octet, of a read or write
    /// @param count of octets; of a force, 1 if the metadata too
    void before(Operation operation, String file, long at, int count) throws IOException;
  }

  SimulatedDisk() {
    this(new DiskDirectory(OWNER));
  }

  private SimulatedDisk(DiskDirectory root) {
    this.root = root;
  }

  DiskDirectory root() {
    return root;
  }

  /// A path on this disk.
  Path path(String absolute) {
    return files.getPath(absolute);
  }

  /// Makes a directory and those above it, all of them forced.
  synchronized void make(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Path above = directory; above != null; above = above.getParent()) {
      node(above).force();
    }
  }

  /// What a power cut at this moment may leave; the same for the same state and seed.
  synchronized SimulatedDisk cut(long seed) {
    return new SimulatedDisk(root.cut(new Random(seed)));
  }

  synchronized void watch(Witness told) {
    witness = told;
  }

  /// How many octets there is still room for; a block is taken when it is first written.
  synchronized void free(long octets) {
    freeBlocks = octets / DiskBlocks.BLOCK;
  }

  /// How many files and directories are open.
  synchronized int open() {
    return open;
  }

  /// So many more are open.
  synchronized void opened(int more) {
    open += more;
  }

  void told(Operation operation, Path file, long at, int count) throws IOException {
    witness.before(operation, String.valueOf(file.getFileName()), at, count);
  }

  /// Takes room for blocks.
  void take(long blocks) throws IOException {
    if (blocks > freeBlocks) {
      throw new IOException("No space left on device");
    }
    freeBlocks -= freeBlocks == Long.MAX_VALUE ? 0 : blocks;
  }

  /// Gives room back.
  void give(long blocks) {
    freeBlocks += freeBlocks == Long.MAX_VALUE ? 0 : blocks;
  }

  /// What stands at a path.
  DiskNode node(Path path) throws IOException {
    DiskNode node = root;
    for (Path name : path.toAbsolutePath().normalize()) {
      if (!(node instanceof DiskDirectory directory)
          || !directory.entries().containsKey(name.toString())) {
        throw new NoSuchFileException(path.toString());
      }
      node = directory.entries().get(name.toString());
    }
    return node;
  }

  /// The directory that a path stands in.
  DiskDirectory parent(Path path) throws IOException {
    Path whole = path.toAbsolutePath().normalize();
    if (whole.getParent() != null && node(whole.getParent()) instanceof DiskDirectory directory) {
      return directory;
    }
    throw new NoSuchFileException(path.toString());
  }
}
