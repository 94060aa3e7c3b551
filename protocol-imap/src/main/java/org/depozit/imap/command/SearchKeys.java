package org.depozit.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.depozit.imap.session.Selected;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Flag;
import org.depozit.storage.SearchKey;
import org.depozit.storage.SearchKey.AddressName;
import org.depozit.storage.SearchKey.When;
import org.depozit.wire.Limits;

/// Reads a search program: the client's words become the store's [SearchKey] at once, with the
/// sugar taken out (UNSEEN is not-`\Seen`) and numbers resolved to UIDs. RFC 3501 §6.4.4, RFC 9051
/// §6.4.4; MODSEQ is RFC 7162 §3.1.5's.
///
/// Numbers may be resolved while reading because a connection runs one command at a time and
/// numbers move only between commands; a pipelined EXPUNGE is read after this search is answered.
public final class SearchKeys {
  private final Args args;
  private final Selected selected;
  private boolean modSeq;

  SearchKeys(Args args, Selected selected) {
    this.args = args;
    this.selected = selected;
  }

  /// Reads a program that stands in a text, as the command line has it: `FROM "Cristi" UNSEEN`.
  ///
  /// @param program on one line; literals are refused
  /// @param selected the mailbox whose numbers, UIDs and `\Recent` it speaks of
  /// @throws IllegalArgumentException if it cannot be read; the message says why, for people
  public static SearchKey program(String program, Selected selected) {
    try {
      Args args = Args.of(program, Limits.DEFAULTS);
      SearchKey key = new SearchKeys(args, selected).program();
      args.end();
      return key;
    } catch (Rejected e) {
      throw new IllegalArgumentException(e.text(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("The search program breaks off", e);
    }
  }

  /// Whether the program holds MODSEQ, so that its answer bears one too.
  boolean modSeq() {
    return modSeq;
  }

  /// `search-key *(SP search-key)`, to the end of the line: all of them must match.
  SearchKey program() throws IOException {
    return keys(0);
  }

  /// The same, when the name of its first key has been read already.
  SearchKey program(String first) throws IOException {
    return and(named(first, 0), 0);
  }

  private SearchKey keys(int depth) throws IOException {
    return and(key(depth), depth);
  }

  private SearchKey and(SearchKey first, int depth) throws IOException {
    if (!args.ahead(' ')) {
      return first;
    }
    List<SearchKey> keys = new ArrayList<>(List.of(first));
    while (args.acceptSp()) {
      keys.add(key(depth));
    }
    return new SearchKey.And(keys);
  }

  private SearchKey key(int depth) throws IOException {
    args.depth(depth);
    if (args.accept('(')) {
      SearchKey inner = keys(depth + 1);
      args.must(')');
      return inner;
    }
    if (args.aheadSequenceSet()) {
      return new SearchKey.Uids(selected.byNumber(args.sequenceSet()));
    }
    return named(args.word(), depth);
  }

  private SearchKey named(String name, int depth) throws IOException {
    return switch (name) {
      case "ALL" -> new SearchKey.All();
      case "ANSWERED" -> has(Flag.ANSWERED);
      case "BCC" -> address(AddressName.BCC);
      case "BEFORE" -> received(When.BEFORE);
      case "BODY" -> new SearchKey.Body(text());
      case "CC" -> address(AddressName.CC);
      case "DELETED" -> has(Flag.DELETED);
      case "DRAFT" -> has(Flag.DRAFT);
      case "FLAGGED" -> has(Flag.FLAGGED);
      case "FROM" -> address(AddressName.FROM);
      case "HEADER" -> new SearchKey.HeaderField(text(), text());
      case "KEYWORD" -> has(keyword());
      case "LARGER" -> new SearchKey.Larger(octets());
      case "MODSEQ" -> modSeqKey();
      case "NEW" -> new SearchKey.And(List.of(recent(), hasNot(Flag.SEEN)));
      case "NOT" -> new SearchKey.Not(operand(depth));
      case "OLD" -> new SearchKey.Not(recent());
      case "ON" -> received(When.ON);
      case "OR" -> new SearchKey.Or(operand(depth), operand(depth));
      case "RECENT" -> recent();
      case "SEEN" -> has(Flag.SEEN);
      case "SENTBEFORE" -> sent(When.BEFORE);
      case "SENTON" -> sent(When.ON);
      case "SENTSINCE" -> sent(When.SINCE);
      case "SINCE" -> received(When.SINCE);
      case "SMALLER" -> new SearchKey.Smaller(octets());
      case "SUBJECT" -> new SearchKey.HeaderField("Subject", text());
      case "TEXT" -> new SearchKey.Text(text());
      case "TO" -> address(AddressName.TO);
      case "UID" -> uids();
      case "UNANSWERED" -> hasNot(Flag.ANSWERED);
      case "UNDELETED" -> hasNot(Flag.DELETED);
      case "UNDRAFT" -> hasNot(Flag.DRAFT);
      case "UNFLAGGED" -> hasNot(Flag.FLAGGED);
      case "UNKEYWORD" -> hasNot(keyword());
      case "UNSEEN" -> hasNot(Flag.SEEN);
      default -> throw Rejected.bad("Unknown search key");
    };
  }

  private static SearchKey has(Flag flag) {
    return new SearchKey.HasFlag(flag);
  }

  private static SearchKey hasNot(Flag flag) {
    return new SearchKey.Not(has(flag));
  }

  /// `\Recent` is the session's, not the store's. RFC 3501 §2.3.2.
  private SearchKey recent() {
    return new SearchKey.Uids(selected.recent());
  }

  private SearchKey operand(int depth) throws IOException {
    args.sp();
    return key(depth + 1);
  }

  private String text() throws IOException {
    args.sp();
    return args.astring();
  }

  private Flag keyword() throws IOException {
    args.sp();
    return args.keyword();
  }

  private long octets() throws IOException {
    args.sp();
    return args.number64();
  }

  private SearchKey address(AddressName field) throws IOException {
    return new SearchKey.AddressField(field, text());
  }

  private SearchKey received(When when) throws IOException {
    args.sp();
    return new SearchKey.Received(when, args.date());
  }

  private SearchKey sent(When when) throws IOException {
    args.sp();
    return new SearchKey.Sent(when, args.date());
  }

  private SearchKey uids() throws IOException {
    args.sp();
    return new SearchKey.Uids(selected.byUid(args.sequenceSet()));
  }

  /// `"MODSEQ" [SP entry-name SP entry-type-req] SP mod-sequence-valzer`. The entry is let go:
  /// there is one mod-sequence a message, whatever flag it rose for.
  private SearchKey modSeqKey() throws IOException {
    args.sp();
    if (args.ahead('"')) {
      args.string();
      args.sp();
      args.word();
      args.sp();
    }
    modSeq = true;
    return new SearchKey.ModSeq(args.number64());
  }
}
