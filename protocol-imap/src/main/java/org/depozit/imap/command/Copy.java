package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.Copied;
import org.depozit.storage.Mailbox;

/// COPY and UID COPY. RFC 3501 §6.4.7, §6.4.8; COPYUID is RFC 4315 §3's.
///
/// EXPUNGE may come at the end of COPY by number too, since no client sends the next command before
/// it knows that this one worked; messages that are gone are left out of COPYUID (RFC 2180 §4.4).
record Copy(Transfer transfer) implements ImapCommand {
  static final Spec COPY =
      Spec.of("COPY", State.WITH_MAILBOX, (args, session) -> read(args, session, false), "UIDPLUS");
  static final Spec UID_COPY =
      Spec.of("UID COPY", State.WITH_MAILBOX, (args, session) -> read(args, session, true));

  private static Copy read(Args args, Session session, boolean byUid) throws IOException {
    return new Copy(Transfer.read(args, session, byUid));
  }

  @Override
  public String run(Session session) throws IOException {
    Mailbox to = session.destination(transfer.to());
    Copied copied = session.selected().mailbox().copy(transfer.uids(), to);
    String completed = transfer.byUid() ? "UID COPY completed" : "COPY completed";
    return copied.from().length == 0
        ? completed
        : "[" + Transfer.copyUid(copied) + "] " + completed;
  }
}
