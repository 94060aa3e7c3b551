package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Extension;
import org.depozit.imap.session.Responses;
import org.depozit.imap.session.Selected;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.MailboxName;
import org.depozit.storage.View;

/// SELECT and EXAMINE. RFC 3501 §6.3.1, §6.3.2; the parameter CONDSTORE is RFC 7162 §3.1.8's.
record Select(MailboxName name, boolean readOnly, boolean condstore) implements ImapCommand {
  static final Spec SELECT = Spec.of("SELECT", State.AFTER_LOGIN, (args, _) -> read(args, false));
  static final Spec EXAMINE = Spec.of("EXAMINE", State.AFTER_LOGIN, (args, _) -> read(args, true));

  private static Select read(Args args, boolean readOnly) throws IOException {
    args.sp();
    MailboxName name = args.mailbox();
    boolean condstore = false;
    if (args.acceptSp()) {
      args.must('(');
      do {
        condstore |= parameter(args);
      } while (args.acceptSp());
      args.must(')');
    }
    args.end();
    return new Select(name, readOnly, condstore);
  }

  private static boolean parameter(Args args) throws IOException {
    if (!args.word().equals("CONDSTORE")) {
      throw Rejected.bad("No such parameter");
    }
    return true;
  }

  /// Whatever was selected is so no longer, also when this fails.
  @Override
  public String run(Session session) throws IOException {
    session.deselect();
    Selected selected = new Selected(session.mailbox(name), name, readOnly);
    if (condstore) {
      session.enable(Extension.CONDSTORE);
    }
    session.select(selected);
    describe(session, selected);
    return readOnly ? "[READ-ONLY] EXAMINE completed" : "[READ-WRITE] SELECT completed";
  }

  private static void describe(Session session, Selected selected) throws IOException {
    Responses responses = session.responses();
    View view = selected.numbering();
    session.tellFlags(view);
    responses.untagged(view.count() + " EXISTS");
    responses.untagged(selected.recentCount() + " RECENT");
    if (view.firstUnseen() >= 0) {
      responses.ok("UNSEEN " + (view.firstUnseen() + 1), "First message not seen");
    }
    responses.ok("UIDVALIDITY " + view.uidValidity(), "UIDs are valid");
    responses.ok("UIDNEXT " + view.uidNext(), "The next UID");
    session.tellHighestModSeq();
  }
}
