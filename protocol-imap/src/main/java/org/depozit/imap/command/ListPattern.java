package org.depozit.imap.command;

import java.text.Normalizer;
import java.util.Locale;
import org.depozit.imap.syntax.ModifiedUtf7;
import org.depozit.storage.MailboxName;

/// What LIST and LSUB look for: a mailbox name in which `*` stands for any characters and `%` for
/// any but the delimiter. RFC 9051 §6.3.9.
///
/// Matching walks the name once beside all the places in the pattern where it can be, so that it
/// takes time in proportion to one length times the other, whatever the pattern (CVE-2021-40110).
final class ListPattern {
  private final String pattern;
  private final String inboxPattern;
  private final long literals;

  private ListPattern(String pattern) {
    this.pattern = pattern;
    this.inboxPattern = pattern.toUpperCase(Locale.ROOT);
    this.literals = pattern.chars().filter(c -> c != '*' && c != '%').count();
  }

  /// The pattern that follows from LIST's two arguments, in modified UTF-7. One that is not matches
  /// nothing.
  static ListPattern of(String reference, String name) {
    String decoded = ModifiedUtf7.decode(reference + name).orElse("");
    String normal = Normalizer.normalize(decoded, Normalizer.Form.NFC);
    return new ListPattern(normal.replaceAll("%+", "%").replaceAll("[%*]*\\*[%*]*", "*"));
  }

  /// Whether the name is looked for; INBOX is in any case of letters (RFC 3501 §5.1).
  boolean matches(MailboxName name) {
    // What is longer than the name without its wildcards need not be tried.
    return literals <= name.value().length()
        && (name.inbox() ? matches(inboxPattern, "INBOX") : matches(pattern, name.value()));
  }

  private static boolean matches(String pattern, String name) {
    boolean[] here = new boolean[pattern.length() + 1];
    here[0] = true;
    skipWildcards(pattern, here);
    for (int i = 0; i < name.length(); i++) {
      here = step(pattern, here, name.charAt(i));
    }
    return here[pattern.length()];
  }

  /// The places that one more character of the name leads to.
  private static boolean[] step(String pattern, boolean[] here, char c) {
    boolean[] next = new boolean[here.length];
    for (int at = 0; at < pattern.length(); at++) {
      if (here[at]) {
        switch (pattern.charAt(at)) {
          case '*' -> next[at] = true;
          case '%' -> next[at] |= c != MailboxName.DELIMITER;
          default -> next[at + 1] |= pattern.charAt(at) == c;
        }
      }
    }
    skipWildcards(pattern, next);
    return next;
  }

  /// A wildcard also stands for nothing.
  private static void skipWildcards(String pattern, boolean[] places) {
    for (int at = 0; at < pattern.length(); at++) {
      if (places[at] && (pattern.charAt(at) == '*' || pattern.charAt(at) == '%')) {
        places[at + 1] = true;
      }
    }
  }
}
