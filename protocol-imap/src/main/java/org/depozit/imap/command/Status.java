package org.depozit.imap.command;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.depozit.imap.session.Extension;
import org.depozit.imap.session.Selected;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.imap.syntax.Strings;
import org.depozit.storage.MailboxName;
import org.depozit.storage.MailboxStatus;

/// STATUS. RFC 3501 §6.3.10; the item HIGHESTMODSEQ is RFC 7162 §3.1.7's.
record Status(MailboxName name, Set<Item> items) implements ImapCommand {
  static final Spec SPEC = Spec.of("STATUS", State.AFTER_LOGIN, Status::read);

  /// `status-att`
  enum Item {
    MESSAGES,
    RECENT,
    UIDNEXT,
    UIDVALIDITY,
    UNSEEN,
    HIGHESTMODSEQ
  }

  private static Status read(Args args, Session session) throws IOException {
    args.sp();
    MailboxName name = args.mailbox();
    args.sp();
    args.must('(');
    Set<Item> items = new LinkedHashSet<>();
    do {
      items.add(item(args.word()));
    } while (args.acceptSp());
    args.must(')');
    args.end();
    return new Status(name, items);
  }

  private static Item item(String name) {
    for (Item item : Item.values()) {
      if (item.name().equals(name)) {
        return item;
      }
    }
    throw Rejected.bad("No such status item");
  }

  @Override
  public String run(Session session) throws IOException {
    MailboxStatus status =
        session
            .account()
            .status(name)
            .orElseThrow(() -> Rejected.no("NONEXISTENT", "There is no such mailbox"));
    if (items.contains(Item.HIGHESTMODSEQ)) {
      session.enable(Extension.CONDSTORE);
    }
    String values =
        items.stream()
            .map(item -> item + " " + value(item, status, session))
            .collect(Collectors.joining(" ", "(", ")"));
    session.responses().untagged("STATUS " + Strings.mailbox(name) + " " + values);
    return "STATUS completed";
  }

  private long value(Item item, MailboxStatus status, Session session) {
    return switch (item) {
      case MESSAGES -> status.messages();
      case RECENT -> status.recent();
      case UIDNEXT -> status.uidNext();
      case UIDVALIDITY -> status.uidValidity();
      case UNSEEN -> status.unseen();
      case HIGHESTMODSEQ -> highestModSeq(status, session);
    };
  }

  /// Of the selected mailbox no more is told than its client knows.
  private long highestModSeq(MailboxStatus status, Session session) {
    Optional<Selected> selected = session.selection().filter(one -> one.name().equals(name));
    return selected
        .map(one -> Math.min(one.highestModSeq(), status.highestModSeq()))
        .orElse(status.highestModSeq());
  }
}
