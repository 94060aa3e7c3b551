package org.depozit.imap.command;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.depozit.imap.session.Extension;
import org.depozit.imap.session.Selected;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.imap.syntax.Strings;
import org.depozit.storage.Found;
import org.depozit.storage.Return;
import org.depozit.storage.SearchKey;
import org.depozit.storage.UidSet;
import org.depozit.storage.View;
import org.depozit.wire.Output;

/// SEARCH and UID SEARCH. RFC 3501 §6.4.4, §6.4.8; RETURN and the ESEARCH response are RFC 4731's,
/// the mod-sequence in the answer RFC 7162 §3.1.5's.
///
/// @param byUid whether the answer is in UIDs
/// @param extended whether the answer is an ESEARCH response, since RETURN was given
/// @param wanted what RETURN names; ALL where it names nothing
/// @param modSeq whether the answer bears a mod-sequence, since the program holds MODSEQ
record Search(boolean byUid, boolean extended, Set<Return> wanted, SearchKey key, boolean modSeq)
    implements ImapCommand {
  static final Spec SEARCH =
      Spec.of(
              "SEARCH",
              State.WITH_MAILBOX,
              (args, session) -> read(args, session, false),
              "ESEARCH")
          .usingNumbers();
  static final Spec UID_SEARCH =
      Spec.of("UID SEARCH", State.WITH_MAILBOX, (args, session) -> read(args, session, true));

  private static Search read(Args args, Session session, boolean byUid) throws IOException {
    Set<Return> wanted = EnumSet.noneOf(Return.class);
    args.sp();
    boolean extended = false;
    SearchKeys keys = new SearchKeys(args, session.selected());
    String word = args.aheadWord() ? args.word() : "";
    if (word.equals("RETURN")) {
      extended = true;
      wanted = options(args);
      args.sp();
      word = args.aheadWord() ? args.word() : "";
    }
    if (word.equals("CHARSET")) {
      charset(args);
      args.sp();
      word = "";
    }
    SearchKey key = word.isEmpty() ? keys.program() : keys.program(word);
    args.end();
    if (wanted.isEmpty()) {
      wanted.add(Return.ALL);
    }
    return new Search(byUid, extended, wanted, key, keys.modSeq());
  }

  /// `SP "(" [search-return-opt *(SP search-return-opt)] ")"`
  private static Set<Return> options(Args args) throws IOException {
    Set<Return> wanted = EnumSet.noneOf(Return.class);
    args.sp();
    args.must('(');
    if (!args.accept(')')) {
      do {
        wanted.add(option(args.word()));
      } while (args.acceptSp());
      args.must(')');
    }
    return wanted;
  }

  private static Return option(String name) {
    return switch (name) {
      case "MIN" -> Return.MIN;
      case "MAX" -> Return.MAX;
      case "ALL" -> Return.ALL;
      case "COUNT" -> Return.COUNT;
      default -> throw Rejected.bad("Unknown search return option");
    };
  }

  /// Texts are read as UTF-8, of which US-ASCII is a part.
  private static void charset(Args args) throws IOException {
    args.sp();
    String name = args.astring().toUpperCase(Locale.ROOT);
    if (!name.equals("UTF-8") && !name.equals("US-ASCII")) {
      throw Rejected.no("BADCHARSET (US-ASCII UTF-8)", "Unknown charset");
    }
  }

  @Override
  public String run(Session session) throws IOException {
    if (modSeq) {
      session.enable(Extension.CONDSTORE);
    }
    Selected selected = session.selected();
    View view = selected.told();
    if (modSeq) {
      selected.mailbox().awaitForced(view);
    }
    Found found = selected.mailbox().search(view, known(selected), wanted);
    new Answer(session, selected, found).write();
    return byUid ? "UID SEARCH completed" : "SEARCH completed";
  }

  /// What is searched is the version whose flags the client knows. While an EXPUNGE is withheld it
  /// may have gained messages that the client does not know, and these cannot be named.
  private SearchKey known(Selected selected) {
    View numbering = selected.numbering();
    if (selected.told() == numbering) {
      return key;
    }
    long last = numbering.count() == 0 ? 0 : numbering.uid(numbering.count() - 1);
    return new SearchKey.And(List.of(new SearchKey.Uids(UidSet.range(1, last)), key));
  }

  /// The answer on its way out; no more of it is in the heap than the positions found.
  private final class Answer {
    private final Output output;
    private final String tag;
    private final View numbering;
    private final View searched;
    private final Found found;

    Answer(Session session, Selected selected, Found found) {
      this.output = session.responses().output();
      this.tag = session.tag();
      this.numbering = selected.numbering();
      this.searched = selected.told();
      this.found = found;
    }

    void write() throws IOException {
      output.ascii("* ");
      if (extended) {
        extended();
      } else {
        plain();
      }
      output.crlf();
    }

    /// `SEARCH 2 84 882 (MODSEQ 9)`
    private void plain() throws IOException {
      output.ascii("SEARCH");
      for (int position : found.positions()) {
        output.octet(' ').number(number(position));
      }
      if (modSeq && found.any()) {
        output.ascii(" (MODSEQ " + found.modSeq() + ")");
      }
    }

    /// `ESEARCH (TAG "a") UID MIN 2 COUNT 17 ALL 4:18,21`. RFC 4731 §3.1: what did not match is
    /// left out, but for COUNT.
    private void extended() throws IOException {
      output.ascii("ESEARCH (TAG " + Strings.quoted(tag) + ")" + (byUid ? " UID" : ""));
      if (wanted.contains(Return.MIN) && found.min() >= 0) {
        output.ascii(" MIN " + number(found.min()));
      }
      if (wanted.contains(Return.MAX) && found.max() >= 0) {
        output.ascii(" MAX " + number(found.max()));
      }
      if (wanted.contains(Return.ALL) && found.positions().length > 0) {
        output.ascii(" ALL ");
        all(found.positions());
      }
      if (wanted.contains(Return.COUNT)) {
        output.ascii(" COUNT " + found.count());
      }
      if (modSeq && found.any()) {
        output.ascii(" MODSEQ " + found.modSeq());
      }
    }

    /// `sequence-set`, neighbours as ranges.
    private void all(int[] positions) throws IOException {
      int index = 0;
      while (index < positions.length) {
        long first = number(positions[index]);
        long last = first;
        index++;
        while (index < positions.length && number(positions[index]) == last + 1) {
          last++;
          index++;
        }
        output.ascii(last > first ? first + ":" + last : String.valueOf(first));
        output.ascii(index < positions.length ? "," : "");
      }
    }

    private long number(int position) {
      if (byUid) {
        return searched.uid(position);
      }
      int known = searched == numbering ? position : numbering.position(searched.uid(position));
      return known + 1L;
    }
  }
}
