package org.depozit.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Files and directories that are their owner's alone (mode 0600 and 0700), in any file system: all
/// is asked of the path's own one. A file system without POSIX modes gets none, and its directories
/// are not forced. Any thread.
final class Owned {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private Owned() {}

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] mode(Path path, Set<PosixFilePermission> permissions) {
    return posix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  /// Makes a directory, and those above it, if it is not there; their names are there for good.
  static void directory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Path whole = directory.toAbsolutePath();
      List<Path> fresh = new ArrayList<>();
      for (Path each = whole; each != null && !Files.isDirectory(each); each = each.getParent()) {
        fresh.add(each);
      }
      Files.createDirectories(whole, mode(directory, DIRECTORY));
      for (Path each : fresh) {
        force(each.resolveSibling("."));
      }
    }
  }

  /// Makes a new file, readable and writable; it is in its directory for good after [#force].
  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        mode(file, FILE));
  }

  /// Opens a file to read and write it; makes it if it is not there.
  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
        mode(file, FILE));
  }

  /// Takes the rights of others from a file that may have been made with them.
  static void restrict(Path file) throws IOException {
    if (posix(file) && !Files.getPosixFilePermissions(file).equals(FILE)) {
      Files.setAttribute(file, "posix:permissions", FILE);
    }
  }

  /// Forces a directory: names made, changed or removed before are so after a power cut.
  static void force(Path directory) throws IOException {
    if (posix(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
