package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Copies of directories, for tests of what a crash leaves behind.
final class TestFiles {
  private TestFiles() {}

  /// All files and directories below a directory, the deepest last.
  private static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.sorted(Comparator.comparingInt(Path::getNameCount)).toList();
    }
  }

  /// Copies a directory with all that is in it.
  static Path copy(Path from, Path to) throws IOException {
    for (Path file : below(from)) {
      Files.copy(file, to.resolve(from.relativize(file).toString()));
    }
    return to;
  }

  /// Removes a directory with all that is in it.
  static void delete(Path directory) throws IOException {
    for (Path file : below(directory).reversed()) {
      Files.delete(file);
    }
  }
}
