package org.depozit.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// What the figures depend on, without the name of the machine or any place on it.
final class Machine {
  private Machine() {}

  static List<String> facts(Options options) throws IOException {
    return List.of(
        "%d processors (%s), %s memory, %s, files on %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                first("/proc/cpuinfo", "model name"),
                gibibytes(first("/proc/meminfo", "MemTotal")),
                system(),
                Files.getFileStore(options.folder()).type()),
        "a forced append of 4 KiB to a preallocated file, one after the other: %s/s"
            .formatted(Figures.text(forces(options.folder()))));
  }

  private static String system() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version").replaceAll("^(\\d+\\.\\d+).*", "$1");
  }

  private static String first(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException | UncheckedIOException e) {
      return "unknown";
    }
  }

  private static String gibibytes(String kibibytes) {
    String digits = kibibytes.replaceAll("\\D", "");
    return digits.isEmpty() ? "unknown" : Math.round(Long.parseLong(digits) / 1048576.0) + " GiB";
  }

  /// How often a second the disk takes 4 KiB for good.
  static double forces(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "depozit-bench-", ".force");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < 4096; i++) {
        channel.write(ByteBuffer.allocate(4096), i * 4096L);
      }
      channel.force(true);
      int count = 0;
      long start = System.nanoTime();
      while (System.nanoTime() - start < 1e9) {
        channel.write(ByteBuffer.allocate(4096), count % 4096 * 4096L);
        channel.force(false);
        count++;
      }
      return count / ((System.nanoTime() - start) / 1e9);
    } finally {
      Files.delete(file);
    }
  }
}
