package org.depozit.mime;

import java.util.Optional;

/// The decoded text of the fields that search asks for most: whole fields, unfolded, encoded-words
/// and raw eight bits decoded. A field that stands more than once is joined, addresses with `, `,
/// the subject with a space. Empty where the header lacks the field. Not case-folded.
public record HeaderText(
    Optional<String> from,
    Optional<String> sender,
    Optional<String> replyTo,
    Optional<String> to,
    Optional<String> cc,
    Optional<String> bcc,
    Optional<String> subject) {

  /// The text of no header.
  public static final HeaderText NONE =
      new HeaderText(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
}
