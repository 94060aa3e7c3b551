package org.depozit.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// What clients read.
final class Reading {
  /// The mailbox of the big mails, of the account that has them.
  static final String BIG = "Big";

  /// How many big mails there are, and their octets.
  static final int BIG_MAILS = 8;

  static final int BIG_OCTETS = 1 << 20;
  private static final int PIPELINED = 100;
  private static final int WINDOW = 10;
  private static final int MOST = 5_000;

  private Reading() {}

  static void select(Stage stage) throws IOException {
    try (ImapClient client = ImapClient.login(stage.server(), stage.user())) {
      client.run("SELECT INBOX");
      stage.often("SELECT again, in the same session", () -> client.run("SELECT INBOX"));
      stage.rate("NOOP, selected", 1, _ -> commands(client, "NOOP"));
      first(stage);
    }
  }

  /// Whoever is logged in already holds the mailbox open, as a phone does.
  private static void first(Stage stage) throws IOException {
    List<Double> times = new ArrayList<>();
    long end = System.nanoTime() + (long) (stage.seconds() * 1e9);
    do {
      try (ImapClient client = ImapClient.login(stage.server(), stage.user())) {
        long start = System.nanoTime();
        client.run("SELECT INBOX");
        times.add((System.nanoTime() - start) / 1e6);
      }
    } while (System.nanoTime() < end);
    stage.mark("SELECT, warm: a session's first", Figures.median(times));
  }

  private static Stage.Worker commands(ImapClient client, String command) {
    return new Stage.Worker() {
      @Override
      public void run() throws IOException {
        client.run(command);
      }

      @Override
      public void close() {}
    };
  }

  static void fetch(Stage stage) throws IOException {
    try (ImapClient client = ImapClient.login(stage.server(), stage.user())) {
      client.run("EXAMINE INBOX");
      stage.often("FETCH 1:* (FLAGS)", () -> client.run("FETCH 1:* (FLAGS)"));
      stage.often("FETCH 1:* (ENVELOPE), warm", () -> client.run("FETCH 1:* (ENVELOPE)"));
      bodies(stage, client);
    }
  }

  private static void bodies(Stage stage, ImapClient client) throws IOException {
    int last = Math.min(stage.size(), MOST) - PIPELINED;
    int next = 0;
    List<Double> rates = new ArrayList<>();
    long end = System.nanoTime() + (long) (stage.seconds() * 1e9);
    do {
      int from = last <= 0 ? 1 : 1 + next % last;
      next += PIPELINED;
      List<String> commands = new ArrayList<>();
      for (int i = 0; i < Math.min(PIPELINED, stage.size()); i++) {
        commands.add("FETCH " + (from + i) + " BODY[]");
      }
      long start = System.nanoTime();
      client.pipelined(commands);
      rates.add(commands.size() / ((System.nanoTime() - start) / 1e9));
    } while (System.nanoTime() < end);
    stage.mark("FETCH n BODY[], 4 KiB, 100 commands at once", Figures.median(rates));
  }

  static void big(Stage stage) throws IOException {
    try (ImapClient client = ImapClient.login(stage.server(), Accounts.SMALL)) {
      client.run("EXAMINE " + BIG);
      int count = 0;
      long octets = 0;
      long start = System.nanoTime();
      long end = start + (long) (stage.seconds() * 1e9);
      do {
        octets += client.run("FETCH " + (1 + count % BIG_MAILS) + " BODY[]");
        count++;
      } while (System.nanoTime() < end);
      double took = (System.nanoTime() - start) / 1e9;
      stage.mark("FETCH n BODY[], 1 MiB", count / took);
      stage.mark("the same in octets", octets / took / 1e6);
    }
    stage.mark("a raw loopback socket, for comparison", raw(stage.seconds()));
  }

  /// What one socket moves with the load's own client, asked for a MiB at a time.
  private static double raw(double seconds) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> pour(server));
      try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        byte[] buffer = new byte[1 << 18];
        long octets = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < seconds * 1e9) {
          out.write(1);
          for (int got = 0; got < BIG_OCTETS; ) {
            got += in.read(buffer, 0, Math.min(buffer.length, BIG_OCTETS - got));
          }
          octets += BIG_OCTETS;
        }
        return octets / ((System.nanoTime() - start) / 1e9) / 1e6;
      }
    }
  }

  private static void pour(ServerSocket server) {
    try (Socket socket = server.accept()) {
      byte[] mail = new byte[BIG_OCTETS];
      OutputStream out = socket.getOutputStream();
      while (socket.getInputStream().read() >= 0) {
        out.write(mail);
      }
    } catch (IOException e) {
      // The other end has seen enough.
      return;
    }
  }

  static void pop3(Stage stage) throws IOException {
    Pop3Client.login(stage.server(), stage.user()).close();
    stage.often(
        "POP3 log-in and STAT",
        () -> {
          try (Pop3Client client = Pop3Client.login(stage.server(), stage.user())) {
            client.run("STAT");
          }
        });
    try (Pop3Client client = Pop3Client.login(stage.server(), stage.user())) {
      client.run("STAT");
      client.lines("UIDL");
      stage.often("POP3 UIDL", () -> client.lines("UIDL"));
      int last = Math.min(stage.size(), MOST) - WINDOW;
      int next = 0;
      int count = 0;
      long start = System.nanoTime();
      do {
        client.retrieve(1 + next, WINDOW);
        count += WINDOW;
        next = last <= 0 ? 0 : (next + WINDOW) % last;
      } while (System.nanoTime() - start < stage.rateSeconds() * 1e9);
      stage.mark("POP3 RETR 4 KiB, windows of 10", count / ((System.nanoTime() - start) / 1e9));
    }
  }
}
