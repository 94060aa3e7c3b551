package org.depozit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.depozit.server.Config.Listen;
import org.depozit.server.Config.Protocol;
import org.depozit.wire.HostPort;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `depozit rehearse`: a short life of a server in a directory of its own, with mail in, mail read
/// and searched by each protocol over loopback. The launcher runs it once after a build with the
/// JVM writing down what was loaded and what was hot (JEP 483, JEP 515), so that later starts find
/// it done (`docs/adr/0014-start.md`).
@Command(name = "rehearse", hidden = true, description = "Runs through what a server does.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class Rehearsal implements Runnable {
  private static final int ROUNDS = 15;
  private static final int ROUNDS_OF_MANY = 4;
  private static final int STARTS = 4;
  private static final String PASSWORD = "rehearsal";

  private static final String LMTP =
      """
      LHLO rehearsal
      MAIL FROM:<cristi@example.org> BODY=8BITMIME
      RCPT TO:<ana>
      DATA
      From: Cristi <cristi@example.org>
      To: Ana <ana@example.org>
      Subject: Rehearsal
      Message-ID: <rehearsal@example.org>
      Date: Fri, 20 Nov 2026 10:00:00 +0200

      Once more, from the top.
      .
      QUIT
      """;

  private static final String IMAP =
      """
      a CAPABILITY
      b LOGIN ana rehearsal
      c LIST "" *
      d STATUS INBOX (MESSAGES UNSEEN UIDNEXT)
      e SELECT INBOX
      f FETCH 1:* (FLAGS UID ENVELOPE BODYSTRUCTURE INTERNALDATE RFC822.SIZE)
      g FETCH 1:* (BODY.PEEK[] BODY.PEEK[HEADER.FIELDS (Subject From)])
      h UID SEARCH RETURN (MIN) FROM "Cristi"
      i SEARCH UNSEEN SUBJECT "rehearsal"
      j STORE 1:* +FLAGS (\\Seen work)
      k COPY 1 Archive
      l STORE 1 +FLAGS.SILENT (\\Deleted)
      m EXPUNGE
      n NOOP
      o LOGOUT
      """;

  /// Changes of very many messages at once, which a client makes seldom and waits for.
  private static final String MANY =
      """
      a LOGIN ana rehearsal
      b SELECT INBOX
      c CREATE Many
      d COPY 1:* Many
      e SELECT Many
      """
          + "f COPY 1:* Many\n".repeat(6)
          + """
          g STORE 1:* +FLAGS.SILENT (\\Flagged)
          h STORE 1:* -FLAGS.SILENT (\\Flagged)
          """
              .repeat(10)
          + """
          i STORE 1:* +FLAGS.SILENT (\\Deleted)
          j EXPUNGE
          k CLOSE
          l DELETE Many
          m LOGOUT
          """;

  /// A large mailbox, left behind for the next start.
  private static final String LEAVE =
      """
      a LOGIN ana rehearsal
      b SELECT INBOX
      c CREATE Kept
      d COPY 1:* Kept
      e SELECT Kept
      """
          + "f COPY 1:* Kept\n".repeat(7)
          + "g LOGOUT\n";

  /// What a client asks first of a server that has just been started.
  private static final String FIRST =
      """
      a LOGIN ana rehearsal
      b STATUS Kept (MESSAGES UNSEEN)
      c SELECT Kept
      d FETCH 1:* (FLAGS)
      e FETCH 1:* (ENVELOPE)
      f UID SEARCH FROM "Cristi"
      g STORE 1:* +FLAGS.SILENT (\\Seen)
      h STORE 1:* -FLAGS.SILENT (\\Seen)
      i LOGOUT
      """;

  private static final String POP3 =
      """
      CAPA
      USER ana
      PASS rehearsal
      STAT
      UIDL
      LIST
      TOP 1 0
      RETR 1
      QUIT
      """;

  @Parameters(index = "0", paramLabel = "DIR", description = "A directory for the server; new.")
  private Path directory;

  @Override
  public void run() {
    Config config = Config.usual().listening(anyPorts());
    try (Server server = Server.start(config, directory)) {
      server.store().createAccount("ana", PASSWORD.toCharArray());
      for (int round = 0; round < ROUNDS; round++) {
        exchange(server, Protocol.LMTP, LMTP);
        exchange(server, Protocol.LMTP, LMTP);
        exchange(server, Protocol.IMAP, IMAP);
        exchange(server, Protocol.POP3, POP3);
      }
      for (int round = 0; round < ROUNDS_OF_MANY; round++) {
        exchange(server, Protocol.IMAP, MANY);
      }
      exchange(server, Protocol.IMAP, LEAVE);
    }
    for (int start = 0; start < STARTS; start++) {
      try (Server server = Server.start(config, directory)) {
        exchange(server, Protocol.IMAP, FIRST);
      }
    }
  }

  private static List<Listen> anyPorts() {
    return Stream.of(Protocol.values())
        .map(Protocol::usual)
        .map(usual -> new Listen(usual.protocol(), new HostPort(usual.address().host(), 0)))
        .toList();
  }

  /// Says all at once and listens to the end.
  private static void exchange(Server server, Protocol protocol, String lines) {
    InetSocketAddress address = server.address(protocol).orElseThrow();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket
          .getOutputStream()
          .write(lines.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
