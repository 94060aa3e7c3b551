package org.depozit.wire;

import java.util.function.Function;

/// A SASL mechanism (RFC 4422 §3) as a server offers it.
///
/// @param name its registered name, in capitals
/// @param passwordInClear whether it sends the password itself, so that it is offered only where
///   [Connection#plaintextAllowed()]
/// @param start makes the conversation of one exchange
public record Mechanism(
    String name, boolean passwordInClear, Function<Limits, Conversation> start) {
  /// One exchange, from its first step to its end. Belongs to one thread.
  public interface Conversation {
    /// The first step when the client has sent no initial response.
    Step first();

    /// The step that follows a response of the client, the initial one included.
    Step next(byte[] response);
  }

  /// What the server does next.
  public sealed interface Step {
    /// Sends octets, perhaps none, and waits for a response.
    final class Challenge implements Step {
      private final byte[] octets;

      /// A challenge of these octets, not yet in base64.
      public Challenge(byte[] octets) {
        this.octets = octets.clone();
      }

      /// The octets, not yet in base64.
      public byte[] octets() {
        return octets.clone();
      }
    }

    /// Has the client's name and password, to be verified by the caller.
    record Presented(Credentials credentials) implements Step {}

    /// Cannot go on: the client's response breaks the mechanism's rules.
    ///
    /// @param reason for people, fit to be shown
    record Refused(String reason) implements Step {}
  }
}
