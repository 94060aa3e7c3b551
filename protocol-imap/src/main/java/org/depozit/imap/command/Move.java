package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Selected;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.Copied;
import org.depozit.storage.Mailbox;

/// MOVE and UID MOVE. RFC 6851 §3.1, §3.3. COPYUID comes untagged, before the messages are told to
/// be gone (§4.3). Unlike COPY, MOVE by number lets EXPUNGE come at its end, since it makes them
/// itself.
record Move(Transfer transfer) implements ImapCommand {
  static final Spec MOVE =
      Spec.of("MOVE", State.WITH_MAILBOX, (args, session) -> read(args, session, false), "MOVE");
  static final Spec UID_MOVE =
      Spec.of("UID MOVE", State.WITH_MAILBOX, (args, session) -> read(args, session, true));

  private static Move read(Args args, Session session, boolean byUid) throws IOException {
    return new Move(Transfer.read(args, session, byUid));
  }

  @Override
  public String run(Session session) throws IOException {
    Selected selected = session.selected();
    selected.requireWritable();
    Mailbox to = session.destination(transfer.to());
    Copied moved = selected.mailbox().move(transfer.uids(), to);
    if (moved.from().length > 0) {
      session.responses().ok(Transfer.copyUid(moved), "Moved");
    }
    return transfer.byUid() ? "UID MOVE completed" : "MOVE completed";
  }
}
