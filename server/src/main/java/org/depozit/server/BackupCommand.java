package org.depozit.server;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `depozit backup`: all accounts, or one, into a new folder, also while a server runs.
@Command(
    name = "backup",
    description = "Saves the store, or one user's mail, in a new folder; a server may run.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class BackupCommand implements Runnable {
  @Mixin private DataOption data;

  @Parameters(index = "0", paramLabel = "DIR", description = "A folder that is not there yet.")
  private Path folder;

  @Option(names = "--account", paramLabel = "NAME", description = "Only this user's mail.")
  private Optional<String> account;

  @Override
  public void run() {
    try (Operator operator = data.operator()) {
      Steps steps = new Steps(System.err);
      operator.backup(
          folder.toAbsolutePath().normalize(), account, steps::next, System.out::println);
      steps.done();
    }
  }
}
