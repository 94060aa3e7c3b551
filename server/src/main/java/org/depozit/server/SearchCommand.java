package org.depozit.server;

import org.depozit.server.Operator.SearchRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `depozit search`: an IMAP search program from the shell. RFC 9051 §6.4.4.
@Command(
    name = "search",
    description = "Searches a mailbox with an IMAP search program.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class SearchCommand implements Runnable {
  @Mixin private DataOption data;

  @Parameters(index = "0", paramLabel = "NAME", description = "The user.")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "PROGRAM",
      description = "For example: 'FROM \"Cristi\" UNSEEN'.")
  private String program;

  @Option(
      names = "--mailbox",
      paramLabel = "M",
      defaultValue = "INBOX",
      description = "Default: ${DEFAULT-VALUE}.")
  private String mailbox;

  @Option(
      names = "--explain",
      description = "Tell how the search is answered, instead of the messages.")
  private boolean explain;

  @Override
  public void run() {
    try (Operator operator = data.operator()) {
      operator.search(new SearchRequest(name, mailbox, program, explain), System.out::println);
    }
  }
}
