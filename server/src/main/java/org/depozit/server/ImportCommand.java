package org.depozit.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `depozit import`: mail from mbox files, Maildir trees, .eml files and folders of them; flags and
/// dates are kept.
@Command(
    name = "import",
    description = "Imports mbox files, Maildir trees, .eml files and folders of them.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class ImportCommand implements Runnable {
  @Mixin private DataOption data;

  @Parameters(index = "0", paramLabel = "NAME", description = "The user who gets the mail.")
  private String name;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "What to import.")
  private List<Path> paths;

  @Option(
      names = "--mailbox",
      paramLabel = "M",
      defaultValue = "INBOX",
      description =
          "Where it goes; the folders of a Maildir tree go below it, or keep their names for INBOX. Default: ${DEFAULT-VALUE}.")
  private String mailbox;

  @Override
  public void run() {
    List<MailSource> sources = new ArrayList<>();
    for (Path path : paths) {
      sources.add(MailSource.at(path, mailbox));
    }
    long octets = sources.stream().mapToLong(MailSource::octets).sum();
    try (Operator operator = data.operator()) {
      Intake intake = operator.intake(name);
      Progress progress = new Progress(System.err, octets);
      for (MailSource source : sources) {
        source.each(mail -> {
          intake.take(mail);
          progress.advance(mail.octets().length);
        });
      }
      intake.finish();
      progress.done();
      report(intake);
    }
  }

  private static void report(Intake intake) {
    intake.failures().forEach(line -> System.err.println("not imported: " + line));
    System.out.println(
        "imported " + intake.taken() + (intake.taken() == 1 ? " message" : " messages"));
    if (!intake.failures().isEmpty()) {
      throw new CommandFailed(intake.failures().size() + " could not be imported");
    }
  }
}
