package org.depozit.imap.syntax;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.depozit.wire.Input;
import org.depozit.wire.Limits;
import org.depozit.wire.Output;

/// The octets of one command, below its grammar: its lines and its literals within their bounds
/// (RFC 9051 §4.3, RFC 7888), where it ends, and what the peer still owes of it.
///
/// `acceptX` tries and tells whether it was there; `x` must find it, or throws [Rejected] with BAD.
/// Belongs to the connection's own thread.
final class CommandOctets {
  /// What a character of a run must be.
  @FunctionalInterface
  interface Rule {
    boolean test(int c);
  }

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
  /// @param output where `+` is said; empty if there is no peer, and so no literals
  /// @param loggedIn whether the bounds after the log-in hold
  CommandOctets(Input input, Optional<Output> output, Limits limits, boolean loggedIn) {
    this.input = input;
    this.output = output;
    this.limits = limits;
    this.loggedIn = loggedIn;
  }

  // --- the line

  /// The next octet, which is not consumed; never NUL.
  int peek() throws IOException {
    int octet = input.peek();
    if (octet < 0) {
      throw new EOFException("the peer left inside a command");
    }
    if (octet == 0) {
      throw Rejected.bad("NUL is not allowed");
    }
    return octet;
  }

  /// The next octet, within [Limits#imapLine].
  int next() throws IOException {
    peek();
    if (++lineOctets > limits.imapLine()) {
      throw Rejected.bad("TOOBIG", "Command line too long");
    }
    return input.read();
  }

  /// Whether the line ends here.
  boolean atEnd() throws IOException {
    int next = peek();
    return next == '\r' || next == '\n';
  }

  /// Whether this character comes next; then it is consumed. Letters in either case.
  boolean accept(char expected) throws IOException {
    if (!ahead(expected)) {
      return false;
    }
    next();
    return true;
  }

  /// Whether this character comes next; it is not consumed.
  boolean ahead(char expected) throws IOException {
    return upper(peek()) == upper(expected);
  }

  /// Consumes this character.
  void must(char expected) throws IOException {
    if (!accept(expected)) {
      throw Rejected.bad("Expected '" + expected + "'");
    }
  }

  /// As many characters as follow the rule, one at least.
  ///
  /// @param what what BAD says was expected
  String run(String what, Rule rule) throws IOException {
    StringBuilder text = new StringBuilder();
    while (rule.test(peek())) {
      text.append((char) next());
    }
    if (text.isEmpty()) {
      throw Rejected.bad("Expected " + what);
    }
    return text.toString();
  }

  /// A number of however many digits; one beyond all bounds is still beyond them.
  ///
  /// @param what what BAD says was expected
  long saturated(String what) throws IOException {
    String digits = run(what, Chars::digit);
    try {
      return Math.min(Long.parseLong(digits), ENDLESS);
    } catch (NumberFormatException _) {
      return ENDLESS;
    }
  }

  /// The end of the command.
  void end() throws IOException {
    if (!acceptLineEnd()) {
      throw Rejected.bad("Expected the end of the command");
    }
    ended = true;
  }

  private boolean acceptLineEnd() throws IOException {
    boolean cr = accept('\r');
    if (accept('\n')) {
      return true;
    }
    if (cr) {
      throw Rejected.bad("CR without LF");
    }
    return false;
  }

  private static int upper(int c) {
    return c >= 'a' && c <= 'z' ? c - 32 : c;
  }

  // --- literals

  /// The head of a literal: see [Args#literal].
  Literal literal() throws IOException {
    if (ahead('~')) {
      throw Rejected.bad("A binary literal does not belong here");
    }
    if (output.isEmpty()) {
      throw Rejected.bad("A literal does not belong here");
    }
    must('{');
    long octets = saturated("the size of a literal");
    boolean synchronizing = !accept('+');
    must('}');
    if (!acceptLineEnd()) {
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
  void receive(Literal literal, OutputStream sink) throws IOException {
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

  /// A whole literal, head and octets, within [Limits#imapLiteralBeforeLogin] and
  /// [Limits#imapCommand]; without NUL.
  byte[] literalOctets() throws IOException {
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

  // --- the rest of a command that was given up

  /// Whether the command has been read to its end.
  boolean ended() {
    return ended;
  }

  /// Throws away what is left of the command: see [Args#drain].
  boolean drain() throws IOException {
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
}
