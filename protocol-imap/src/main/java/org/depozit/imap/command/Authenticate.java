package org.depozit.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.wire.Credentials;
import org.depozit.wire.LineTooLong;
import org.depozit.wire.Mechanism;
import org.depozit.wire.Sasl;

/// AUTHENTICATE. RFC 9051 §6.2.2, with the initial response of RFC 4959 §3.
record Authenticate(String mechanism, Optional<String> initial) implements ImapCommand {
  static final Spec SPEC =
      Spec.of("AUTHENTICATE", State.BEFORE_LOGIN, Authenticate::read, "SASL-IR");

  private static Authenticate read(Args args, Session session) throws IOException {
    args.sp();
    String mechanism = args.word();
    Optional<String> initial = args.acceptSp() ? Optional.of(args.atom()) : Optional.empty();
    args.end();
    return new Authenticate(mechanism, initial);
  }

  @Override
  public String run(Session session) throws IOException {
    Mechanism chosen =
        Sasl.named(mechanism).orElseThrow(() -> Rejected.no("CANNOT", "No such mechanism here"));
    if (!Sasl.offered(session.connection()).contains(chosen)) {
      throw Rejected.no("PRIVACYREQUIRED", "Begin TLS first");
    }
    Sasl.Outcome outcome =
        Sasl.run(chosen, initial, session.limits(), challenge -> answer(session, challenge));
    return switch (outcome) {
      case Sasl.Outcome.Presented(Credentials credentials) -> presented(session, credentials);
      case Sasl.Outcome.Cancelled _ -> throw Rejected.bad("Cancelled");
      case Sasl.Outcome.Malformed(String reason) -> throw Rejected.bad("Malformed: " + reason);
    };
  }

  private static String presented(Session session, Credentials credentials) throws IOException {
    try (credentials) {
      return Login.present(session, credentials);
    }
  }

  private static byte[] answer(Session session, String challenge) throws IOException {
    session.responses().proceed(challenge);
    try {
      return session
          .connection()
          .input()
          .line(session.limits().saslLine())
          .orElseThrow(() -> new IOException("the peer left while authenticating"));
    } catch (LineTooLong _) {
      throw Rejected.bad("TOOBIG", "Response too long");
    }
  }

  /// The mechanism alone: the initial response may hold a password.
  @Override
  public String toString() {
    return "AUTHENTICATE " + mechanism;
  }
}
