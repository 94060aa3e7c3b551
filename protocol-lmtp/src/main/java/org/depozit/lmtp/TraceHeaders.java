package org.depozit.lmtp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// The header lines that final delivery puts above a message. RFC 5321 §4.4, RFC 3848, RFC 6531
/// §4.3; Delivered-To is what mail servers look for to find loops.
///
/// @param sender empty for the null path
/// @param client what the client has called itself in LHLO
/// @param peer its address
/// @param host this server's name
/// @param protocol LMTP and its variants, see [#protocol(boolean, boolean)]
/// @param id the transaction's, an atom
/// @param time of arrival
record TraceHeaders(
    Optional<MailAddress> sender,
    String client,
    InetAddress peer,
    String host,
    String protocol,
    String id,
    OffsetDateTime time) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.ENGLISH);

  /// The protocol's name for Received. RFC 3848 §1, RFC 6531 §4.3.
  static String protocol(boolean utf8, boolean secure) {
    return (utf8 ? "UTF8LMTP" : "LMTP") + (secure ? "S" : "");
  }

  /// The lines for one recipient's copy, with CRLF after each.
  ///
  /// @throws IllegalStateException if a control character has come in, which would make a header of
  ///   its own
  byte[] of(MailAddress recipient) {
    String lines =
        line("Return-Path: <" + sender.map(MailAddress::quoted).orElse("") + ">")
            + line("Delivered-To: " + recipient.quoted())
            + line("Received: from " + client + " (" + literal() + ")")
            + line("\tby " + host + " with " + protocol + " id " + id)
            + line("\tfor <" + recipient.quoted() + ">; " + DATE.format(time));
    return lines.getBytes(StandardCharsets.UTF_8);
  }

  private static String line(String text) {
    if (text.chars().skip(1).anyMatch(Character::isISOControl)) {
      throw new IllegalStateException("a control character in a trace header");
    }
    return text + "\r\n";
  }

  /// The peer's address literal. RFC 5321 §4.1.3.
  private String literal() {
    String address = peer.getHostAddress();
    int zone = address.indexOf('%');
    String bare = zone < 0 ? address : address.substring(0, zone);
    return peer instanceof Inet4Address ? "[" + bare + "]" : "[IPv6:" + bare + "]";
  }
}
