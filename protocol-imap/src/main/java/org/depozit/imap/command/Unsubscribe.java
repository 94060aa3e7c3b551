package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.MailboxName;

/// UNSUBSCRIBE. RFC 9051 §6.3.8. A name that was not subscribed to is no error.
record Unsubscribe(MailboxName name) implements ImapCommand {
  static final Spec SPEC = Spec.of("UNSUBSCRIBE", State.AFTER_LOGIN, Unsubscribe::read);

  private static Unsubscribe read(Args args, Session session) throws IOException {
    args.sp();
    MailboxName name = args.mailbox();
    args.end();
    return new Unsubscribe(name);
  }

  @Override
  public String run(Session session) {
    session.account().unsubscribe(name);
    return "UNSUBSCRIBE completed";
  }
}
