package org.depozit.imap.command;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.Set;
import org.depozit.imap.session.Extension;
import org.depozit.imap.session.OwnChange;
import org.depozit.imap.session.Selected;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Flag;
import org.depozit.storage.FlagChange;
import org.depozit.storage.Stored;
import org.depozit.storage.UidSet;
import org.depozit.storage.View;

/// STORE and UID STORE. RFC 3501 §6.4.6, §6.4.8; UNCHANGEDSINCE is RFC 7162 §3.1.3's.
///
/// @param silent whether the client does not want to be told the new flags
record StoreFlags(
    boolean byUid, UidSet uids, FlagChange change, boolean silent, OptionalLong unchangedSince)
    implements ImapCommand {
  static final Spec STORE =
      Spec.of(
              "STORE",
              State.WITH_MAILBOX,
              (args, session) -> read(args, session, false),
              "CONDSTORE")
          .usingNumbers();
  static final Spec UID_STORE =
      Spec.of("UID STORE", State.WITH_MAILBOX, (args, session) -> read(args, session, true));

  private static StoreFlags read(Args args, Session session, boolean byUid) throws IOException {
    args.sp();
    UidSet uids = session.selected().messages(args.sequenceSet(), byUid);
    args.sp();
    OptionalLong unchangedSince = args.ahead('(') ? modifier(args) : OptionalLong.empty();
    char sign = args.accept('+') ? '+' : args.accept('-') ? '-' : ' ';
    String name = args.word();
    if (!name.equals("FLAGS") && !name.equals("FLAGS.SILENT")) {
      throw Rejected.bad("Unknown STORE item");
    }
    args.sp();
    FlagChange change = change(sign, args.flags());
    args.end();
    return new StoreFlags(byUid, uids, change, name.endsWith(".SILENT"), unchangedSince);
  }

  private static FlagChange change(char sign, Set<Flag> flags) {
    return switch (sign) {
      case '+' -> new FlagChange.Add(flags);
      case '-' -> new FlagChange.Remove(flags);
      default -> new FlagChange.Replace(flags);
    };
  }

  /// `"(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")" SP`
  private static OptionalLong modifier(Args args) throws IOException {
    args.must('(');
    if (!args.word().equals("UNCHANGEDSINCE")) {
      throw Rejected.bad("Unknown STORE modifier");
    }
    args.sp();
    long since = args.number64();
    args.must(')');
    args.sp();
    return OptionalLong.of(since);
  }

  @Override
  public String run(Session session) throws IOException {
    Selected selected = session.selected();
    selected.requireWritable();
    if (unchangedSince.isPresent()) {
      session.enable(Extension.CONDSTORE);
    }
    Stored stored = selected.mailbox().store(uids, change, unchangedSince);
    UidSet gone =
        byUid || silent
            ? UidSet.NONE
            : stored.view().since(selected.numbering()).vanished().intersection(uids);
    if (!gone.isEmpty() && none(stored.view())) {
      throw Rejected.no("EXPUNGEISSUED", "The messages are no longer there");
    }
    selected.own(
        new OwnChange(uids.minus(stored.modified()), change, silent, unchangedSince.isPresent()));
    return code(selected.numbering(), stored.modified(), gone)
        + (byUid ? "UID STORE completed" : "STORE completed");
  }

  /// Whether none of the messages is there any more. RFC 2180 §4.2.2.
  private boolean none(View view) {
    for (int range = 0; range < uids.ranges(); range++) {
      if (view.ceiling(uids.first(range)) < view.ceiling(uids.last(range) + 1)) {
        return false;
      }
    }
    return true;
  }

  /// What the client must know beside the flags. That a number's message is gone it learns from
  /// EXPUNGE only later (RFC 2180 §4.2.3, RFC 5530 §3).
  private String code(View numbering, UidSet modified, UidSet gone) {
    if (!modified.isEmpty()) {
      return "[MODIFIED " + set(numbering, modified) + "] ";
    }
    return gone.isEmpty() ? "" : "[EXPUNGEISSUED] ";
  }

  /// In UIDs or numbers, as the command speaks.
  private String set(View numbering, UidSet modified) {
    if (byUid) {
      return modified.toString();
    }
    UidSet.Builder numbers = new UidSet.Builder();
    for (int range = 0; range < modified.ranges(); range++) {
      int first = numbering.ceiling(modified.first(range));
      int end = numbering.ceiling(modified.last(range) + 1);
      if (first < end) {
        numbers.add(first + 1L, end);
      }
    }
    return numbers.build().toString();
  }
}
