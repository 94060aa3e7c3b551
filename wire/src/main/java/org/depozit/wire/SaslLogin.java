package org.depozit.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// LOGIN (draft-murchison-sasl-login-00): the name, then the password, each behind a prompt.
/// Obsolete, and what Outlook speaks; its prompts are those that clients compare with.
final class SaslLogin implements Mechanism.Conversation {
  static final Mechanism MECHANISM = new Mechanism("LOGIN", true, SaslLogin::new);

  private final Limits limits;
  private Optional<String> user = Optional.empty();

  private SaslLogin(Limits limits) {
    this.limits = limits;
  }

  @Override
  public Mechanism.Step first() {
    return challenge("Username:");
  }

  @Override
  public Mechanism.Step next(byte[] response) {
    return user.isPresent() ? password(user.get(), response) : name(response);
  }

  private Mechanism.Step name(byte[] response) {
    user = SaslText.identity(response, limits).filter(name -> !name.isEmpty());
    return user.isPresent()
        ? challenge("Password:")
        : new Mechanism.Step.Refused("the name is empty, too long or not UTF-8");
  }

  private Mechanism.Step password(String name, byte[] response) {
    Optional<char[]> password = SaslText.password(response, limits);
    Arrays.fill(response, (byte) 0);
    return password.isPresent()
        ? new Mechanism.Step.Presented(new Credentials("", name, password.get()))
        : new Mechanism.Step.Refused("the password is empty, too long or not UTF-8");
  }

  private static Mechanism.Step challenge(String text) {
    return new Mechanism.Step.Challenge(text.getBytes(StandardCharsets.US_ASCII));
  }
}
