package org.depozit.mime;

import java.util.List;

/// The tree of a message's parts (RFC 3501 §7.4.2, BODYSTRUCTURE), with the place of each in the
/// content.
///
/// The ranges nest: a part's header and body lie inside the body of what holds it. The root's
/// header starts at 0.
public sealed interface BodyStructure {

  /// What every kind of part has.
  Part part();

  /// multipart/*: at least one part. A multipart in which no boundary was found has one text/plain
  /// that covers its body.
  record Multipart(Part part, List<BodyStructure> parts) implements BodyStructure {

    /// Copies the list.
    public Multipart {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("a multipart has a part");
      }
    }
  }

  /// text/*, with the number of lines in its encoded body; a last line without an end counts.
  record Text(Part part, long lines) implements BodyStructure {}

  /// message/rfc822: a message in a message, with its own envelope and structure.
  record Message(Part part, Envelope envelope, BodyStructure message, long lines)
      implements BodyStructure {}

  /// Every other type.
  record Basic(Part part) implements BodyStructure {}

  /// The parenthesised form of BODYSTRUCTURE (`extended`) or of BODY (not): one line, seven bits,
  /// no literals.
  default byte[] rendered(boolean extended) {
    return new Rendering().structure(this, extended).bytes();
  }

  /// A compact form for the store, with a version and a checksum.
  default byte[] encode() {
    return StructureCodec.encode(this);
  }

  /// The structure that [#encode()] made `encoded` from.
  ///
  /// @throws MalformedStructureException if `encoded` is damaged or of a version not known: parse
  ///   the content again
  static BodyStructure decode(byte[] encoded) throws MalformedStructureException {
    return StructureCodec.decode(encoded);
  }
}
