package org.depozit.mime;

import java.util.List;
import java.util.Optional;

/// Reads a message once, at delivery: envelope, structure with the place of every part, decoded
/// header text, dates and ids.
///
/// Anything is mail: it never fails for what the octets are, and takes time in proportion to their
/// number. Bodies are only looked through for boundaries; in the heap stand the headers within
/// [MimeLimits] and a buffer. A parser holds no state; any number of threads may use it.
public final class MessageParser {
  private final MimeLimits limits;

  /// A parser with the standard bounds.
  public MessageParser() {
    this(MimeLimits.STANDARD);
  }

  /// A parser with the bounds `limits`.
  public MessageParser(MimeLimits limits) {
    this.limits = limits;
  }

  /// Reads the message `content`, line ends as [Crlf] left them.
  public ParsedMessage parse(Octets content) {
    StructureScanner.Entity message = new StructureScanner(content, limits).message();
    Header header = message.header();
    EnvelopeReader fields = new EnvelopeReader(header, message.type(), limits);
    HeaderText text = fields.text();
    return new ParsedMessage(
        fields.envelope(),
        message.structure(),
        text,
        header.first("Date").flatMap(DateField::of),
        ids(header.first("Message-ID"), 1).stream().findFirst(),
        ids(header.joined("In-Reply-To", " "), limits.references()),
        ids(header.joined("References", " "), limits.references()),
        BaseSubject.of(text.subject().orElse("")));
  }

  private static List<String> ids(Optional<String> value, int limit) {
    return value.isPresent() ? MessageIds.in(value.get(), limit) : List.of();
  }
}
