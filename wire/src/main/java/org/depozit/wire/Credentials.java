package org.depozit.wire;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// What a peer has shown to log in: a name, a password, and perhaps whose mail it wants.
///
/// The password is wiped by [#close()]; nothing else here shows it. Belongs to one thread.
public final class Credentials implements AutoCloseable {
  private final String authorizationId;
  private final String user;
  private final char[] password;

  /// Credentials of LOGIN, of USER and PASS, or of a SASL mechanism.
  ///
  /// @param authorizationId as whom to act (RFC 4422 §2); empty for the user
  /// @param user the authentication identity
  /// @param password kept, not copied, and wiped by [#close()]
  public Credentials(String authorizationId, String user, char[] password) {
    this.authorizationId = authorizationId;
    this.user = user;
    this.password = password;
  }

  /// As whom to act; empty for the user.
  public String authorizationId() {
    return authorizationId;
  }

  /// The user's name, as it came.
  public String user() {
    return user;
  }

  /// Whether the user asks to act as someone else (RFC 4616 §2), which needs a right of its own.
  public boolean actsForAnother() {
    return !authorizationId.isEmpty() && !authorizationId.equals(user);
  }

  /// The password itself, not a copy: not to be used after [#close()].
  public char[] password() {
    return password;
  }

  /// Wipes the password.
  @Override
  public void close() {
    Arrays.fill(password, '\0');
  }

  void digestInto(MessageDigest digest) {
    digest.update(user.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(StandardCharsets.UTF_8.encode(CharBuffer.wrap(password)));
  }

  /// The user's name on one line, never the password.
  @Override
  public String toString() {
    return "Credentials of " + Output.oneLine(user);
  }
}
