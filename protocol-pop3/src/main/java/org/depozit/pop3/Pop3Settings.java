package org.depozit.pop3;

import java.time.Duration;

/// What an administrator may choose about POP3. Bounds are not here but in
/// [org.depozit.wire.Limits].
///
/// @param seenOnRetr whether RETR sets `\Seen` for the IMAP clients of the same mailbox; default
///   no: a download client has fetched the mail, nobody has read it
/// @param nulAs80 whether a NUL in a message is sent as 0x80, for clients that stop at one
///   (Outlook); default no: exact octets
/// @param blankLineAfterHeader whether a message without a blank line after its header gets one,
///   for clients that otherwise wait for it (Outlook Express, Netscape); the sizes of LIST do not
///   count it; default no
/// @param last whether LAST of RFC 1460 is spoken; default yes
/// @param refuseUtf8 whether RETR and TOP answer `-ERR [UTF8]` for a message with UTF-8 in its
///   header as long as the client has not sent UTF8, as RFC 6856 §2.1 demands; default no: hardly a
///   client sends UTF8, and a maildrop that cannot be emptied is worse than octets that every
///   client has been sent since 8BITMIME
/// @param loginDelay how long after a log-in the same user's next one is refused with
///   `[LOGIN-DELAY]`, in whole seconds; CAPA announces just this (RFC 2449 §6.5); default 0: at
///   once
public record Pop3Settings(
    boolean seenOnRetr,
    boolean nulAs80,
    boolean blankLineAfterHeader,
    boolean last,
    boolean refuseUtf8,
    Duration loginDelay) {
  /// The documented defaults.
  public static final Pop3Settings DEFAULTS =
      new Pop3Settings(false, false, false, true, false, Duration.ZERO);

  /// Refuses a negative delay.
  public Pop3Settings {
    if (loginDelay.isNegative()) {
      throw new IllegalArgumentException("a login delay of " + loginDelay + " is in the past");
    }
  }

  /// The same, with RETR setting `\Seen` or not.
  public Pop3Settings withSeenOnRetr(boolean wanted) {
    return new Pop3Settings(wanted, nulAs80, blankLineAfterHeader, last, refuseUtf8, loginDelay);
  }

  /// The same, with NUL sent as 0x80 or as itself.
  public Pop3Settings withNulAs80(boolean wanted) {
    return new Pop3Settings(seenOnRetr, wanted, blankLineAfterHeader, last, refuseUtf8, loginDelay);
  }

  /// The same, with a blank line put behind a header that has none, or not.
  public Pop3Settings withBlankLineAfterHeader(boolean wanted) {
    return new Pop3Settings(seenOnRetr, nulAs80, wanted, last, refuseUtf8, loginDelay);
  }

  /// The same, with LAST spoken or unknown.
  public Pop3Settings withLast(boolean wanted) {
    return new Pop3Settings(
        seenOnRetr, nulAs80, blankLineAfterHeader, wanted, refuseUtf8, loginDelay);
  }

  /// The same, with messages in UTF-8 refused to those who have not sent UTF8, or not.
  public Pop3Settings withRefuseUtf8(boolean wanted) {
    return new Pop3Settings(seenOnRetr, nulAs80, blankLineAfterHeader, last, wanted, loginDelay);
  }

  /// The same, with another delay between log-ins.
  public Pop3Settings withLoginDelay(Duration delay) {
    return new Pop3Settings(seenOnRetr, nulAs80, blankLineAfterHeader, last, refuseUtf8, delay);
  }
}
