package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Session;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.Copied;
import org.depozit.storage.MailboxName;
import org.depozit.storage.UidSet;

/// What COPY and MOVE have in common: which messages go where, and how it is told.
///
/// @param byUid whether the command speaks of UIDs
record Transfer(boolean byUid, UidSet uids, MailboxName to) {
  /// `SP sequence-set SP mailbox CRLF`
  static Transfer read(Args args, Session session, boolean byUid) throws IOException {
    args.sp();
    UidSet uids = session.selected().messages(args.sequenceSet(), byUid);
    args.sp();
    MailboxName to = args.mailbox();
    args.end();
    return new Transfer(byUid, uids, to);
  }

  /// `COPYUID uidvalidity from to`; both sets run in step. RFC 4315 §3.
  static String copyUid(Copied copied) {
    return "COPYUID "
        + copied.uidValidity()
        + " "
        + UidSet.of(copied.from())
        + " "
        + UidSet.of(copied.to());
  }
}
