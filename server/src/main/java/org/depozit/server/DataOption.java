package org.depozit.server;

import java.nio.file.Files;
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

  /// The way to the store that is there: through the server that runs on it, or straight if none
  /// does.
  ///
  /// @throws CommandFailed if the directory holds no store
  Operator operator() {
    mustHoldStore();
    return operatorOfNew();
  }

  /// @throws CommandFailed if the directory holds no store
  void mustHoldStore() {
    if (!Files.exists(directory.resolve("depozit.lock"))) {
      throw new CommandFailed(
          "there is no store in "
              + directory
              + "; `depozit user add` or `depozit serve` makes one");
    }
  }

  /// The same, and a new store if none is there.
  Operator operatorOfNew() {
    return Operator.on(directory);
  }
}
