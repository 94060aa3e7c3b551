package org.depozit.pop3;

/// The extended response codes of an `-ERR`. RFC 2449 §8, RFC 3206 §4 and §5, RFC 6856 §5.
enum ResponseCode {
  /// The maildrop is locked by another session. RFC 2449 §8.1.2.
  IN_USE("IN-USE"),
  /// The user has logged in a moment ago. RFC 2449 §8.1.1.
  LOGIN_DELAY("LOGIN-DELAY"),
  /// The credentials are wrong, and nothing else is. RFC 3206 §5.
  AUTH("AUTH"),
  /// Trouble that will pass. RFC 3206 §4.
  SYS_TEMP("SYS/TEMP"),
  /// Trouble that wants an administrator. RFC 3206 §4.
  SYS_PERM("SYS/PERM"),
  /// The message holds UTF-8, and the client has not sent UTF8. RFC 6856 §5.
  UTF8("UTF8");

  private final String word;

  ResponseCode(String word) {
    this.word = word;
  }

  /// The code as it stands between the brackets.
  String word() {
    return word;
  }
}
