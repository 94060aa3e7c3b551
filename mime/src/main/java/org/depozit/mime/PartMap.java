package org.depozit.mime;

import java.util.Optional;

/// Where a section of a message stands in its content (RFC 3501 §6.4.5), so that FETCH slices and
/// never parses.
public final class PartMap {
  private PartMap() {}

  /// What of a part is asked for: `BODY[1]`, `BODY[1.MIME]`, `BODY[1.HEADER]`, `BODY[1.TEXT]`.
  public enum Kind {
    /// The whole: of the message header and body, of a part its body.
    WHOLE,
    /// A part's own header.
    MIME,
    /// The header of the message, or of the message that a part holds.
    HEADER,
    /// The body of the message, or of the message that a part holds.
    TEXT
  }

  /// Where the section stands in the content of the message with the structure `root`; empty if
  /// there is no such section, which is answered NIL.
  ///
  /// @param part part numbers from 1, outermost first; none for the message itself
  public static Optional<Range> section(BodyStructure root, int[] part, Kind kind) {
    return part.length == 0
        ? ofMessage(root, kind)
        : find(root, part).flatMap(found -> ofPart(found, kind));
  }

  /// The part with the numbers `part`, if there is one; the message itself for none.
  public static Optional<BodyStructure> find(BodyStructure root, int[] part) {
    Optional<BodyStructure> found = Optional.of(root);
    for (int i = 0; i < part.length && found.isPresent(); i++) {
      int number = part[i];
      found = i == 0 ? numbered(root, number) : inside(found.get(), number);
    }
    return found;
  }

  private static Optional<BodyStructure> inside(BodyStructure holder, int number) {
    return switch (holder) {
      case BodyStructure.Multipart multipart -> numbered(multipart, number);
      case BodyStructure.Message message -> numbered(message.message(), number);
      case BodyStructure.Text _, BodyStructure.Basic _ -> Optional.empty();
    };
  }

  /// A message that is no multipart has one part, its body.
  private static Optional<BodyStructure> numbered(BodyStructure message, int number) {
    return switch (message) {
      case BodyStructure.Multipart(Part _, var parts) ->
          number >= 1 && number <= parts.size()
              ? Optional.of(parts.get(number - 1))
              : Optional.empty();
      case BodyStructure.Message _, BodyStructure.Text _, BodyStructure.Basic _ ->
          number == 1 ? Optional.of(message) : Optional.empty();
    };
  }

  private static Optional<Range> ofMessage(BodyStructure message, Kind kind) {
    Part part = message.part();
    return switch (kind) {
      case WHOLE -> Optional.of(new Range(part.headerFrom(), part.bodyTo()));
      case HEADER -> Optional.of(part.header());
      case TEXT -> Optional.of(part.body());
      case MIME -> Optional.empty();
    };
  }

  private static Optional<Range> ofPart(BodyStructure found, Kind kind) {
    return switch (kind) {
      case WHOLE -> Optional.of(found.part().body());
      case MIME -> Optional.of(found.part().header());
      case HEADER, TEXT ->
          found instanceof BodyStructure.Message held
              ? ofMessage(held.message(), kind)
              : Optional.empty();
    };
  }
}
