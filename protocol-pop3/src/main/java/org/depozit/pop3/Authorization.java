package org.depozit.pop3;

import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import org.depozit.storage.Account;
import org.depozit.storage.Maildrop;
import org.depozit.wire.Connection;
import org.depozit.wire.Credentials;
import org.depozit.wire.Mechanism;
import org.depozit.wire.Output;
import org.depozit.wire.Sasl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The AUTHORIZATION state. RFC 1939 §4: it ends with a locked maildrop, or with the session.
final class Authorization {
  private static final Logger LOG = LoggerFactory.getLogger(Authorization.class);

  private final Pop3Connection session;
  private final Connection connection;
  private final Replies replies;
  private Optional<String> user = Optional.empty();
  private Optional<Maildrop> maildrop = Optional.empty();
  private int commands;
  private int failures;

  Authorization(Pop3Connection session) {
    this.session = session;
    this.connection = session.connection();
    this.replies = session.replies();
  }

  /// Serves commands until the client has logged in. The reply to that last one is still owed: it
  /// is written by [Transaction], in whose care the maildrop then is.
  ///
  /// @return empty if the session is over
  Optional<Maildrop> run() throws IOException {
    boolean goesOn = true;
    while (goesOn && maildrop.isEmpty()) {
      goesOn = session.command(this::carryOut);
    }
    return maildrop;
  }

  private void carryOut(Pop3Command command) throws Rejected, IOException {
    if (++commands > session.limits().commandsBeforeLogIn()) {
      session.end();
      throw Rejected.because(Phrase.TOO_MANY_COMMANDS);
    }
    switch (command) {
      case Pop3Command.User(String name) -> user(name);
      case Pop3Command.Pass pass -> pass(pass.password());
      case Pop3Command.Auth auth -> auth(auth);
      case Pop3Command.Stls _ -> startTls();
      case Pop3Command.Utf8 _ -> utf8();
      case Pop3Command.Capa _ -> session.capabilities(/* loggedIn= */ false);
      case Pop3Command.Lang(Optional<String> range) -> session.language(range);
      case Pop3Command.Quit _ -> quit();
      case Pop3Command.OfTransaction _ -> throw Rejected.because(Phrase.LOGIN_FIRST);
    }
  }

  private void user(String name) throws Rejected, IOException {
    requireSafety();
    user = Optional.of(name);
    replies.ok(Phrase.NAME_NOTED);
  }

  private void pass(char[] password) throws Rejected, IOException {
    try (Credentials credentials = new Credentials("", user.orElse(""), password)) {
      requireSafety();
      if (user.isEmpty()) {
        throw Rejected.because(Phrase.USER_FIRST);
      }
      user = Optional.empty();
      logIn(credentials);
    }
  }

  private void auth(Pop3Command.Auth auth) throws Rejected, IOException {
    if (auth.mechanism().isEmpty()) {
      listMechanisms();
      return;
    }
    Mechanism mechanism =
        Sasl.named(auth.mechanism().get())
            .orElseThrow(() -> Rejected.because(Phrase.UNKNOWN_MECHANISM));
    if (mechanism.passwordInClear()) {
      requireSafety();
    }
    switch (Sasl.run(mechanism, auth.initial(), session.limits(), this::challenge)) {
      case Sasl.Outcome.Presented(Credentials credentials) -> {
        try (credentials) {
          logIn(credentials);
        }
      }
      case Sasl.Outcome.Cancelled _ -> throw Rejected.because(Phrase.CANCELLED);
      case Sasl.Outcome.Malformed _ -> throw Rejected.because(Phrase.EXCHANGE_BROKEN);
    }
  }

  /// A challenge and its answer. RFC 5034 §4: a plus, a space, and nothing but base64.
  private byte[] challenge(String base64) throws IOException {
    Output output = connection.output();
    output.ascii("+ ").ascii(base64).crlf().flush();
    return connection
        .input()
        .line(session.limits().saslLine())
        .orElseThrow(() -> new EOFException("the peer left inside AUTH"));
  }

  private void listMechanisms() throws IOException {
    replies.begin(Phrase.MECHANISMS);
    for (Mechanism mechanism : Sasl.offered(connection)) {
      replies.line(mechanism.name());
    }
    replies.end();
  }

  private void logIn(Credentials credentials) throws Rejected, IOException {
    connection.output().flush();
    connection.awaitLogIn();
    Optional<Account> account =
        credentials.actsForAnother()
            ? Optional.empty()
            : session.store().login(credentials.user(), credentials.password());
    if (account.isEmpty()) {
      failed(credentials);
    }
    lock(account.get());
  }

  private void failed(Credentials credentials) throws Rejected {
    connection.logInFailed(credentials);
    LOG.info("{}: log-in failed", connection);
    if (++failures >= session.limits().failedLogIns()) {
      session.end();
    }
    throw Rejected.with(ResponseCode.AUTH, Phrase.LOGIN_FAILED);
  }

  private void lock(Account account) throws Rejected {
    if (!session.delays().over(account.id())) {
      throw Rejected.with(
          ResponseCode.LOGIN_DELAY, Phrase.LOGIN_TOO_SOON, session.delays().seconds());
    }
    Maildrop locked =
        account
            .lockMaildrop()
            .orElseThrow(() -> Rejected.with(ResponseCode.IN_USE, Phrase.MAILDROP_IN_USE));
    if (!connection.logIn(account.name())) {
      locked.close();
      throw Rejected.with(ResponseCode.SYS_TEMP, Phrase.TOO_MANY_CONNECTIONS);
    }
    session.delays().note(account.id());
    maildrop = Optional.of(locked);
  }

  private void startTls() throws Rejected, IOException {
    if (session.utf8()) {
      throw Rejected.because(Phrase.TLS_AFTER_UTF8);
    }
    if (!connection.startTlsOffered()) {
      throw Rejected.because(Phrase.NO_TLS);
    }
    connection.startTls("+OK " + Phrase.BEGIN_TLS.in(replies.language()));
    user = Optional.empty();
    session.forget();
  }

  private void utf8() throws IOException {
    session.switchToUtf8();
    replies.ok(Phrase.UTF8_ON);
  }

  private void quit() throws IOException {
    session.end();
    replies.ok(Phrase.GOODBYE);
  }

  private void requireSafety() throws Rejected {
    if (!connection.plaintextAllowed()) {
      throw Rejected.because(Phrase.TLS_FIRST);
    }
  }
}
