package org.depozit.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Programs of this machine that the tests drive. One that is not installed makes its test an
/// assumption that does not hold, with that reason.
final class Programs {
  private static final long LONGEST_S = 60;

  private Programs() {}

  /// Goes on only if the program is installed.
  static void assumeInstalled(String program) {
    boolean installed =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    assumeTrue(installed, program + " is not installed");
  }

  /// Runs a program in a directory to its end, with that directory as its home.
  ///
  /// @return the exit code, and what it wrote on both outputs
  static Outcome run(Path home, List<String> command) throws IOException {
    Path out = Files.createTempFile("depozit-out-", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile());
      builder.environment().put("HOME", home.toString());
      builder.environment().put("FETCHMAILHOME", home.toString());
      Process process = builder.start();
      process.getOutputStream().close();
      try {
        if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
          throw new IllegalStateException(command + " does not end: " + Files.readString(out));
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        process.destroyForcibly();
      }
      return new Outcome(process.exitValue(), Files.readString(out));
    } finally {
      Files.delete(out);
    }
  }

  /// What a program left behind.
  record Outcome(int code, String out) {}
}
