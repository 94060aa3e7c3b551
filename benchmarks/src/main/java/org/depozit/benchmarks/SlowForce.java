package org.depozit.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A disk slower than the machine's, for both servers alike: each `fsync` and `fdatasync` takes so
/// much longer, by a few lines of C that are loaded before the C library. The goals of the project
/// were set on a machine whose disk forced some four hundred times a second.
final class SlowForce {
  private static final String LIBRARY = "LD_PRELOAD";
  private static final String MICROS = "SLOW_FORCE_MICROS";

  /// Variables that a server which chooses its own environment has to let through.
  static final String NAMES = LIBRARY + " " + MICROS;

  private SlowForce() {}

  /// The environment of a server on such a disk.
  ///
  /// @param folder where the library is put
  /// @param milliseconds that each force takes longer; 0 for none
  /// @throws IOException if there is no C compiler, `cc`
  static Map<String, String> environment(Path folder, double milliseconds) throws IOException {
    if (milliseconds == 0) {
      return Map.of();
    }
    Path source = folder.resolve("slow-force.c");
    try (InputStream text = SlowForce.class.getResourceAsStream("slow-force.c")) {
      if (text == null) {
        throw new IOException("slow-force.c is not among the classes");
      }
      Files.copy(text, source);
    }
    Path library = folder.resolve("slow-force.so");
    Processes.run(
        List.of("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl"));
    return Map.of(
        LIBRARY, library.toString(), MICROS, Long.toString(Math.round(milliseconds * 1_000)));
  }
}
