package org.depozit.mime;

import java.util.List;
import java.util.Optional;

/// All that is read from a message's content, once, at delivery.
///
/// @param envelope what ENVELOPE tells
/// @param structure the tree of parts, with their places
/// @param text decoded header fields for search
/// @param sent the Date field, if there is one that can be read
/// @param messageId the Message-ID with its angle brackets, quoting taken off (RFC 5256 §2.2)
/// @param inReplyTo the message-ids of In-Reply-To
/// @param references the message-ids of References, oldest first
/// @param baseSubject the subject for threads and sorting
public record ParsedMessage(
    Envelope envelope,
    BodyStructure structure,
    HeaderText text,
    Optional<SentDate> sent,
    Optional<String> messageId,
    List<String> inReplyTo,
    List<String> references,
    BaseSubject baseSubject) {

  /// Copies the lists.
  public ParsedMessage {
    inReplyTo = List.copyOf(inReplyTo);
    references = List.copyOf(references);
  }
}
