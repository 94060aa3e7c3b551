package org.depozit.imap.command;

import java.io.IOException;
import java.util.EnumSet;
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
import org.depozit.storage.View;

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
    View view = selected.numbering();
    if (modSeq) {
      selected.mailbox().awaitForced(view);
    }
    Found found = selected.mailbox().search(view, key, wanted);
    session.responses().untagged(extended ? extended(session, view, found) : plain(view, found));
    return byUid ? "UID SEARCH completed" : "SEARCH completed";
  }

  /// `SEARCH 2 84 882 (MODSEQ 9)`
  private String plain(View view, Found found) {
    StringBuilder line = new StringBuilder("SEARCH");
    for (int position : found.positions()) {
      line.append(' ').append(number(view, position));
    }
    if (modSeq && found.any()) {
      line.append(" (MODSEQ ").append(found.modSeq()).append(')');
    }
    return line.toString();
  }

  /// `ESEARCH (TAG "a") UID MIN 2 COUNT 17 ALL 4:18,21`. RFC 4731 §3.1: what did not match is left
  /// out, but for COUNT.
  private String extended(Session session, View view, Found found) {
    StringBuilder line =
        new StringBuilder("ESEARCH (TAG ").append(Strings.quoted(session.tag())).append(')');
    line.append(byUid ? " UID" : "");
    if (wanted.contains(Return.MIN) && found.min() >= 0) {
      line.append(" MIN ").append(number(view, found.min()));
    }
    if (wanted.contains(Return.MAX) && found.max() >= 0) {
      line.append(" MAX ").append(number(view, found.max()));
    }
    if (wanted.contains(Return.ALL) && found.positions().length > 0) {
      all(line.append(" ALL "), view, found.positions());
    }
    if (wanted.contains(Return.COUNT)) {
      line.append(" COUNT ").append(found.count());
    }
    if (modSeq && found.any()) {
      line.append(" MODSEQ ").append(found.modSeq());
    }
    return line.toString();
  }

  private void all(StringBuilder line, View view, int[] positions) {
    int index = 0;
    while (index < positions.length) {
      long first = number(view, positions[index]);
      long last = first;
      index++;
      while (index < positions.length && number(view, positions[index]) == last + 1) {
        last++;
        index++;
      }
      line.append(first);
      if (last > first) {
        line.append(':').append(last);
      }
      line.append(index < positions.length ? "," : "");
    }
  }

  private long number(View view, int position) {
    return byUid ? view.uid(position) : position + 1L;
  }
}
