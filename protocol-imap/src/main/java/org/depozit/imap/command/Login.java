package org.depozit.imap.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Account;
import org.depozit.wire.Connection;
import org.depozit.wire.Credentials;
import org.depozit.wire.Output;
import org.depozit.wire.SaslText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// LOGIN. RFC 9051 §6.2.3; the response codes are RFC 5530's.
record Login(byte[] user, byte[] password) implements ImapCommand {
  static final Spec SPEC = Spec.of("LOGIN", State.BEFORE_LOGIN, Login::read);

  private static final Logger LOG = LoggerFactory.getLogger(Login.class);

  private static Login read(Args args, Session session) throws IOException {
    args.sp();
    byte[] user = args.astringOctets();
    args.sp();
    byte[] password = args.astringOctets();
    args.end();
    return new Login(user, password);
  }

  @Override
  public String run(Session session) throws IOException {
    if (!session.connection().plaintextAllowed()) {
      throw Rejected.no("PRIVACYREQUIRED", "Begin TLS first");
    }
    Optional<String> name = SaslText.identity(user, session.limits());
    Optional<char[]> secret = SaslText.password(password, session.limits());
    Arrays.fill(password, (byte) 0);
    // What can be nobody's name or password fails as any other wrong one does.
    try (Credentials credentials =
        new Credentials("", name.orElse(""), secret.orElseGet(() -> new char[0]))) {
      return present(session, credentials);
    }
  }

  /// Verifies credentials, for LOGIN and AUTHENTICATE alike. The same words meet an unknown user
  /// and a wrong password.
  ///
  /// @return the text of the tagged OK, which bears the capabilities, so that nobody has to ask for
  ///   them
  static String present(Session session, Credentials credentials) throws IOException {
    Connection connection = session.connection();
    connection.awaitLogIn();
    Optional<Account> account = session.store().login(credentials.user(), credentials.password());
    if (account.isEmpty()) {
      connection.logInFailed(credentials);
      session.logInFailed();
      LOG.info("{}: log-in of {} failed", connection, Output.oneLine(credentials.user()));
      throw Rejected.no("AUTHENTICATIONFAILED", "Authentication failed");
    }
    if (credentials.actsForAnother()) {
      session.logInFailed();
      throw Rejected.no("AUTHORIZATIONFAILED", "You may act for yourself only");
    }
    String name = account.get().name();
    if (!connection.logIn(name)) {
      throw Rejected.no("LIMIT", "Too many sessions of this user");
    }
    session.loggedIn(account.get());
    LOG.info("{}: {} has logged in", connection, Output.oneLine(name));
    return "[CAPABILITY " + Capabilities.of(session) + "] Logged in";
  }
}
