package org.depozit.benchmarks;

import java.io.IOException;

/// Searches.
final class Searching {
  private static final String FROM = "FROM \"Cristi\"";

  private Searching() {}

  static void indexed(Stage stage) throws IOException {
    try (ImapClient client = ImapClient.login(stage.server(), stage.user())) {
      client.run("EXAMINE INBOX");
      search(stage, client, "SEARCH UNSEEN", "SEARCH UNSEEN");
      search(stage, client, "SEARCH KEYWORD Bench", "SEARCH KEYWORD Bench");
      search(stage, client, "SEARCH FROM \"Cristi\", warm", "SEARCH " + FROM);
      String least = "UID SEARCH RETURN (MIN) " + FROM;
      search(stage, client, least, least);
      search(stage, client, "SEARCH SUBJECT \"meeting\", warm", "SEARCH SUBJECT \"meeting\"");
    }
  }

  private static void search(Stage stage, ImapClient client, String row, String command)
      throws IOException {
    client.run(command);
    stage.often(row, () -> client.run(command));
  }

  static void body(Stage stage) throws IOException {
    try (ImapClient client = ImapClient.login(stage.server(), stage.user())) {
      client.run("EXAMINE INBOX");
      stage.once(
          "SEARCH BODY \"Ref MG-0000042\"", () -> client.run("SEARCH BODY \"Ref MG-0000042\""));
    }
  }
}
