package org.depozit.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What the load asks of the system: processes by their id, their memory, free ports, folders.
final class Processes {
  private static final long END_SECONDS = 60;

  private Processes() {}

  /// A process and all that came from it.
  static List<ProcessHandle> family(Process process) {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  /// Proportional resident memory of processes in octets: what they share counts once.
  static long resident(List<ProcessHandle> processes) {
    return processes.stream().mapToLong(process -> resident(process.pid())).sum();
  }

  private static long resident(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  /// Asks a process to end, and ends it if it does not.
  static void end(Process process) {
    List<ProcessHandle> family = family(process);
    process.destroy();
    await(process);
    family.forEach(ProcessHandle::destroyForcibly);
  }

  /// Ends a process and all that came from it at once.
  static void kill(Process process) {
    List<ProcessHandle> family = family(process);
    family.forEach(ProcessHandle::destroyForcibly);
    await(process);
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }

  /// Runs a command to its end.
  ///
  /// @return what it printed
  static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    await(process);
    if (process.exitValue() != 0) {
      throw new IOException(command.getFirst() + " failed: " + printed);
    }
    return printed;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
