package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.MailboxName;

/// RENAME. RFC 9051 §6.3.6. Mailboxes below it go with it; INBOX stays, and its messages go.
record Rename(MailboxName from, MailboxName to) implements ImapCommand {
  static final Spec SPEC = Spec.of("RENAME", State.AFTER_LOGIN, Rename::read);

  private static Rename read(Args args, Session session) throws IOException {
    args.sp();
    MailboxName from = args.mailbox();
    args.sp();
    MailboxName to = args.mailbox();
    args.end();
    return new Rename(from, to);
  }

  @Override
  public String run(Session session) {
    session.account().rename(from, to);
    return "RENAME completed";
  }
}
