package org.depozit.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The server's side of SASL (RFC 4422), as IMAP's AUTHENTICATE and POP3's AUTH share it.
///
/// A new mechanism is a file with a [Mechanism.Conversation], and a line in [#MECHANISMS].
public final class Sasl {
  /// Every mechanism there is, the best first.
  public static final List<Mechanism> MECHANISMS = List.of(Plain.MECHANISM, SaslLogin.MECHANISM);

  private Sasl() {}

  /// How an exchange ended.
  public sealed interface Outcome {
    /// The client has shown credentials. Whoever takes them verifies and closes them.
    record Presented(Credentials credentials) implements Outcome {}

    /// The client has sent `*` (RFC 4422 §3.5): BAD in IMAP, -ERR in POP3.
    record Cancelled() implements Outcome {}

    /// Not base64, or not what the mechanism wants: BAD in IMAP, -ERR in POP3.
    ///
    /// @param reason for people, fit to be shown
    record Malformed(String reason) implements Outcome {}
  }

  /// How a protocol asks its client for the next response.
  @FunctionalInterface
  public interface Prompt {
    /// Sends a challenge (`+ ` and the text), flushes, and reads the answer.
    ///
    /// @param challenge in base64; empty for an empty challenge
    /// @return the client's line without its end, bounded by [Limits#saslLine()]
    byte[] answer(String challenge) throws IOException;
  }

  /// The mechanisms that this connection may use now, for CAPABILITY, CAPA and a bare AUTH.
  public static List<Mechanism> offered(Connection connection) {
    return MECHANISMS.stream()
        .filter(one -> !one.passwordInClear() || connection.plaintextAllowed())
        .toList();
  }

  /// The mechanism of a name, in any case of letters, whether or not this connection may use it.
  public static Optional<Mechanism> named(String name) {
    return MECHANISMS.stream().filter(one -> one.name().equalsIgnoreCase(name)).findAny();
  }

  /// Runs an exchange to its end.
  ///
  /// @param initial the initial response as the client wrote it: base64, or `=` for an empty one
  ///   (RFC 4959 §3, RFC 5034 §4); empty if it sent none
  /// @throws IOException if the prompt does
  public static Outcome run(
      Mechanism mechanism, Optional<String> initial, Limits limits, Prompt prompt)
      throws IOException {
    Mechanism.Conversation conversation = mechanism.start().apply(limits);
    Optional<byte[]> response = Optional.empty();
    if (initial.isPresent()) {
      response = initial(initial.get());
      if (response.isEmpty()) {
        return notBase64();
      }
    }
    Mechanism.Step step = response.map(conversation::next).orElseGet(conversation::first);
    while (step instanceof Mechanism.Step.Challenge challenge) {
      byte[] line = prompt.answer(Base64.getEncoder().encodeToString(challenge.octets()));
      if (line.length == 1 && line[0] == '*') {
        return new Outcome.Cancelled();
      }
      response = decoded(line);
      if (response.isEmpty()) {
        return notBase64();
      }
      step = conversation.next(response.get());
    }
    return outcome(step);
  }

  private static Outcome outcome(Mechanism.Step step) {
    return switch (step) {
      case Mechanism.Step.Presented(Credentials credentials) -> new Outcome.Presented(credentials);
      case Mechanism.Step.Refused(String reason) -> new Outcome.Malformed(reason);
      case Mechanism.Step.Challenge _ -> throw new IllegalStateException("not an end");
    };
  }

  private static Outcome notBase64() {
    return new Outcome.Malformed("not base64");
  }

  private static Optional<byte[]> initial(String text) {
    return text.equals("=")
        ? Optional.of(new byte[0])
        : decoded(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Decodes base64 as RFC 4648 §4 writes it and RFC 5034 §4 demands it: padded, nothing outside
  /// the alphabet, no stray bits in the last character. Encoding again tells what the JDK would let
  /// pass.
  ///
  /// @return empty if it is anything else
  public static Optional<byte[]> decoded(byte[] base64) {
    try {
      byte[] octets = Base64.getDecoder().decode(base64);
      boolean canonical = Arrays.equals(Base64.getEncoder().encode(octets), base64);
      return canonical ? Optional.of(octets) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
