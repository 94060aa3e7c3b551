package org.depozit.lmtp;

/// A mailbox of an envelope. RFC 5321 §4.1.2, RFC 6531 §3.3.
///
/// @param localPart without quotes and backslashes; may be empty (`""@example.org`)
/// @param domain or address literal with its brackets; empty if the address has none, as local mail
///   servers send them
record MailAddress(String localPart, String domain) {
  private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

  /// Whether a character may stand in an atom: letters, digits, some signs, and all beyond ASCII.
  static boolean atext(int c) {
    return alphanumeric(c) || ATEXT.indexOf(c) >= 0 || c >= 0x80;
  }

  /// Whether a character is a letter or digit of ASCII.
  static boolean alphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /// The address as accounts are looked up by: nothing quoted.
  String plain() {
    return domain.isEmpty() ? localPart : localPart + "@" + domain;
  }

  /// The address as it stands in a path or a header: quoted where it must be, and only there.
  String quoted() {
    String local = dotString() ? localPart : quotedString();
    return domain.isEmpty() ? local : local + "@" + domain;
  }

  /// Whether it can be written in ASCII.
  boolean ascii() {
    return plain().chars().allMatch(c -> c < 0x80);
  }

  private boolean dotString() {
    return !localPart.isEmpty() && localPart.chars().allMatch(c -> atext(c) || c == '.');
  }

  private String quotedString() {
    return '"' + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
