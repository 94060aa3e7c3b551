package org.depozit.mime;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads an address list (RFC 5322 §3.4, with the obsolete forms of §4.4) and whatever stands where
/// one should.
///
/// What is there is shown, and what is missing is named: `MISSING_MAILBOX`, `MISSING_DOMAIN`. A
/// comment is the name where there is no other. Semicolons between addresses are commas. A quote or
/// an angle bracket without an end ends where the next reader would have guessed it. Takes time in
/// proportion to the text. For one thread and one field.
final class AddressScanner {
  private static final String MISSING_MAILBOX = "MISSING_MAILBOX";
  private static final String MISSING_DOMAIN = "unspecified-domain";

  /// How far an encoded-word is looked ahead for, commas and angle brackets in it included.
  private static final int LONGEST_WORD = 128;

  /// What [#scan] minds; whatever stands between two of them is of one word.
  private static final Specials SPECIALS = Specials.of(",;:<(\"[ \t\0>@=");

  /// What only [#obsoleteAngle] minds, and the end.
  private static final Specials IN_ANGLES = Specials.of(">,\"(:").andControls();

  /// What no atom has, the dot aside (RFC 5322 §3.2.3).
  private static final Specials NO_ATOM = Specials.of("()<>[]:;@\\,\"").andControls();

  private final String text;
  private final Charset raw;
  private final MimeLimits limits;
  private final int end;
  private final List<Address> addresses = new ArrayList<>();
  private int at;
  private boolean inGroup;
  private int lastQuote;

  // The address being read: its words with single spaces between them, where the last word starts,
  // and
  // where the last @ outside quotes stands with the word before and after it.
  private final StringBuilder words = new StringBuilder();
  private final StringBuilder comment = new StringBuilder();
  private int wordFrom;
  private int mailboxFrom;
  private int atSign;
  private int hostTo;
  private boolean space;
  // What stood in angle brackets, held until the address ends: a comment may follow and name it.
  private Optional<Address> angled = Optional.empty();

  private AddressScanner(String text, Charset raw, MimeLimits limits) {
    this.text = text;
    this.raw = raw;
    this.limits = limits;
    this.end = Math.min(text.length(), limits.addressOctets());
    this.lastQuote = text.lastIndexOf('"', end - 1);
    reset();
  }

  /// The addresses in the octet text `text`; raw eight bits in it are in the character set `raw` or
  /// UTF-8.
  static List<Address> addresses(String text, Charset raw, MimeLimits limits) {
    return new AddressScanner(text, raw, limits).scan();
  }

  private List<Address> scan() {
    while (at < end && addresses.size() < limits.addresses()) {
      char c = text.charAt(at);
      switch (c) {
        case ',' -> {
          finish();
          at++;
        }
        case ';' -> {
          finish();
          endGroup();
          at++;
        }
        case ':' -> colon();
        case '<' -> angle();
        case '(' -> comment();
        case '"' -> quoted();
        case '[' -> literal();
        case ' ', '\t', '\0', '>' -> {
          space = true;
          at++;
        }
        case '@' -> atSign();
        case '=' -> encodedWord();
        default -> {
          word(c);
          int from = at + 1;
          at = SPECIALS.first(text, from, end);
          words.append(text, from, at);
        }
      }
    }
    finish();
    endGroup();
    return addresses;
  }

  /// Takes a character of a word. Space before it ends the word before, but not beside the @ or, in
  /// a domain, beside a dot: `a @ b . c` is one (RFC 5322 §4.4).
  private void word(char c) {
    if (space && !words.isEmpty() && !joins(c)) {
      hostTo = atSign >= 0 && hostTo < 0 ? words.length() : hostTo;
      words.append(' ');
      wordFrom = words.length();
    }
    space = false;
    words.append(c);
  }

  private boolean joins(char c) {
    char before = words.charAt(words.length() - 1);
    boolean inHost = atSign >= 0 && hostTo < 0;
    return c == '@' || (inHost && (before == '@' || before == '.' || c == '.'));
  }

  private void atSign() {
    atSign = words.length();
    mailboxFrom = wordFrom;
    hostTo = -1;
    word('@');
    at++;
  }

  private void colon() {
    if (inGroup || atSign >= 0 || angled.isPresent()) {
      word(':');
    } else {
      addresses.add(Address.groupStart(shown(words.toString())));
      inGroup = true;
      reset();
    }
    at++;
  }

  private void endGroup() {
    if (inGroup) {
      addresses.add(Address.groupEnd());
      inGroup = false;
    }
  }

  /// A quoted string: its text without quotes. One without an end is a quote that somebody forgot,
  /// and stands for itself.
  private void quoted() {
    if (at >= lastQuote) {
      word('"');
      at++;
      return;
    }
    boolean first = true;
    for (at++; at < end && text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\' && at + 1 < end) {
        at++;
      }
      if (first) {
        word(text.charAt(at));
        first = false;
      } else {
        words.append(text.charAt(at));
      }
    }
    space &= first;
    at++;
  }

  private void comment() {
    int depth = 0;
    if (!comment.isEmpty()) {
      comment.append(' ');
    }
    for (; at < end; at++) {
      char c = text.charAt(at);
      if (c == ')' && --depth == 0) {
        break;
      }
      if (c == '(' && depth++ == 0) {
        continue;
      }
      if (c == '\\' && at + 1 < end) {
        at++;
      }
      comment.append(text.charAt(at));
    }
    at++;
    space = true;
  }

  /// A domain literal: `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
  private void literal() {
    int close = atSign >= 0 ? text.indexOf(']', at, Math.min(end, at + LONGEST_WORD)) : -1;
    if (close < 0) {
      word('[');
      at++;
      return;
    }
    for (; at <= close; at++) {
      word(text.charAt(at));
    }
  }

  /// An encoded-word is one word, even with a comma or a bracket in it that should have been
  /// encoded.
  private void encodedWord() {
    int to = at + 1 < end && text.charAt(at + 1) == '?' ? encodedWordEnd() : -1;
    do {
      word(text.charAt(at++));
    } while (at < to);
  }

  private int encodedWordEnd() {
    int marks = 0;
    int furthest = Math.min(end - 1, at + LONGEST_WORD);
    for (int i = at + 1; i < furthest && text.charAt(i) > ' ' && text.charAt(i) != '"'; i++) {
      if (text.charAt(i) == '?' && ++marks >= 4 && text.charAt(i + 1) == '=') {
        return i + 2;
      }
    }
    return -1;
  }

  /// `<route:mailbox@host>`; without a closing bracket it goes up to the next comma.
  private void angle() {
    if (angled.isPresent()) {
      finish();
    }
    String name = words.toString();
    int from = at + 1;
    int to = IN_ANGLES.first(text, from, end);
    if (to < end && text.charAt(to) == '>') {
      at = to + 1;
      String inside = text.substring(from, to);
      angled(name, "", inside, inside.lastIndexOf('@'));
    } else {
      obsoleteAngle(name);
    }
  }

  /// One with a route, a quoted string or a comment in it, or with spaces or no end.
  private void obsoleteAngle(String name) {
    StringBuilder inside = new StringBuilder();
    String route = "";
    int sign = -1;
    at++;
    while (at < end && text.charAt(at) != '>') {
      char c = text.charAt(at);
      boolean routed = !inside.isEmpty() && inside.charAt(0) == '@';
      if (c == ',' && !routed) {
        break;
      }
      if (c == '"' && at < lastQuote) {
        quotedInside(inside);
      } else if (c == '(') {
        comment();
      } else {
        if (c == ':' && routed) {
          route = inside.toString();
          inside.setLength(0);
          sign = -1;
        } else if (c > ' ') {
          sign = c == '@' ? inside.length() : sign;
          inside.append(c);
        }
        at++;
      }
    }
    if (at < end && text.charAt(at) == '>') {
      at++;
    }
    angled(name, route, inside.toString(), sign);
  }

  /// Keeps the address with the mailbox `inside`, whose last @ outside quotes stands at `sign`, or
  /// which has none.
  private void angled(String name, String route, String inside, int sign) {
    String mailbox = sign < 0 ? inside : inside.substring(0, sign);
    String host = sign < 0 ? "" : inside.substring(sign + 1);
    String said = name.isBlank() ? comment.toString() : "";
    reset();
    comment.append(said);
    angled = Optional.of(address(name, route, mailbox, host));
  }

  private void quotedInside(StringBuilder inside) {
    for (at++; at < end && text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\' && at + 1 < end) {
        at++;
      }
      inside.append(text.charAt(at));
    }
    at++;
  }

  private void finish() {
    if (angled.isPresent()) {
      addresses.add(named(angled.get()));
    } else if (atSign >= 0) {
      String name = words.substring(0, Math.max(0, mailboxFrom - 1));
      String host = words.substring(atSign + 1, hostTo < 0 ? words.length() : hostTo);
      addresses.add(named(address(name, "", words.substring(mailboxFrom, atSign), host)));
    } else if (words.indexOf(" ") >= 0) {
      addresses.add(address(words.toString(), "", "", ""));
    } else if (!words.isEmpty()) {
      addresses.add(named(address("", "", words.toString(), "")));
    }
    reset();
  }

  private Address address(String name, String route, String mailbox, String host) {
    return new Address(
        name.isBlank() ? Optional.empty() : Optional.of(shown(name.strip())),
        route.isEmpty() ? Optional.empty() : Optional.of(shown(route)),
        Optional.of(mailbox.isEmpty() ? MISSING_MAILBOX : localPart(shown(mailbox))),
        Optional.of(host(host)));
  }

  /// A local part that is no dot-atom is shown as the quoted string it is or should have been.
  private static String localPart(String mailbox) {
    return isDotAtom(mailbox) ? mailbox : '"' + mailbox.replaceAll("[\\\\\"]", "\\\\$0") + '"';
  }

  private static boolean isDotAtom(String text) {
    char before = '.';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (NO_ATOM.has(c) || (c == '.' && before == '.')) {
        return false;
      }
      before = c;
    }
    return before != '.';
  }

  /// The host without what is often stuck to its end.
  private String host(String text) {
    int to = text.length();
    while (to > 0 && ".;>,".indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return to == 0 ? MISSING_DOMAIN : FieldText.host(text.substring(0, to), raw);
  }

  /// The address with the comment for a name if it has none.
  private Address named(Address address) {
    String said = comment.toString().strip();
    return address.name().isPresent() || said.isEmpty()
        ? address
        : new Address(Optional.of(shown(said)), address.route(), address.mailbox(), address.host());
  }

  private String shown(String octetText) {
    return FieldText.shown(octetText, raw, limits.textOctets());
  }

  private void reset() {
    words.setLength(0);
    comment.setLength(0);
    wordFrom = 0;
    mailboxFrom = 0;
    atSign = -1;
    hostTo = -1;
    space = false;
    angled = Optional.empty();
  }
}
