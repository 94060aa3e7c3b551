package org.depozit.server;

import org.depozit.storage.Refused;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program: its command line, and nothing else. Exit codes: 0 done, 1 failed, 2 wrong usage.
@Command(
    name = "depozit",
    description = "A mail access server: POP3, IMAP and LMTP over one relational store.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Demo.class,
      Serve.class,
      UserCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      CheckCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      SearchCommand.class,
      ConfigCommand.class,
      Rehearsal.class
    })
public final class Main implements Runnable {
  /// Wrong usage.
  static final int USAGE = 2;

  /// It was tried and failed.
  static final int FAILED = 1;

  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

  @Spec private CommandSpec spec;

  /// Wired by picocli.
  @SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
  public Main() {}

  /// Runs the command line and exits with its code.
  public static void main(String[] args) {
    carriers();
    System.exit(execute(args));
  }

  /// Gives virtual threads more carriers than there are processors. A virtual thread that burns
  /// processor time holds its carrier until it waits, and with a carrier a processor two of them (a
  /// scan and a log-in) let nobody else run. What takes a permit to burn may hold two carriers a
  /// processor at once, so that two are left; between carriers the system shares the time. To be
  /// called before the first virtual thread.
  static void carriers() {
    if (System.getProperty(CARRIERS) == null) {
      int carriers = 2 * Runtime.getRuntime().availableProcessors() + 2;
      System.setProperty(CARRIERS, Integer.toString(carriers));
    }
  }

  /// Runs the command line.
  ///
  /// @return the exit code
  static int execute(String... args) {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command))
        .execute(args);
  }

  /// Known failures are one line for people; unknown ones show their trace, since they are ours.
  private static int failed(Exception failure, CommandLine command) throws Exception {
    if (failure instanceof Refused || failure instanceof CommandFailed) {
      command.getErr().println("depozit: " + CommandFailed.told(failure));
      return FAILED;
    }
    throw failure;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? `depozit --help` lists them.");
  }
}
