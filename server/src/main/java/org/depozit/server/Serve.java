package org.depozit.server;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `depozit serve`: serves until SIGTERM. Standard output tells each listener and `ready`; logs go
/// to standard error.
@Command(
    name = "serve",
    description = "Serves a data directory until stopped.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class Serve implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private ListenOptions listen;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory; made if it is missing.")
  private Optional<Path> data;

  @Option(names = "--config", paramLabel = "FILE", description = "The configuration file.")
  private Optional<Path> file;

  @Override
  public void run() {
    Config config = listen.over(file.map(ConfigReader::read).orElseGet(Config::usual));
    Path directory =
        data.or(config::data)
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(), "Where is the data? Give --data, or `data` in the file."));
    LastingServer server = LastingServer.start(config, directory);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
    server.announce(System.out);
    IdleHeap.watch();
    server.serve();
  }
}
