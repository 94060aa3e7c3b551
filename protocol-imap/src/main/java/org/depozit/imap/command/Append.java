package org.depozit.imap.command;

import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Literal;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Appended;
import org.depozit.storage.Flag;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.InternalDate;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxName;
import org.depozit.storage.Spool;

/// APPEND. RFC 3501 §6.3.11; APPENDUID is RFC 4315 §3's.
///
/// The mailbox is looked up and the size is compared with the limit before the message is asked
/// for, so that a client that waits for `+` sends nothing in vain.
record Append(Mailbox to, Spool content, Set<Flag> flags, InternalDate date)
    implements ImapCommand {
  static final Spec SPEC = Spec.of("APPEND", State.AFTER_LOGIN, Append::read, "UIDPLUS");

  private static Append read(Args args, Session session) throws IOException {
    args.sp();
    MailboxName name = args.mailbox();
    args.sp();
    Set<Flag> flags = Set.of();
    if (args.ahead('(')) {
      flags = args.flagList();
      args.sp();
    }
    InternalDate date = InternalDate.of(Instant.now());
    if (args.ahead('"')) {
      date = args.dateTime();
      args.sp();
    }
    Literal literal = args.literal();
    return received(args, session, name, literal, flags, date);
  }

  private static Append received(
      Args args,
      Session session,
      MailboxName name,
      Literal literal,
      Set<Flag> flags,
      InternalDate date)
      throws IOException {
    if (literal.octets() > session.limits().appendLimit()) {
      throw Rejected.no("TOOBIG", "The message is larger than the server takes");
    }
    if (literal.octets() == 0) {
      throw Rejected.no("CANNOT", "An empty message is none");
    }
    Mailbox to = session.destination(name);
    Spool spool = session.store().spool();
    try {
      args.receive(literal, spool);
      args.end();
      return new Append(to, spool, flags, date);
    } catch (IOException | RuntimeException e) {
      spool.close();
      throw e;
    }
  }

  @Override
  public String run(Session session) throws IOException {
    try (content) {
      Appended appended = to.append(new IncomingMessage(content, flags, date));
      return "[APPENDUID " + appended.uidValidity() + " " + appended.uid() + "] APPEND completed";
    }
  }
}
