package org.depozit.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What a server costs by standing there: starts, first answers, memory.
final class Standing {
  private static final int SESSIONS = 100;
  private static final int WARMING = 300;
  private static final double KIB = 1024;
  private static final double MIB = 1024 * KIB;

  private Standing() {}

  /// The server is started anew and its program warmed up on another, small mailbox; then each is
  /// the first of its kind on this mailbox. The files are in the page cache.
  static void cold(Stage stage) throws IOException {
    stage.server().stop();
    stage.server().start();
    warm(stage);
    try (ImapClient client = ImapClient.login(stage.server(), stage.user())) {
      stage.once("SELECT, cold", () -> client.run("SELECT INBOX"));
      stage.once("SEARCH FROM \"Cristi\", cold", () -> client.run("SEARCH FROM \"Cristi\""));
      stage.once("FETCH 1:* (ENVELOPE), cold", () -> client.run("FETCH 1:* (ENVELOPE)"));
    }
  }

  private static void warm(Stage stage) throws IOException {
    for (int i = 0; i < WARMING; i++) {
      try (ImapClient client = ImapClient.login(stage.server(), Accounts.SMALL)) {
        client.run("SELECT INBOX");
        client.run("SEARCH FROM \"Cristi\"");
        client.run("FETCH 1:* (ENVELOPE)");
        client.run("LOGOUT");
      }
    }
  }

  static void start(Stage stage) throws IOException {
    stage.server().stop();
    stage.mark("start until ready, after a clean stop", stage.server().start());
    try (LmtpClient client = LmtpClient.connect(stage.server())) {
      for (int i = 0; i < 200; i++) {
        client.deliver(Accounts.writer(0), LmtpClient.dotted(stage.mail(i)));
      }
      stage.server().kill();
    } catch (IOException e) {
      if (!stage.server().processes().isEmpty()) {
        throw e;
      }
    }
    stage.mark("start until ready, after kill -9", stage.server().start());
  }

  static void idle(Stage stage) throws IOException {
    idle(stage, false, "plain");
    idle(stage, true, "TLS");
  }

  private static void idle(Stage stage, boolean tls, String kind) throws IOException {
    stage.server().stop();
    stage.server().start();
    List<ImapClient> clients = new ArrayList<>();
    try {
      // The first ones load the program's code; they stay.
      more(stage, tls, clients, SESSIONS);
      long heapBefore = stage.server().liveHeap();
      long before = Processes.resident(stage.server().processes());
      more(stage, tls, clients, stage.idle());
      long heap = stage.server().liveHeap() - heapBefore;
      long octets = Processes.resident(stage.server().processes()) - before;
      stage.mark("memory per idle IMAP connection, " + kind, octets / KIB / stage.idle());
      if (heapBefore > 0) {
        stage.mark("live heap per idle IMAP connection, " + kind, heap / KIB / stage.idle());
      }
    } finally {
      for (ImapClient client : clients) {
        client.close();
      }
    }
  }

  private static void more(Stage stage, boolean tls, List<ImapClient> clients, int count)
      throws IOException {
    Protocol protocol = tls ? Protocol.IMAPS : Protocol.IMAP;
    for (int i = 0; i < count; i++) {
      ImapClient client = ImapClient.small(stage.server().address(protocol), tls);
      clients.add(client.login(Accounts.idler(clients.size())));
      client.run("SELECT INBOX");
      client.idle();
    }
  }

  static void sessions(Stage stage) throws IOException {
    stage.server().stop();
    stage.server().start();
    List<ImapClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < SESSIONS; i++) {
        ImapClient client = ImapClient.login(stage.server(), stage.user());
        clients.add(client);
        client.run("SELECT INBOX");
      }
      stage.server().liveHeap();
      stage.mark(
          "memory of the server, 100 sessions on the mailbox",
          Processes.resident(stage.server().processes()) / MIB);
    } finally {
      for (ImapClient client : clients) {
        client.close();
      }
    }
  }

  static void many(Stage stage) throws IOException {
    long start = System.nanoTime();
    try (ImapClient client = ImapClient.login(stage.server(), Accounts.of(1_000))) {
      client.run("SELECT INBOX");
      for (int i = 0; i < stage.mailboxes(); i++) {
        client.run("CREATE m" + i);
        client.run("COPY 1:1000 m" + i);
      }
    }
    stage.mark("filling many mailboxes of 1,000 by COPY", (System.nanoTime() - start) / 1e9);
    stage.server().stop();
    stage.server().start();
    List<ImapClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < SESSIONS; i++) {
        ImapClient client = ImapClient.login(stage.server(), Accounts.of(1_000));
        clients.add(client);
        client.run("SELECT m" + i);
      }
      stage.server().liveHeap();
      stage.mark(
          "memory of the server, 100 of many mailboxes open",
          Processes.resident(stage.server().processes()) / MIB);
    } finally {
      for (ImapClient client : clients) {
        client.close();
      }
    }
  }
}
