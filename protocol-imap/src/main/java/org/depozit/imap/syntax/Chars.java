package org.depozit.imap.syntax;

/// The character classes of RFC 9051 §9, as predicates over octets.
final class Chars {
  private Chars() {}

  /// `DIGIT`
  static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  /// `ATOM-CHAR = <any CHAR except atom-specials>`
  static boolean atom(int c) {
    return c > ' ' && c < 0x7F && "(){%*\"\\]".indexOf(c) < 0;
  }

  /// `ASTRING-CHAR = ATOM-CHAR / resp-specials`
  static boolean astring(int c) {
    return atom(c) || c == ']';
  }

  /// `list-char = ATOM-CHAR / list-wildcards / resp-specials`
  static boolean list(int c) {
    return astring(c) || c == '%' || c == '*';
  }

  /// The characters of the grammar's own names.
  static boolean word(int c) {
    return digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '.' || c == '-' || c == '_';
  }
}
