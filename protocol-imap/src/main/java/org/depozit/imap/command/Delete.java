package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.MailboxName;

/// DELETE. RFC 9051 §6.3.5. Mailboxes below it stay. Who deletes what he has selected has nothing
/// selected afterwards.
record Delete(MailboxName name) implements ImapCommand {
  static final Spec SPEC = Spec.of("DELETE", State.AFTER_LOGIN, Delete::read);

  private static Delete read(Args args, Session session) throws IOException {
    args.sp();
    MailboxName name = args.mailbox();
    args.end();
    return new Delete(name);
  }

  @Override
  public String run(Session session) {
    session.account().delete(name);
    if (session.selection().filter(selected -> !selected.mailbox().exists()).isPresent()) {
      session.deselect();
    }
    return "DELETE completed";
  }
}
