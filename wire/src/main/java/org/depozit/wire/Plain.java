package org.depozit.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// PLAIN (RFC 4616): `[authzid] NUL authcid NUL passwd`, in one response.
record Plain(Limits limits) implements Mechanism.Conversation {
  static final Mechanism MECHANISM = new Mechanism("PLAIN", true, Plain::new);

  @Override
  public Mechanism.Step first() {
    return new Mechanism.Step.Challenge(new byte[0]);
  }

  @Override
  public Mechanism.Step next(byte[] response) {
    List<byte[]> parts = parts(response);
    if (parts.size() != 3) {
      return new Mechanism.Step.Refused("PLAIN wants authzid NUL user NUL password");
    }
    Optional<String> authorizationId = SaslText.identity(parts.get(0), limits);
    Optional<String> user = SaslText.identity(parts.get(1), limits).filter(name -> !name.isEmpty());
    Optional<char[]> password = SaslText.password(parts.get(2), limits);
    Arrays.fill(response, (byte) 0);
    Arrays.fill(parts.get(2), (byte) 0);
    return authorizationId.isPresent() && user.isPresent() && password.isPresent()
        ? new Mechanism.Step.Presented(
            new Credentials(authorizationId.get(), user.get(), password.get()))
        : new Mechanism.Step.Refused("a name or password is empty, too long or not UTF-8");
  }

  private static List<byte[]> parts(byte[] response) {
    List<byte[]> parts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= response.length; i++) {
      if (i == response.length || response[i] == 0) {
        parts.add(Arrays.copyOfRange(response, from, i));
        from = i + 1;
        if (parts.size() > 3) {
          break;
        }
      }
    }
    return parts;
  }
}
