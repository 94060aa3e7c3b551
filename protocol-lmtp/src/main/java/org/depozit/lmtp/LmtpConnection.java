package org.depozit.lmtp;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.depozit.storage.Refused;
import org.depozit.storage.Spool;
import org.depozit.storage.Store;
import org.depozit.wire.Connection;
import org.depozit.wire.LineTooLong;
import org.depozit.wire.Output;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One LMTP session, from greeting to goodbye: start reading here. RFC 2033, RFC 5321 §3.
///
/// Answers are flushed when no further command is at hand (RFC 2920 §3.2), and a message is on disk
/// before its recipients' replies are written.
final class LmtpConnection {
  private static final Logger LOG = LoggerFactory.getLogger(LmtpConnection.class);

  private final Connection connection;
  private final Store store;
  private final LmtpSettings settings;
  private final Output output;

  /// What the client has called itself; empty before LHLO.
  private Optional<String> client = Optional.empty();

  private Optional<MailTransaction> transaction = Optional.empty();

  /// How many replies the command under way is owed: one, and behind DATA one a recipient.
  private int owed = 1;

  /// The command that is being carried out, for the log.
  private String underWay = "?";

  private boolean over;
  private int messages;
  private int senseless;

  LmtpConnection(Connection connection, Store store, LmtpSettings settings) {
    this.connection = connection;
    this.store = store;
    this.settings = settings;
    this.output = connection.output();
  }

  /// The session.
  void serve() throws IOException {
    connection.idleTimeout(connection.limits().lmtpIdleTime());
    output.line("220 " + settings.hostName() + " LMTP Depozit ready");
    try {
      while (!over) {
        command();
      }
    } catch (SocketTimeoutException _) {
      output.line(Reply.TOO_SLOW.line());
    }
  }

  /// Reads a command and has it carried out. Whatever goes wrong becomes a reply here, and nowhere
  /// else.
  private void command() throws IOException {
    connection.flushUnlessPipelined();
    owed = 1;
    underWay = "?";
    try {
      readAndCarryOut();
    } catch (LineTooLong _) {
      reject(Reply.LINE_TOO_LONG);
    } catch (Rejected e) {
      reject(e.reply());
    } catch (Refused e) {
      LOG.warn("{} {}: the store refused: {}", connection, underWay, e.getMessage());
      reject(Reply.of(e.reason()));
    } catch (RuntimeException e) {
      LOG.error("{} {}: a fault of ours", connection, underWay, e);
      reject(Reply.FAULT);
    }
  }

  private void reject(Reply why) throws IOException {
    for (int i = 0; i < owed; i++) {
      reply(why);
    }
    if (why.senseless() && ++senseless >= connection.limits().badCommands()) {
      reply(Reply.TOO_MANY_COMMANDS);
      over = true;
    }
  }

  private void readAndCarryOut() throws Rejected, IOException {
    Optional<byte[]> line = connection.input().line(connection.limits().lmtpLine());
    if (line.isEmpty()) {
      over = true;
      return;
    }
    LmtpCommand command = LmtpCommand.read(line.get());
    underWay = command.getClass().getSimpleName();
    carryOut(command);
  }

  private void carryOut(LmtpCommand command) throws Rejected, IOException {
    switch (command) {
      case LmtpCommand.Lhlo(String name) -> lhlo(name);
      case LmtpCommand.Helo _ -> throw new Rejected(Reply.NOT_SMTP);
      case LmtpCommand.Mail mail -> mail(mail);
      case LmtpCommand.Rcpt(MailAddress recipient) -> rcpt(recipient);
      case LmtpCommand.Data _ -> data();
      case LmtpCommand.Rset _ -> rset();
      case LmtpCommand.Noop _ -> reply(Reply.STILL_HERE);
      case LmtpCommand.Vrfy _ -> reply(Reply.NOT_VERIFIED);
      case LmtpCommand.Help _ -> reply(Reply.HELP);
      case LmtpCommand.StartTls _ -> startTls();
      case LmtpCommand.Quit _ -> quit();
    }
  }

  /// LHLO also forgets a transaction, as EHLO does. RFC 5321 §4.1.4.
  private void lhlo(String name) throws IOException {
    client = Optional.of(name);
    transaction = Optional.empty();
    List<String> lines = new ArrayList<>(List.of(settings.hostName()));
    lines.addAll(
        List.of(
            "PIPELINING",
            "SIZE " + connection.limits().messageLimit(),
            "8BITMIME",
            "SMTPUTF8",
            "ENHANCEDSTATUSCODES"));
    if (connection.startTlsOffered()) {
      lines.add("STARTTLS");
    }
    String last = lines.removeLast();
    for (String line : lines) {
      output.line("250-" + line);
    }
    output.line("250 " + last);
  }

  private void mail(LmtpCommand.Mail mail) throws Rejected, IOException {
    if (client.isEmpty()) {
      throw new Rejected(Reply.LHLO_FIRST);
    }
    if (transaction.isPresent()) {
      throw new Rejected(Reply.NESTED_MAIL);
    }
    if (mail.size().orElse(0) > connection.limits().messageLimit()) {
      throw new Rejected(Reply.TOO_BIG);
    }
    transaction = Optional.of(new MailTransaction(mail.sender(), mail.utf8()));
    reply(Reply.SENDER_OK);
  }

  private void rcpt(MailAddress recipient) throws Rejected, IOException {
    MailTransaction open = transaction.orElseThrow(() -> new Rejected(Reply.MAIL_FIRST));
    open.add(recipient, store, connection.limits().recipients());
    reply(Reply.RECIPIENT_OK);
  }

  private void data() throws Rejected, IOException {
    MailTransaction open = transaction.orElseThrow(() -> new Rejected(Reply.MAIL_FIRST));
    if (open.recipients() == 0) {
      throw new Rejected(Reply.NO_RECIPIENTS);
    }
    try (Spool spool = store.spool()) {
      output.line("354 the message now; it ends with a line that is only a dot").flush();
      receive(open, spool);
    } finally {
      transaction = Optional.empty();
    }
  }

  /// Reads the message, keeps it, and replies for each recipient.
  private void receive(MailTransaction open, Spool spool) throws Rejected, IOException {
    SpoolSink sink = new SpoolSink(spool, connection.limits().messageLimit());
    MailData.read(connection.input()::read, sink);
    owed = open.recipients();
    if (sink.trouble().isPresent()) {
      LOG.error("{} {}: not spooled", connection, underWay, sink.trouble().get());
      throw new Rejected(Reply.STORE_TROUBLE);
    }
    if (sink.tooBig()) {
      throw new Rejected(Reply.TOO_BIG);
    }
    for (Reply reply : open.deliver(store, spool, trace(open))) {
      reply(reply);
    }
  }

  private TraceHeaders trace(MailTransaction open) {
    OffsetDateTime now = OffsetDateTime.now(ZoneId.systemDefault());
    String id =
        Long.toString(now.toInstant().toEpochMilli(), Character.MAX_RADIX)
            + "-"
            + connection.id()
            + "-"
            + ++messages;
    return new TraceHeaders(
        open.sender(),
        client.orElseThrow(),
        connection.peer().getAddress(),
        settings.hostName(),
        TraceHeaders.protocol(open.utf8(), connection.secure()),
        id,
        now);
  }

  private void rset() throws IOException {
    transaction = Optional.empty();
    reply(Reply.RESET);
  }

  /// TLS makes a new session: what the client has said is forgotten. RFC 3207 §4.2.
  private void startTls() throws Rejected, IOException {
    if (!connection.startTlsOffered()) {
      throw new Rejected(Reply.NO_TLS);
    }
    connection.startTls(Reply.BEGIN_TLS.line());
    client = Optional.empty();
    transaction = Optional.empty();
  }

  private void quit() throws IOException {
    over = true;
    reply(Reply.GOODBYE);
  }

  private void reply(Reply reply) throws IOException {
    output.line(reply.line());
  }
}
