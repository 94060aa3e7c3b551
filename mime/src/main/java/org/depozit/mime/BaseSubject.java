package org.depozit.mime;

/// A subject without what replies and forwards put around it (RFC 5256 §2.1).
///
/// @param text the base subject, decoded, not folded; what threads are joined and sorted by
/// @param replyOrForward whether a `Re:`, `Fwd:`, `(fwd)` or `[Fwd: …]` was taken off
public record BaseSubject(String text, boolean replyOrForward) {

  /// The base subject of the decoded subject `subject`.
  public static BaseSubject of(String subject) {
    return new BaseSubject(subject.strip(), false);
  }
}
