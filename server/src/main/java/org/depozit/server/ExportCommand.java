package org.depozit.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `depozit export`: the way out, every mailbox of an account with flags and dates.
@Command(
    name = "export",
    description = "Exports the mail of a user as mbox, Maildir or .eml files.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class ExportCommand implements Runnable {
  @Mixin private DataOption data;

  @Parameters(index = "0", paramLabel = "NAME", description = "Whose mail.")
  private String name;

  @Parameters(index = "1", paramLabel = "DIR", description = "A new folder, or an empty one.")
  private Path folder;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "mbox",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private MailTarget.Format format;

  @Override
  public void run() {
    try (Operator operator = data.operator();
        Writing writing = new Writing()) {
      operator.export(name, writing);
      writing.report();
    }
  }

  /// Makes the folder once it is known that there is such a user, and shows the progress.
  private final class Writing implements Outlet, AutoCloseable {
    private Optional<MailTarget> target = Optional.empty();
    private Progress progress = new Progress(System.err, 0);
    private long messages;

    @Override
    public void total(long octets) {
      target = Optional.of(MailTarget.in(folder, format));
      progress = new Progress(System.err, octets);
    }

    @Override
    public void mailbox(String mailbox, List<String> keywords) {
      target.orElseThrow().mailbox(mailbox, keywords);
    }

    @Override
    public void mail(OutgoingMail mail) {
      target.orElseThrow().mail(mail);
      progress.advance(mail.size());
      messages++;
    }

    void report() {
      progress.done();
      target.orElseThrow().losses().forEach(line -> System.err.println("not exported: " + line));
      System.out.println("exported " + messages + (messages == 1 ? " message" : " messages"));
    }

    @Override
    public void close() {
      target.ifPresent(MailTarget::close);
    }
  }
}
