package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Selected;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.UidSet;

/// EXPUNGE, and UID EXPUNGE of RFC 4315 §2.1: removes messages that bear `\Deleted`. RFC 3501
/// §6.4.3.
///
/// @param completed what the answer calls it
/// @param uids among these
record Expunge(String completed, UidSet uids) implements ImapCommand {
  static final Spec EXPUNGE =
      Spec.bare("EXPUNGE", State.WITH_MAILBOX, new Expunge("EXPUNGE completed", UidSet.ALL));
  static final Spec UID_EXPUNGE =
      Spec.of("UID EXPUNGE", State.WITH_MAILBOX, Expunge::readUids, "UIDPLUS");

  private static Expunge readUids(Args args, Session session) throws IOException {
    args.sp();
    UidSet uids = session.selected().byUid(args.sequenceSet());
    args.end();
    return new Expunge("UID EXPUNGE completed", uids);
  }

  @Override
  public String run(Session session) {
    Selected selected = session.selected();
    selected.requireWritable();
    selected.mailbox().expunge(uids);
    return completed;
  }
}
