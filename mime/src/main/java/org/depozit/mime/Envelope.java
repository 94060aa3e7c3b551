package org.depozit.mime;

import java.util.List;
import java.util.Optional;

/// What IMAP's ENVELOPE tells of a message (RFC 3501 §7.4.2), in seven bits.
///
/// A field that the header lacks is empty here and NIL there; a field that is there with nothing in
/// it is the empty text. Folded lines are unfolded. Encoded-words are left as they were sent. Text
/// that was sent in raw eight bits is read as UTF-8, or else in the character set of the message's
/// Content-Type, or else as windows-1252, and shown as encoded-words of RFC 2047 in UTF-8, word by
/// word; a raw host name becomes its A-label. Control characters become spaces. `sender` and
/// `replyTo` are `from` where the header lacks them.
public record Envelope(
    Optional<String> date,
    Optional<String> subject,
    List<Address> from,
    List<Address> sender,
    List<Address> replyTo,
    List<Address> to,
    List<Address> cc,
    List<Address> bcc,
    Optional<String> inReplyTo,
    Optional<String> messageId) {

  /// The envelope of a message without a header.
  public static final Envelope EMPTY =
      new Envelope(
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty());

  /// Copies the lists.
  public Envelope {
    from = List.copyOf(from);
    sender = List.copyOf(sender);
    replyTo = List.copyOf(replyTo);
    to = List.copyOf(to);
    cc = List.copyOf(cc);
    bcc = List.copyOf(bcc);
  }

  /// The parenthesised form that follows `ENVELOPE ` in a FETCH answer: one line, seven bits, no
  /// literals.
  public byte[] rendered() {
    return new Rendering().envelope(this).bytes();
  }
}
