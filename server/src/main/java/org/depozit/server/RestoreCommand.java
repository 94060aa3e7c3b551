package org.depozit.server;

import java.nio.file.Path;
import java.util.Optional;
import org.depozit.storage.SqlStore;
import org.depozit.storage.StoreSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `depozit restore`: a backup into a new data directory, or one account of it into any store whose
/// users have not its name, also while a server runs.
@Command(
    name = "restore",
    description = "Restores a backup into a new data directory, or one user's mail into any.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class RestoreCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private DataOption data;

  @Parameters(index = "0", paramLabel = "DIR", description = "The backup.")
  private Path folder;

  @Option(names = "--account", paramLabel = "NAME", description = "Only this user's mail.")
  private Optional<String> account;

  @Option(
      names = "--as",
      paramLabel = "NEWNAME",
      description = "The user's name from now on; with --account.")
  private Optional<String> as;

  @Override
  public void run() {
    if (as.isPresent() && account.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--as needs --account");
    }
    Steps steps = new Steps(System.err);
    Path from = folder.toAbsolutePath().normalize();
    if (account.isPresent()) {
      try (Operator operator = data.operatorOfNew()) {
        operator.restore(
            from, account.get(), as.orElse(account.get()), steps::next, System.out::println);
      }
    } else {
      var restored = SqlStore.restore(from, StoreSettings.at(data.directory()), steps::next);
      BackupLines.of(restored).forEach(System.out::println);
    }
    steps.done();
  }
}
