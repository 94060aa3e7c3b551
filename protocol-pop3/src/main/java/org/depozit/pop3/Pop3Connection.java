package org.depozit.pop3;

import java.io.IOException;
import java.util.Optional;
import org.depozit.storage.Maildrop;
import org.depozit.storage.Refused;
import org.depozit.storage.Store;
import org.depozit.wire.Connection;
import org.depozit.wire.Limits;
import org.depozit.wire.LineTooLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One POP3 session, from greeting to goodbye: start reading here. RFC 1939 §3.
///
/// The state diagram is the control flow: leaving [Authorization] with a maildrop is entering
/// [Transaction], and the only way to the UPDATE state is through its QUIT. A peer that vanishes
/// leaves the maildrop as it was.
///
/// Answers are flushed when no further command is at hand, so that a client that pipelines gets
/// them together (RFC 2449 §6.6). A silent client is left without a word, as RFC 1939 §3 has it.
final class Pop3Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Pop3Connection.class);

  private final Connection connection;
  private final Store store;
  private final Pop3Settings settings;
  private final LoginDelays delays;
  private final Replies replies;
  private boolean utf8;

  /// The command that is being carried out, for the log.
  private String underWay = "?";

  private boolean over;
  private int senseless;

  Pop3Connection(Connection connection, Store store, Pop3Settings settings, LoginDelays delays) {
    this.connection = connection;
    this.store = store;
    this.settings = settings;
    this.delays = delays;
    this.replies = new Replies(connection.output());
  }

  /// What a state does with a command.
  @FunctionalInterface
  interface Effect {
    /// Carries a command out and writes its reply.
    ///
    /// @throws Rejected instead of writing one
    void carryOut(Pop3Command command) throws Rejected, IOException;
  }

  /// Something that may go wrong in every way there is.
  @FunctionalInterface
  private interface Action {
    void run() throws Rejected, IOException;
  }

  /// The session.
  void serve() throws IOException {
    connection.idleTimeout(limits().pop3IdleTime());
    connection.deadline(limits().logInTime());
    replies.ok(Phrase.READY);
    Optional<Maildrop> locked = new Authorization(this).run();
    if (locked.isPresent()) {
      try (Maildrop maildrop = locked.get()) {
        attempt(() -> new Transaction(this, maildrop).run());
      }
    }
  }

  /// Reads a command and has it carried out.
  ///
  /// @return false if the session is over: told so, or left by the client
  boolean command(Effect effect) throws IOException {
    connection.flushUnlessPipelined();
    attempt(() -> readAndCarryOut(effect));
    return !over;
  }

  private void readAndCarryOut(Effect effect) throws Rejected, IOException {
    underWay = "?";
    Optional<byte[]> line = connection.input().line(limits().pop3Line());
    if (line.isEmpty()) {
      over = true;
      return;
    }
    Pop3Command command = Pop3Command.read(line.get(), limits());
    underWay = command.getClass().getSimpleName();
    effect.carryOut(command);
  }

  /// Whatever goes wrong becomes a reply here, and nowhere else.
  private void attempt(Action action) throws IOException {
    try {
      action.run();
    } catch (LineTooLong _) {
      reject(Rejected.because(Phrase.LINE_TOO_LONG));
    } catch (Rejected e) {
      reject(e);
    } catch (Refused e) {
      // The store says in the log what its trouble is, once and not for every command.
      LOG.debug("{} {}: the store refused: {}", connection, underWay, e.getMessage());
      reject(rejection(e.reason()));
    } catch (RuntimeException e) {
      LOG.error("{} {}: a fault of ours", connection, underWay, e);
      reject(Rejected.with(ResponseCode.SYS_TEMP, Phrase.FAULT));
    }
  }

  /// CAPA. RFC 2449 §5.
  ///
  /// @param loggedIn whether in the TRANSACTION state
  void capabilities(boolean loggedIn) throws IOException {
    replies.begin(Phrase.CAPABILITIES);
    for (String line : Capabilities.of(connection, delays.seconds(), loggedIn)) {
      replies.line(line);
    }
    replies.end();
  }

  /// LANG. RFC 6856 §3.2.
  void language(Optional<String> range) throws Rejected, IOException {
    if (range.isEmpty()) {
      listLanguages();
      return;
    }
    Language language =
        Language.matching(range.get()).orElseThrow(() -> Rejected.because(Phrase.UNKNOWN_LANGUAGE));
    replies.speak(language);
    replies.okWith(language.tag() + " " + Phrase.LANGUAGE_CHANGED.in(language));
  }

  private void listLanguages() throws IOException {
    replies.begin(Phrase.LANGUAGES);
    for (Language language : Language.values()) {
      replies.line(language.tag() + " " + language.ownName());
    }
    replies.end();
  }

  /// Forgets what the client has said, for TLS makes a new session of it. RFC 2595 §4.
  void forget() {
    utf8 = false;
    replies.speak(Language.EN);
  }

  /// Ends the session after the reply to this command.
  void end() {
    over = true;
  }

  Connection connection() {
    return connection;
  }

  Limits limits() {
    return connection.limits();
  }

  Store store() {
    return store;
  }

  Pop3Settings settings() {
    return settings;
  }

  LoginDelays delays() {
    return delays;
  }

  Replies replies() {
    return replies;
  }

  /// Whether UTF8 has been given. RFC 6856 §2.1.
  boolean utf8() {
    return utf8;
  }

  /// Switches to UTF-8 mode.
  void switchToUtf8() {
    utf8 = true;
  }

  private static Rejected rejection(Refused.Reason reason) {
    return switch (reason) {
      case UNAVAILABLE, LIMIT, OVER_QUOTA ->
          Rejected.with(ResponseCode.SYS_TEMP, Phrase.STORE_TROUBLE);
      case IN_USE -> Rejected.with(ResponseCode.IN_USE, Phrase.MAILDROP_IN_USE);
      case NONEXISTENT, ALREADY_EXISTS, CANNOT, TOO_BIG, HAS_CHILDREN ->
          Rejected.with(ResponseCode.SYS_PERM, Phrase.STORE_REFUSED);
    };
  }

  private void reject(Rejected why) throws IOException {
    if (replies.open() && !replies.takeBack()) {
      // The client would take an error for a line of the message: only a missing end tells it.
      over = true;
      connection.output().flush();
      connection.close();
      throw new IOException("broken off inside a reply");
    }
    replies.err(why);
    if (why.senseless() && ++senseless >= limits().badCommands()) {
      over = true;
    }
  }
}
