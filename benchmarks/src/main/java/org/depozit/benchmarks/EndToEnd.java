package org.depozit.benchmarks;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.depozit.wire.HostPort;

/// Measures a mailbox of a running server from outside, by IMAP and POP3, so that any server can be
/// measured the same way. Arguments: IMAP's HOST:PORT, POP3's HOST:PORT, user, password, a sender
/// to search for, rounds. Prints a table: the first call of each row, the median of the rest, and
/// the octets of the answer.
public final class EndToEnd {
  private final String sender;
  private final int rounds;
  private final PrintStream out;

  private EndToEnd(String sender, int rounds, PrintStream out) {
    this.sender = sender;
    this.rounds = rounds;
    this.out = out;
  }

  /// See the class.
  public static void main(String[] args) throws IOException {
    if (args.length != 6) {
      System.err.println("EndToEnd IMAP-HOST:PORT POP3-HOST:PORT USER PASSWORD SENDER ROUNDS");
      System.exit(2);
    }
    EndToEnd run = new EndToEnd(args[4], Integer.parseInt(args[5]), System.out);
    run.out.printf("%-44s %12s %12s %14s%n", "row", "first ms", "median ms", "octets");
    run.imap(HostPort.parse(args[0]), args[2], args[3]);
    run.pop3(HostPort.parse(args[1]), args[2], args[3]);
  }

  private void imap(HostPort address, String user, String password) throws IOException {
    try (Peer peer = new Peer(address)) {
      peer.line();
      peer.imap("LOGIN " + user + " " + password);
      row("SELECT INBOX", () -> peer.imap("SELECT INBOX"));
      row(
          "UID SEARCH RETURN (MIN) FROM",
          () -> peer.imap("UID SEARCH RETURN (MIN) FROM \"" + sender + "\""));
      row("SEARCH FROM", () -> peer.imap("SEARCH FROM \"" + sender + "\""));
      row("SEARCH UNSEEN", () -> peer.imap("SEARCH UNSEEN"));
      row("SEARCH SUBJECT", () -> peer.imap("SEARCH SUBJECT \"meeting\""));
      row("FETCH 1:* FLAGS", () -> peer.imap("FETCH 1:* FLAGS"));
      row("FETCH 1:* ENVELOPE", () -> peer.imap("FETCH 1:* ENVELOPE"));
      row(
          "STORE 1 +FLAGS / -FLAGS",
          () -> peer.imap("STORE 1 +FLAGS (x)") + peer.imap("STORE 1 -FLAGS (x)"));
      row("NOOP", () -> peer.imap("NOOP"));
      peer.imap("LOGOUT");
    }
  }

  private void pop3(HostPort address, String user, String password) throws IOException {
    row(
        "POP3 login, STAT, UIDL",
        () -> {
          try (Peer peer = new Peer(address)) {
            peer.line();
            peer.pop3("USER " + user, false);
            peer.pop3("PASS " + password, false);
            long octets = peer.pop3("STAT", false) + peer.pop3("UIDL", true);
            peer.pop3("QUIT", false);
            return octets;
          }
        });
    try (Peer peer = new Peer(address)) {
      peer.line();
      peer.pop3("USER " + user, false);
      peer.pop3("PASS " + password, false);
      row("POP3 STAT", () -> peer.pop3("STAT", false));
      row("POP3 UIDL", () -> peer.pop3("UIDL", true));
      row("POP3 RETR 1", () -> peer.pop3("RETR 1", true));
      peer.pop3("QUIT", false);
    }
  }

  private interface Exchange {
    long octets() throws IOException;
  }

  private void row(String name, Exchange exchange) throws IOException {
    List<Double> times = new ArrayList<>();
    long octets = 0;
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      octets = exchange.octets();
      times.add((System.nanoTime() - start) / 1e6);
    }
    double[] later = times.stream().skip(1).mapToDouble(Double::doubleValue).sorted().toArray();
    double median = later.length == 0 ? times.getFirst() : later[later.length / 2];
    out.printf("%-44s %12.2f %12.2f %,14d%n", name, times.getFirst(), median, octets);
  }

  /// One connection, read line by line; enough for answers without literals.
  private static final class Peer implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] line = new byte[1 << 16];
    private int length;
    private int tags;

    Peer(HostPort address) throws IOException {
      socket = new Socket();
      socket.connect(address.resolve(), 10_000);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(120_000);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 17);
      out = socket.getOutputStream();
    }

    private void send(String text) throws IOException {
      ByteArrayOutputStream octets = new ByteArrayOutputStream();
      octets.writeBytes((text + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.write(octets.toByteArray());
      out.flush();
    }

    private void line() throws IOException {
      length = 0;
      int octet = in.read();
      while (octet >= 0 && octet != '\n') {
        if (length == line.length) {
          line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = (byte) octet;
        octet = in.read();
      }
      if (octet < 0) {
        throw new IOException("the server hung up");
      }
    }

    private boolean begins(String text) {
      return length >= text.length()
          && new String(line, 0, text.length(), StandardCharsets.ISO_8859_1).equals(text);
    }

    long imap(String command) throws IOException {
      String tag = "a" + ++tags + " ";
      send(tag + command);
      long octets = 0;
      do {
        line();
        octets += length + 1;
      } while (!begins(tag));
      if (!begins(tag + "OK")) {
        throw new IOException(
            command + ": " + new String(line, 0, length, StandardCharsets.ISO_8859_1));
      }
      return octets;
    }

    long pop3(String command, boolean lines) throws IOException {
      send(command);
      line();
      if (!begins("+OK")) {
        throw new IOException(
            command + ": " + new String(line, 0, length, StandardCharsets.ISO_8859_1));
      }
      long octets = length + 1L;
      while (lines && !(length == 2 && begins("."))) {
        line();
        octets += length + 1;
      }
      return octets;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
