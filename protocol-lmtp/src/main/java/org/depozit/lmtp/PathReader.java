package org.depozit.lmtp;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads the path of MAIL and RCPT. RFC 5321 §4.1.2; characters beyond ASCII by RFC 6531 §3.3.
///
/// Kinder than the grammar where mail would otherwise be lost: dots may stand anywhere in a local
/// part, underscores in a domain, and a forward path may lack its domain. Source routes are read
/// and forgotten (RFC 5321 appendix C).
final class PathReader {
  /// Octets of a path, so that a trace header made of it stays within a line. RFC 5322 §2.1.1.
  private static final int LONGEST = 900;

  private final String text;
  private int position;

  /// A reader at the beginning of a path.
  ///
  /// @param text without control characters
  PathReader(String text) {
    this.text = text;
  }

  /// What MAIL gives.
  ///
  /// @param sender empty for the null path, `<>`
  record ReversePath(Optional<MailAddress> sender) {}

  /// What MAIL gives.
  ///
  /// @return empty if it is no path
  Optional<ReversePath> reverse() {
    if (text.startsWith("<>")) {
      position = 2;
      return Optional.of(new ReversePath(Optional.empty()));
    }
    return path().map(sender -> new ReversePath(Optional.of(sender)));
  }

  /// What RCPT gives.
  ///
  /// @return empty if it is no path
  Optional<MailAddress> forward() {
    return path();
  }

  /// What follows the path.
  String rest() {
    return text.substring(position);
  }

  private Optional<MailAddress> path() {
    if (!accept('<') || !sourceRoute()) {
      return Optional.empty();
    }
    int from = position;
    Optional<String> local = peek() == '"' ? quotedString() : dotString();
    if (local.isEmpty()) {
      return Optional.empty();
    }
    String domain = "";
    if (accept('@')) {
      domain = domain().orElse("");
      if (domain.isEmpty()) {
        return Optional.empty();
      }
    }
    int octets = text.substring(from, position).getBytes(StandardCharsets.UTF_8).length;
    boolean some = !local.get().isEmpty() || !domain.isEmpty();
    return some && octets <= LONGEST && accept('>')
        ? Optional.of(new MailAddress(local.get(), domain))
        : Optional.empty();
  }

  /// `@a,@b:` before the address; false if there is half of one.
  private boolean sourceRoute() {
    if (peek() != '@') {
      return true;
    }
    do {
      if (!accept('@') || domain().isEmpty()) {
        return false;
      }
    } while (accept(','));
    return accept(':');
  }

  private Optional<String> dotString() {
    int from = position;
    while (MailAddress.atext(peek()) || peek() == '.') {
      position++;
    }
    return position > from ? Optional.of(text.substring(from, position)) : Optional.empty();
  }

  private Optional<String> quotedString() {
    StringBuilder local = new StringBuilder();
    position++;
    while (peek() != '"') {
      if (peek() == '\\') {
        position++;
      }
      if (peek() < 0) {
        return Optional.empty();
      }
      local.append(text.charAt(position++));
    }
    position++;
    return Optional.of(local.toString());
  }

  private Optional<String> domain() {
    int from = position;
    if (accept('[')) {
      while (peek() > ' ' && peek() < 0x7f && "[]\\<>".indexOf(peek()) < 0) {
        position++;
      }
      return accept(']') && position > from + 2
          ? Optional.of(text.substring(from, position))
          : Optional.empty();
    }
    while (MailAddress.alphanumeric(peek()) || "-._".indexOf(peek()) >= 0 || peek() >= 0x80) {
      position++;
    }
    return Optional.of(text.substring(from, position)).filter(PathReader::labelled);
  }

  /// Whether each label of a domain is something.
  private static boolean labelled(String domain) {
    return !domain.isEmpty()
        && !domain.startsWith(".")
        && !domain.endsWith(".")
        && !domain.contains("..");
  }

  private boolean accept(char wanted) {
    boolean there = peek() == wanted;
    if (there) {
      position++;
    }
    return there;
  }

  /// The next character, or -1 at the end.
  private int peek() {
    return position < text.length() ? text.charAt(position) : -1;
  }
}
