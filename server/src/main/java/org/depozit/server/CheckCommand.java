package org.depozit.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.depozit.storage.SqlStore;
import org.depozit.storage.StoreSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `depozit check`: verifies the store, every row, every body's hash, every index; each fault is a
/// line on standard output. Exit code 0 if there is none.
@Command(
    name = "check",
    description =
        "Verifies the store: every row, every body's hash, every index. With a server stopped it looks deeper: at the files, and at each row against the log.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class CheckCommand implements Callable<Integer> {
  @Mixin private DataOption data;

  @Option(
      names = "--repair",
      description =
          "Keep whatever can be kept of a damaged store, and say what could not; no server may run.")
  private boolean repair;

  @Override
  public Integer call() {
    data.mustHoldStore();
    Steps steps = new Steps(System.err);
    if (repair) {
      repair(steps);
    }
    List<String> faults = check(steps);
    steps.done();
    faults.forEach(System.out::println);
    if (faults.isEmpty()) {
      System.out.println(data.directory() + ": no faults");
      return 0;
    }
    return Main.FAILED;
  }

  private void repair(Steps steps) {
    if (Operator.running(data.directory()).isPresent()) {
      throw new CommandFailed("a server runs on " + data.directory() + ": stop it before a repair");
    }
    SqlStore.repair(
        StoreSettings.at(data.directory()),
        steps::next,
        line -> {
          steps.done();
          System.out.println(line);
        });
  }

  private List<String> check(Steps steps) {
    List<String> faults = new ArrayList<>();
    Optional<SocketOperator> running = Operator.running(data.directory());
    if (running.isPresent()) {
      try (SocketOperator operator = running.get()) {
        operator.check(steps::next, faults::add);
      }
    } else {
      SqlStore.check(StoreSettings.at(data.directory()), steps::next)
          .forEach(fault -> faults.add(fault.toString()));
    }
    return faults;
  }
}
