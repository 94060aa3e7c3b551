package org.depozit.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.MailboxName;

/// CREATE. RFC 9051 §6.3.4. Parents that are missing are made too.
record Create(MailboxName name) implements ImapCommand {
  static final Spec SPEC = Spec.of("CREATE", State.AFTER_LOGIN, Create::read);

  private static Create read(Args args, Session session) throws IOException {
    args.sp();
    MailboxName name = args.mailbox();
    args.end();
    return new Create(name);
  }

  @Override
  public String run(Session session) {
    session.account().create(name, Optional.empty());
    return "CREATE completed";
  }
}
