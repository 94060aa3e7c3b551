package org.depozit.imap.syntax;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
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
/// at a time.
///
/// When a reader has given up, [#drain] gets over the rest of the command. Belongs to the
/// connection's own thread.
public final class Args {
  /// Stands for every size beyond all bounds.
  private static final long ENDLESS = Long.MAX_VALUE / 16;

  private final Input input;
  private final Optional<Output> output;
  private final Limits limits;
  private final boolean loggedIn;

  private int lineOctets;
  private int collected;
  private boolean ended;

  /// Octets of a literal that the peer sends whatever we say.
  private long owed;

  /// A command that begins with the next octet of the input.
  ///
  /// @param loggedIn whether the bounds after the log-in hold
  public Args(Input input, Output output, Limits limits, boolean loggedIn) {
    this(input, Optional.of(output), limits, loggedIn);
  }

  private Args(Input input, Optional<Output> output, Limits limits, boolean loggedIn) {
    this.input = input;
    this.output = output;
    this.limits = limits;
    this.loggedIn = loggedIn;
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
    return new Args(Input.of(line), Optional.empty(), limits, true);
  }

  /// A literal's head, read; its octets are still to come. RFC 9051 §4.3, RFC 7888.
  ///
  /// @param octets how many
  /// @param synchronizing whether the peer waits for `+` before it sends them
  public record Literal(long octets, boolean synchronizing) {}

  // --- single octets

  /// Whether the command ends here.
  public boolean atEnd() throws IOException {
    int next = peek();
    return next == '\r' || next == '\n';
  }

  /// Whether this character comes next; then it is consumed. Letters in either case.
  public boolean accept(char expected) throws IOException {
    if (upper(peek()) != upper(expected)) {
      return false;
    }
    next();
    return true;
  }

  /// Whether this character comes next; it is not consumed.
  public boolean ahead(char expected) throws IOException {
    return upper(peek()) == upper(expected);
  }

  /// Consumes this character.
  public void must(char expected) throws IOException {
    if (!accept(expected)) {
      throw Rejected.bad("Expected '" + expected + "'");
    }
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
    if (!acceptEnd()) {
      throw Rejected.bad("Expected the end of the command");
    }
    ended = true;
  }

  private boolean acceptEnd() throws IOException {
    boolean cr = accept('\r');
    if (accept('\n')) {
      return true;
    }
    if (cr) {
      throw Rejected.bad("CR without LF");
    }
    return false;
  }

  // --- atoms and words

  /// `tag = 1*<any ASTRING-CHAR except "+">`
  public String tag() throws IOException {
    return run("a tag", c -> Chars.astring(c) && c != '+');
  }

  /// `atom = 1*ATOM-CHAR`
  public String atom() throws IOException {
    return run("an atom", Chars::atom);
  }

  /// A name of the grammar itself, a command, an item or a key: letters, digits, `.`, `-` and `_`.
  /// In capitals.
  public String word() throws IOException {
    return run("a word", Chars::word).toUpperCase(Locale.ROOT);
  }

  /// Whether a word comes next, and not a number or a parenthesis.
  public boolean aheadWord() throws IOException {
    return Chars.word(peek()) && !aheadDigit();
  }

  /// A bound for languages that nest: throws NO [LIMIT] if the depth is beyond
  /// [Limits#searchDepth].
  public void depth(int depth) {
    if (depth > limits.searchDepth()) {
      throw Rejected.no("LIMIT", "Nested too deep");
    }
  }

  // --- strings

  /// `astring = 1*ASTRING-CHAR / string`, in strict UTF-8.
  public String astring() throws IOException {
    return text(astringOctets());
  }

  /// [#astring] as octets: for passwords, which leave no `String` behind.
  public byte[] astringOctets() throws IOException {
    return aheadString() ? stringOctets() : ascii(run("a string", Chars::astring));
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
    return switch (peek()) {
      case '"' -> quoted();
      case '{' -> literalOctets();
      case '~' -> throw Rejected.bad("A binary literal does not belong here");
      default -> throw Rejected.bad("Expected a string");
    };
  }

  /// `quoted = DQUOTE *QUOTED-CHAR DQUOTE`; octets above 0x7F pass, since clients that know UTF-8
  /// send them.
  private byte[] quoted() throws IOException {
    must('"');
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    while (!accept('"')) {
      if (atEnd()) {
        throw Rejected.bad("A quoted string ends on its own line");
      }
      boolean escaped = accept('\\');
      if (escaped && !ahead('"') && !ahead('\\')) {
        throw Rejected.bad("Only \" and \\ are escaped in a quoted string");
      }
      octets.write(next());
    }
    return octets.toByteArray();
  }

  private byte[] literalOctets() throws IOException {
    Literal literal = literal();
    int bound = loggedIn ? limits.imapCommand() : limits.imapLiteralBeforeLogin();
    if (literal.octets() > bound || collected + literal.octets() > limits.imapCommand()) {
      throw Rejected.bad("TOOBIG", "Literal too large");
    }
    collected += (int) literal.octets();
    ByteArrayOutputStream octets =
        new ByteArrayOutputStream((int) Math.min(literal.octets(), 4096));
    receive(literal, octets);
    byte[] all = octets.toByteArray();
    for (byte octet : all) {
      if (octet == 0) {
        throw Rejected.bad("NUL is not allowed");
      }
    }
    return all;
  }

  /// The head of a literal, `"{" number64 ["+"] "}" CRLF`: whoever reads it either [#receive]s the
  /// octets or throws [Rejected]. A head that cannot be read as a whole is no literal.
  public Literal literal() throws IOException {
    if (ahead('~')) {
      throw Rejected.bad("A binary literal does not belong here");
    }
    if (output.isEmpty()) {
      throw Rejected.bad("A literal does not belong here");
    }
    must('{');
    long octets = saturated(run("the size of a literal", Chars::digit));
    boolean synchronizing = !accept('+');
    must('}');
    if (!acceptEnd()) {
      throw Rejected.bad("Expected a line's end behind a literal's size");
    }
    if (synchronizing) {
      // Until it is told to go on, the peer has ended the command here.
      ended = true;
    } else {
      owed = octets;
    }
    return new Literal(octets, synchronizing);
  }

  /// Answers `+` if the peer waits for it, and hands the octets on as they come.
  ///
  /// @throws IOException if the peer has left, or the sink fails
  public void receive(Literal literal, OutputStream sink) throws IOException {
    if (literal.synchronizing()) {
      ended = false;
      owed = literal.octets();
      output.orElseThrow().ascii("+ Ready for literal data\r\n").flush();
    }
    long before = input.consumed();
    try {
      input.transfer(literal.octets(), sink);
    } finally {
      owed -= input.consumed() - before;
    }
  }

  // --- numbers

  /// `number`: 0 to 2^32-1.
  public long number() throws IOException {
    long number = saturated(run("a number", Chars::digit));
    if (number > 0xFFFF_FFFFL) {
      throw Rejected.bad("Number too large");
    }
    return number;
  }

  /// `number64`: 0 to 2^63-1.
  public long number64() throws IOException {
    String digits = run("a number", Chars::digit);
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
    return Chars.digit(peek());
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
    return aheadString() ? string() : run("a mailbox name with wildcards", Chars::list);
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
    return ended;
  }

  /// Reads what is left of the command and throws it away, the octets of non-synchronizing literals
  /// too, which come whatever the answer is (RFC 7888 §4). A synchronizing literal that was not
  /// asked for ends the command.
  ///
  /// @return false if that would be more than is borne with: say BYE and close
  public boolean drain() throws IOException {
    long bound = limits.overlongLine() + (loggedIn ? limits.appendLimit() : 0);
    long start = input.consumed();
    Tail tail = new Tail();
    while (!ended) {
      if (input.consumed() - start + owed > bound) {
        return false;
      }
      input.skip(owed);
      owed = 0;
      int octet = input.read();
      if (octet < 0) {
        throw new EOFException("the peer left inside a command");
      }
      if (tail.add(octet)) {
        owed = tail.announced() ? tail.octets : 0;
        ended = !tail.announced();
        tail = new Tail();
      }
    }
    return true;
  }

  /// The end of a line, as far as it may be the head of a non-synchronizing literal.
  private static final class Tail {
    private enum Seen {
      NOTHING,
      BRACE,
      DIGITS,
      PLUS,
      ALL
    }

    private Seen seen = Seen.NOTHING;
    private long octets;

    /// Takes the next octet; whether the line is now at its end.
    boolean add(int octet) {
      if (octet == '\n') {
        return true;
      }
      if (octet == '{') {
        seen = Seen.BRACE;
        octets = 0;
      } else if (Chars.digit(octet) && (seen == Seen.BRACE || seen == Seen.DIGITS)) {
        seen = Seen.DIGITS;
        octets = Math.min(octets * 10 + octet - '0', ENDLESS);
      } else if (octet == '+' && seen == Seen.DIGITS) {
        seen = Seen.PLUS;
      } else if (octet == '}' && seen == Seen.PLUS) {
        seen = Seen.ALL;
      } else if (octet != '\r') {
        seen = Seen.NOTHING;
      }
      return false;
    }

    /// Whether the line that has ended announces a literal.
    boolean announced() {
      return seen == Seen.ALL;
    }
  }

  // --- octets

  private interface Rule {
    boolean test(int c);
  }

  private String run(String what, Rule rule) throws IOException {
    StringBuilder text = new StringBuilder();
    while (rule.test(peek())) {
      text.append((char) next());
    }
    if (text.isEmpty()) {
      throw Rejected.bad("Expected " + what);
    }
    return text.toString();
  }

  private int peek() throws IOException {
    int octet = input.peek();
    if (octet < 0) {
      throw new EOFException("the peer left inside a command");
    }
    if (octet == 0) {
      throw Rejected.bad("NUL is not allowed");
    }
    return octet;
  }

  private int next() throws IOException {
    peek();
    if (++lineOctets > limits.imapLine()) {
      throw Rejected.bad("TOOBIG", "Command line too long");
    }
    return input.read();
  }

  private static int upper(int c) {
    return c >= 'a' && c <= 'z' ? c - 32 : c;
  }

  private static long saturated(String digits) {
    try {
      return Math.min(Long.parseLong(digits), ENDLESS);
    } catch (NumberFormatException _) {
      return ENDLESS;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] octets) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException _) {
      throw Rejected.bad("Not UTF-8");
    }
  }
}
