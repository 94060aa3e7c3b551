package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.MailboxName;

/// SUBSCRIBE. RFC 9051 §6.3.7. The mailbox need not exist (yet, or any more).
record Subscribe(MailboxName name) implements ImapCommand {
  static final Spec SPEC = Spec.of("SUBSCRIBE", State.AFTER_LOGIN, Subscribe::read);

  private static Subscribe read(Args args, Session session) throws IOException {
    args.sp();
    MailboxName name = args.mailbox();
    args.end();
    return new Subscribe(name);
  }

  @Override
  public String run(Session session) {
    session.account().subscribe(name);
    return "SUBSCRIBE completed";
  }
}
