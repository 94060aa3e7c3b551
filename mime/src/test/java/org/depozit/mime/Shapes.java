package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

/// What holds for every structure, whatever the mail.
final class Shapes {
  private Shapes() {}

  /// Places nest, follow each other, and stay within the content.
  static void holds(BodyStructure root, long length) {
    assertThat(root.part().headerFrom()).isZero();
    assertThat(root.part().bodyTo()).isEqualTo(length);
    within(root, 0, length);
  }

  private static void within(BodyStructure structure, long from, long to) {
    Part part = structure.part();
    assertThat(part.headerFrom()).isBetween(from, to);
    assertThat(part.bodyFrom()).isBetween(part.headerFrom(), to);
    assertThat(part.bodyTo()).isBetween(part.bodyFrom(), to);
    switch (structure) {
      case BodyStructure.Multipart(Part _, var parts) -> {
        long at = part.bodyFrom();
        for (BodyStructure child : parts) {
          within(child, at, part.bodyTo());
          at = child.part().bodyTo();
        }
      }
      case BodyStructure.Message(Part _, Envelope _, BodyStructure message, long _) -> {
        assertThat(message.part().headerFrom()).isEqualTo(part.bodyFrom());
        assertThat(message.part().bodyTo()).isEqualTo(part.bodyTo());
        within(message, part.bodyFrom(), part.bodyTo());
      }
      case BodyStructure.Text _, BodyStructure.Basic _ -> {}
    }
  }

  /// The number of parts, holders included.
  static int count(BodyStructure structure) {
    return 1
        + switch (structure) {
          case BodyStructure.Multipart(Part _, var parts) ->
              parts.stream().mapToInt(Shapes::count).sum();
          case BodyStructure.Message(Part _, Envelope _, BodyStructure message, long _) ->
              count(message);
          case BodyStructure.Text _, BodyStructure.Basic _ -> 0;
        };
  }

  /// The tree in short: `mixed(text/plain,alternative(text/plain,text/html))`.
  static String shape(BodyStructure structure) {
    return switch (structure) {
      case BodyStructure.Multipart(Part part, var parts) ->
          part.subtype() + parts.stream().map(Shapes::shape).toList();
      case BodyStructure.Message(Part part, Envelope _, BodyStructure message, long _) ->
          part.mediaType() + '{' + shape(message) + '}';
      case BodyStructure.Text(Part part, long _) -> part.mediaType();
      case BodyStructure.Basic(Part part) -> part.mediaType();
    };
  }
}
