package org.depozit.lmtp;

import java.util.Optional;
import java.util.OptionalLong;

/// A command, read. RFC 2033 §4, RFC 5321 §4.1.1, RFC 3207 §4.
sealed interface LmtpCommand {
  /// Reads a line.
  ///
  /// @param line without its end
  /// @throws Rejected if it is no command, or its arguments are not
  static LmtpCommand read(byte[] line) throws Rejected {
    return CommandLine.of(line).command();
  }

  /// LHLO. RFC 2033 §4.1.
  ///
  /// @param client the name or address literal that the client goes by, fit for a header
  record Lhlo(String client) implements LmtpCommand {}

  /// HELO or EHLO, which RFC 2033 §4.1 wants refused, so that a mistaken configuration shows.
  record Helo() implements LmtpCommand {}

  /// MAIL FROM. RFC 5321 §4.1.1.2, with the parameters of RFC 1870 §6, RFC 6152 §2 and RFC 6531
  /// §3.4.
  ///
  /// @param sender empty for the null path
  /// @param size what SIZE declares
  /// @param utf8 whether SMTPUTF8 is given
  record Mail(Optional<MailAddress> sender, OptionalLong size, boolean utf8)
      implements LmtpCommand {}

  /// RCPT TO. RFC 5321 §4.1.1.3.
  record Rcpt(MailAddress recipient) implements LmtpCommand {}

  /// DATA. RFC 5321 §4.1.1.4, RFC 2033 §4.2.
  record Data() implements LmtpCommand {}

  /// RSET. RFC 5321 §4.1.1.5.
  record Rset() implements LmtpCommand {}

  /// NOOP. RFC 5321 §4.1.1.9.
  record Noop() implements LmtpCommand {}

  /// VRFY. RFC 5321 §4.1.1.6. What is asked for is not kept: the answer is the same for all.
  record Vrfy() implements LmtpCommand {}

  /// HELP. RFC 5321 §4.1.1.8.
  record Help() implements LmtpCommand {}

  /// STARTTLS. RFC 3207 §4.
  record StartTls() implements LmtpCommand {}

  /// QUIT. RFC 5321 §4.1.1.10.
  record Quit() implements LmtpCommand {}
}
