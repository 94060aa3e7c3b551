package org.depozit.server;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `depozit config`: the configuration checker.
@Command(
    name = "config",
    description = "Checks a configuration file.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ConfigCommand.Check.class)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? check.");
  }

  @Command(
      name = "check",
      description = "Names every fault of a configuration file at once, with file:line.",
      mixinStandardHelpOptions = true)
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
  static final class Check implements Runnable {
    @Parameters(paramLabel = "FILE", description = "The configuration file.")
    private Path file;

    @Override
    public void run() {
      ConfigReader.read(file);
      System.out.println(file + ": no faults");
    }
  }
}
