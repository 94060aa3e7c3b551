package org.depozit.benchmarks;

import java.io.IOException;

/// Log-ins.
final class Connecting {
  private static final int CLIENTS = 8;

  private Connecting() {}

  static void logIns(Stage stage) throws IOException {
    logIns(stage, "log-in, {SSHA256}, 8 clients", false);
    logIns(stage, "log-in, argon2id (19 MiB, t=2), 8 clients", true);
  }

  private static void logIns(Stage stage, String row, boolean dear) throws IOException {
    stage.rate(
        row,
        CLIENTS,
        number -> new LogIn(stage.server(), dear ? Accounts.ARGON : Accounts.writer(number)));
  }

  /// Connects, logs in and out, with a socket of its own each time.
  private record LogIn(Contender server, String user) implements Stage.Worker {
    @Override
    public void run() throws IOException {
      try (ImapClient client = ImapClient.small(server.address(Protocol.IMAP), false).login(user)) {
        client.run("LOGOUT");
      }
    }

    @Override
    public void close() {}
  }
}
