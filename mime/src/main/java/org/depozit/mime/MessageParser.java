package org.depozit.mime;

import java.util.List;

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
    EnvelopeReader fields = new EnvelopeReader(header, limits);
    HeaderText text = fields.text();
    return new ParsedMessage(
        fields.envelope(),
        message.structure(),
        text,
        header.first("Date").flatMap(DateField::of),
        header.first("Message-ID").flatMap(id -> MessageIds.in(id, 1).stream().findFirst()),
        ids(header, "In-Reply-To"),
        ids(header, "References"),
        BaseSubject.of(text.subject().orElse("")));
  }

  private List<String> ids(Header header, String name) {
    return header
        .joined(name, " ")
        .map(value -> MessageIds.in(value, limits.references()))
        .orElse(List.of());
  }
}
