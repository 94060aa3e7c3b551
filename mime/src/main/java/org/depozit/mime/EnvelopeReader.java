package org.depozit.mime;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;

/// Makes an [Envelope] and a [HeaderText] from a header.
final class EnvelopeReader {
  private final Header header;
  private final MimeLimits limits;
  private final Charset raw;

  /// Reads `header`, in which the Content-Type is `type`, or which has none.
  EnvelopeReader(Header header, MediaType type, MimeLimits limits) {
    this.header = header;
    this.limits = limits;
    this.raw = type.headerCharset();
  }

  /// The envelope (RFC 3501 §7.4.2).
  Envelope envelope() {
    List<Address> from = addresses("From");
    return new Envelope(
        shown("Date"),
        shown("Subject"),
        from,
        orFrom(addresses("Sender"), from),
        orFrom(addresses("Reply-To"), from),
        addresses("To"),
        addresses("Cc"),
        addresses("Bcc"),
        shown("In-Reply-To"),
        shown("Message-ID"));
  }

  /// The decoded fields.
  HeaderText text() {
    return new HeaderText(
        decoded("From", ", "),
        decoded("Sender", ", "),
        decoded("Reply-To", ", "),
        decoded("To", ", "),
        decoded("Cc", ", "),
        decoded("Bcc", ", "),
        decoded("Subject", " "));
  }

  private static List<Address> orFrom(List<Address> addresses, List<Address> from) {
    return addresses.isEmpty() ? from : addresses;
  }

  private List<Address> addresses(String name) {
    return header
        .joined(name, ", ")
        .map(text -> AddressScanner.addresses(text, raw, limits))
        .orElse(List.of());
  }

  private Optional<String> shown(String name) {
    return header.first(name).map(value -> FieldText.shown(value, raw, limits.textOctets()));
  }

  private Optional<String> decoded(String name, String separator) {
    return header.joined(name, separator).map(value -> FieldText.decoded(value, raw));
  }
}
