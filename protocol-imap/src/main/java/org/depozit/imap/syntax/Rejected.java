package org.depozit.imap.syntax;

import java.util.Optional;

/// The server says no because of what the client did: BAD for a breach of the grammar or of the
/// order of things, NO for a well-formed wish that cannot be granted. Not a fault of ours, so not
/// logged, and without a stack trace. RFC 9051 §7.1.2, §7.1.3.
public final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The tagged response that it becomes.
  public enum Status {
    /// A breach of the protocol.
    BAD,
    /// A wish that cannot be granted.
    NO
  }

  private final Status status;
  private final String code;

  private Rejected(Status status, String code, String text) {
    super(text, null, false, false);
    this.status = status;
    this.code = code;
  }

  /// BAD, without a response code.
  ///
  /// @param text for people
  public static Rejected bad(String text) {
    return new Rejected(Status.BAD, "", text);
  }

  /// BAD with a response code.
  ///
  /// @param code without brackets: `TOOBIG`
  /// @param text for people
  public static Rejected bad(String code, String text) {
    return new Rejected(Status.BAD, code, text);
  }

  /// NO with a response code. RFC 5530.
  ///
  /// @param code without brackets: `NONEXISTENT`
  /// @param text for people
  public static Rejected no(String code, String text) {
    return new Rejected(Status.NO, code, text);
  }

  /// BAD or NO.
  public Status status() {
    return status;
  }

  /// The response code, without brackets.
  public Optional<String> code() {
    return code.isEmpty() ? Optional.empty() : Optional.of(code);
  }

  /// The text for people.
  public String text() {
    return String.valueOf(getMessage());
  }
}
