package org.depozit.server;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The data directory that a command works on.
final class DataOption {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The data directory of the store.")
  private Path directory;

  /// Wired by picocli.
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
  DataOption() {}

  Path directory() {
    return directory;
  }

  /// The way to the store: through the server that runs on it, or straight if none does.
  Operator operator() {
    return Operator.on(directory);
  }
}
