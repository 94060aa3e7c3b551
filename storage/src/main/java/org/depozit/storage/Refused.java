package org.depozit.storage;

/// The store says no: what the caller asked for cannot be done, and nothing of it was done.
/// Protocols turn the [Reason] into their own form (IMAP response codes of RFC 5530, POP3's of RFC
/// 2449 and 3206, LMTP's of RFC 3463). The message is for people, one line, and never holds client
/// text.
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why the store said no.
  public enum Reason {
    /// The mailbox or account is not there (or no longer).
    NONEXISTENT,
    /// A mailbox or account of that name is there already.
    ALREADY_EXISTS,
    /// It can never be done: a bad name, INBOX deleted, and the like.
    CANNOT,
    /// A bound of [StoreLimits] would be passed.
    LIMIT,
    /// The message is larger than [StoreLimits#messageOctets].
    TOO_BIG,
    /// The mailbox has children and is itself not selectable.
    HAS_CHILDREN,
    /// The account's or the disk's space is used up.
    OVER_QUOTA,
    /// Somebody else holds the maildrop.
    IN_USE,
    /// The store cannot write now (disk failure, shutting down); try later.
    UNAVAILABLE
  }

  private final Reason reason;

  /// @param reason why
  /// @param message one line for people, without client text
  public Refused(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// @param reason why
  /// @param message one line for people, without client text
  /// @param cause what stopped the store; goes to the log, never to a client
  public Refused(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /// Why the store said no.
  public Reason reason() {
    return reason;
  }
}
