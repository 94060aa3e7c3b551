package org.depozit.imap.syntax;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.depozit.storage.Flag;
import org.depozit.storage.InternalDate;
import org.depozit.storage.MailboxName;
import org.depozit.wire.Input;
import org.depozit.wire.Limits;
import org.depozit.wire.Output;

/// One command's octets, read as the ABNF of RFC 9051 §9 names them: each method is a rule.
/// `acceptX` tries and tells whether it was there; `x` must find it, or throws [Rejected] with BAD.
///
/// A literal is answered with `+` when the reader reaches it, and read at once, since a blocked
/// virtual thread costs nothing. Whatever is collected stays within [Limits#imapLine] and
/// [Limits#imapCommand]; only a message goes past them, through [#literal] and [#receive], a buffer
/// at a time. `CommandOctets` keeps these bounds; here is only the grammar.
///
/// When a reader has given up, [#drain] gets over the rest of the command. Belongs to the
/// connection's own thread.
public final class Args {
  private final CommandOctets octets;
  private final Limits limits;

  /// A command that begins with the next octet of the input.
  ///
  /// @param loggedIn whether the bounds after the log-in hold
  public Args(Input input, Output output, Limits limits, boolean loggedIn) {
    this(new CommandOctets(input, Optional.of(output), limits, loggedIn), limits);
  }

  private Args(CommandOctets octets, Limits limits) {
    this.octets = octets;
    this.limits = limits;
  }

  /// Arguments that no peer sends, but that stand in a text: a search program from the shell. The
  /// end of the text is the end of the command, and there are no literals in it.
  ///
  /// @throws Rejected BAD if the text is more than one line
  public static Args of(String text, Limits limits) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw Rejected.bad("Expected one line without control characters");
    }
    byte[] line = (text + "\r\n").getBytes(StandardCharsets.UTF_8);
    return new Args(new CommandOctets(Input.of(line), Optional.empty(), limits, true), limits);
  }

  // --- single octets

  /// Whether the command ends here.
  public boolean atEnd() throws IOException {
    return octets.atEnd();
  }

  /// Whether this character comes next; then it is consumed. Letters in either case.
  public boolean accept(char expected) throws IOException {
    return octets.accept(expected);
  }

  /// Whether this character comes next; it is not consumed.
  public boolean ahead(char expected) throws IOException {
    return octets.ahead(expected);
  }

  /// Consumes this character.
  public void must(char expected) throws IOException {
    octets.must(expected);
  }

  /// `[SP]`
  public boolean acceptSp() throws IOException {
    return accept(' ');
  }

  /// `SP`
  public void sp() throws IOException {
    if (!acceptSp()) {
      throw Rejected.bad(atEnd() ? "Expected another argument" : "Expected a space");
    }
  }

  /// `CRLF`, the end of the command; a bare LF passes for it.
  public void end() throws IOException {
    octets.end();
  }

  // --- atoms and words

  /// `tag = 1*<any ASTRING-CHAR except "+">`
  public String tag() throws IOException {
    return octets.run("a tag", c -> Chars.astring(c) && c != '+');
  }

  /// `atom = 1*ATOM-CHAR`
  public String atom() throws IOException {
    return octets.run("an atom", Chars::atom);
  }

  /// A name of the grammar itself, a command, an item or a key: letters, digits, `.`, `-` and `_`.
  /// In capitals.
  public String word() throws IOException {
    return octets.run("a word", Chars::word).toUpperCase(Locale.ROOT);
  }

  /// Whether a word comes next, and not a number or a parenthesis.
  public boolean aheadWord() throws IOException {
    return Chars.word(octets.peek()) && !aheadDigit();
  }

  /// A bound for languages that nest: throws NO [LIMIT] if the depth is beyond
  /// [Limits#searchDepth].
  public void depth(int depth) {
    if (depth > limits.searchDepth()) {
      throw Rejected.no("LIMIT", "Nested too deep");
    }
  }

  /// A bound for FETCH: throws NO [LIMIT] if there are more items than [Limits#fetchItems].
  public void fetchItems(int items) {
    if (items > limits.fetchItems()) {
      throw Rejected.no("LIMIT", "Too many FETCH items");
    }
  }

  // --- strings

  /// `astring = 1*ASTRING-CHAR / string`, in strict UTF-8.
  public String astring() throws IOException {
    return text(astringOctets());
  }

  /// [#astring] as octets: for passwords, which leave no `String` behind.
  public byte[] astringOctets() throws IOException {
    return aheadString()
        ? stringOctets()
        : octets.run("a string", Chars::astring).getBytes(StandardCharsets.US_ASCII);
  }

  /// `string = quoted / literal`, in strict UTF-8.
  public String string() throws IOException {
    return text(stringOctets());
  }

  /// `nstring = string / nil`
  public Optional<String> nstring() throws IOException {
    if (aheadString()) {
      return Optional.of(string());
    }
    if (!atom().equalsIgnoreCase("NIL")) {
      throw Rejected.bad("Expected a string or NIL");
    }
    return Optional.empty();
  }

  private boolean aheadString() throws IOException {
    return ahead('"') || ahead('{') || ahead('~');
  }

  private byte[] stringOctets() throws IOException {
    return switch (octets.peek()) {
      case '"' -> quoted();
      case '{' -> octets.literalOctets();
      case '~' -> throw Rejected.bad("A binary literal does not belong here");
      default -> throw Rejected.bad("Expected a string");
    };
  }

  /// `quoted = DQUOTE *QUOTED-CHAR DQUOTE`; octets above 0x7F pass, since clients that know UTF-8
  /// send them.
  private byte[] quoted() throws IOException {
    must('"');
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (!accept('"')) {
      if (atEnd()) {
        throw Rejected.bad("A quoted string ends on its own line");
      }
      boolean escaped = accept('\\');
      if (escaped && !ahead('"') && !ahead('\\')) {
        throw Rejected.bad("Only \" and \\ are escaped in a quoted string");
      }
      content.write(octets.next());
    }
    return content.toByteArray();
  }

  /// The head of a literal, `"{" number64 ["+"] "}" CRLF`: whoever reads it either [#receive]s the
  /// octets or throws [Rejected]. A head that cannot be read as a whole is no literal.
  public Literal literal() throws IOException {
    return octets.literal();
  }

  /// Answers `+` if the peer waits for it, and hands the octets on as they come.
  ///
  /// @throws IOException if the peer has left, or the sink fails
  public void receive(Literal literal, OutputStream sink) throws IOException {
    octets.receive(literal, sink);
  }

  // --- numbers

  /// `number`: 0 to 2^32-1.
  public long number() throws IOException {
    long number = octets.saturated("a number");
    if (number > 0xFFFF_FFFFL) {
      throw Rejected.bad("Number too large");
    }
    return number;
  }

  /// `number64`: 0 to 2^63-1.
  public long number64() throws IOException {
    String digits = octets.run("a number", Chars::digit);
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException _) {
      throw Rejected.bad("Number too large");
    }
  }

  /// `nz-number`: 1 to 2^32-1.
  public long nzNumber() throws IOException {
    long number = number();
    if (number == 0) {
      throw Rejected.bad("0 is no number here");
    }
    return number;
  }

  /// Whether a digit comes next.
  public boolean aheadDigit() throws IOException {
    return Chars.digit(octets.peek());
  }

  /// Whether a sequence set comes next.
  public boolean aheadSequenceSet() throws IOException {
    return aheadDigit() || ahead('*');
  }

  /// `sequence-set`: numbers, `*` and ranges of them, in any order.
  public SequenceSet sequenceSet() throws IOException {
    List<SequenceSet.Range> ranges = new ArrayList<>();
    do {
      long first = sequenceNumber();
      ranges.add(new SequenceSet.Range(first, accept(':') ? sequenceNumber() : first));
    } while (accept(','));
    return new SequenceSet(ranges);
  }

  private long sequenceNumber() throws IOException {
    return accept('*') ? SequenceSet.STAR : nzNumber();
  }

  // --- flags

  /// `flag-list = "(" [flag *(SP flag)] ")"`. `\Recent` is let go, since clients copy it from what
  /// they fetched, and nobody can set it.
  public Set<Flag> flagList() throws IOException {
    must('(');
    Set<Flag> flags = new LinkedHashSet<>();
    if (!accept(')')) {
      do {
        flag().ifPresent(flags::add);
      } while (acceptSp());
      must(')');
    }
    return flags;
  }

  /// What STORE takes: `flag-list / (flag *(SP flag))`.
  public Set<Flag> flags() throws IOException {
    if (ahead('(')) {
      return flagList();
    }
    Set<Flag> flags = new LinkedHashSet<>();
    do {
      flag().ifPresent(flags::add);
    } while (acceptSp());
    return flags;
  }

  /// `flag-keyword = atom`
  public Flag keyword() throws IOException {
    return Flag.of(atom());
  }

  private Optional<Flag> flag() throws IOException {
    if (!accept('\\')) {
      return Optional.of(keyword());
    }
    String name = "\\" + atom();
    if (name.equalsIgnoreCase("\\Recent")) {
      return Optional.empty();
    }
    Flag flag = Flag.of(name);
    if (!Flag.SYSTEM.contains(flag)) {
      throw Rejected.bad("No such system flag");
    }
    return Optional.of(flag);
  }

  // --- mailbox names

  /// `mailbox`, in modified UTF-7 (RFC 3501 §5.1.3).
  public MailboxName mailbox() throws IOException {
    return ModifiedUtf7.decode(astring())
        .map(MailboxName::of)
        .orElseThrow(() -> Rejected.no("CANNOT", "Mailbox name is not in modified UTF-7"));
  }

  /// `list-mailbox = 1*list-char / string`, as it came.
  public String listMailbox() throws IOException {
    return aheadString() ? string() : octets.run("a mailbox name with wildcards", Chars::list);
  }

  // --- dates

  /// `date = date-text / DQUOTE date-text DQUOTE`
  public LocalDate date() throws IOException {
    String text = ahead('"') ? string() : atom();
    return ImapDate.date(text)
        .orElseThrow(() -> Rejected.bad("Expected a date such as 1-Feb-2026"));
  }

  /// `date-time`
  public InternalDate dateTime() throws IOException {
    return ImapDate.dateTime(string())
        .orElseThrow(() -> Rejected.bad("Expected a date such as \"01-Feb-2026 12:00:00 +0100\""));
  }

  // --- the rest of a command that was given up

  /// Whether the command has been read to its end.
  public boolean ended() {
    return octets.ended();
  }

  /// Reads what is left of the command and throws it away, the octets of non-synchronizing literals
  /// too, which come whatever the answer is (RFC 7888 §4). A synchronizing literal that was not
  /// asked for ends the command.
  ///
  /// @return false if that would be more than is borne with: say BYE and close
  public boolean drain() throws IOException {
    return octets.drain();
  }

  private static String text(byte[] octets) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException _) {
      throw Rejected.bad("Not UTF-8");
    }
  }
}
