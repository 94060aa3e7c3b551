package org.depozit.imap;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.depozit.imap.command.Capabilities;
import org.depozit.imap.command.Commands;
import org.depozit.imap.command.ImapCommand;
import org.depozit.imap.command.Spec;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.session.Updates;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Refused;
import org.depozit.storage.Store;
import org.depozit.wire.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One IMAP connection: the loop that reads a command, runs it, tells what is new, and answers. RFC
/// 9051 §5.5, §6.
///
/// **The one place where an error becomes a response.** There are three kinds, no more: the
/// client's fault ([Rejected]: BAD or NO, not logged) or the store's refusal ([Refused]: NO with
/// RFC 5530's code); ours (any other runtime exception: logged with the session and the command's
/// name, never its arguments; NO [SERVERBUG]); and the peer's absence (`IOException`: the session
/// is over). After each of them what is left of the command is read and thrown away, and the
/// session goes on.
///
/// **Threads.** A connection is one virtual thread, top to bottom, and after each IDLE's beginning
/// the next one ([Connection#goOn]); it runs one command at a time, in the order sent, and reads
/// the next one only when the last is answered. So message numbers mean the same from the first
/// octet of a command to its answer, and readers may resolve them while they read. Nothing is told
/// between commands: what others do to the mailbox changes the store's version of it, and this
/// session compares at its own command's end. The only exception is IDLE, which lends session and
/// output to a second thread and takes them back before it answers
/// ([org.depozit.imap.session.Pump]). No socket is read or written inside a transaction, no lock is
/// held around either, and nobody is interrupted.
///
/// **The end.** LOGOUT; the peer's leaving; silence, too many senseless commands or failed log-ins,
/// each with a BYE; or the server's stopping, when the input ends and the listener says
/// [Imap#farewell].
final class ImapConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ImapConnection.class);

  private final Connection connection;
  private final Session session;
  private int badCommands;
  private int commandsBeforeLogIn;

  /// The command that runs, once its name is read.
  private Optional<Spec> running = Optional.empty();

  /// A piece of the session.
  @FunctionalInterface
  private interface Part {
    /// Does it.
    void run() throws IOException;
  }

  /// What a command that was given up may have left to be read.
  @FunctionalInterface
  private interface Leftover {
    /// Reads it; false if that would be too much.
    boolean drain() throws IOException;
  }

  private ImapConnection(Connection connection, Store store) {
    this.connection = connection;
    this.session = new Session(connection, store);
  }

  /// Serves a connection to its end.
  static void serve(Connection connection, Store store) throws IOException {
    new ImapConnection(connection, store).serve();
  }

  private void serve() throws IOException {
    connection.idleTimeout(connection.limits().imapIdleTime());
    connection.deadline(connection.limits().logInTime());
    session
        .responses()
        .untagged("OK [CAPABILITY " + Capabilities.of(session) + "] Depozit is ready");
    connection.output().flush();
    untilItEnds(this::commands);
  }

  /// Runs commands; one that has a rest leaves that, and those behind it, to another thread.
  private void commands() throws IOException {
    while (goesOn() && awaitCommand()) {
      command();
      connection.flushUnlessPipelined();
      Optional<Session.Rest> rest = session.takeRest();
      if (rest.isPresent()) {
        connection.goOn(_ -> untilItEnds(() -> rest(rest.get())));
        return;
      }
    }
  }

  private void rest(Session.Rest rest) throws IOException {
    answered(() -> complete(rest.run(session)), () -> true);
    connection.flushUnlessPipelined();
    commands();
  }

  private void untilItEnds(Part part) throws IOException {
    try {
      part.run();
    } catch (SocketTimeoutException _) {
      session.hangUp("Autologout; nothing came for too long");
    }
    if (session.farewell().isPresent()) {
      session.responses().bye(session.farewell().get());
    }
  }

  private boolean goesOn() {
    return session.state() != State.LOGOUT && session.farewell().isEmpty();
  }

  /// Waits for the next command's first octet; false if the peer has left. Empty lines are passed
  /// over: Apple Mail sends one before a command.
  private boolean awaitCommand() throws IOException {
    int next = connection.input().peek();
    while (next == '\r' || next == '\n') {
      connection.input().read();
      next = connection.input().peek();
    }
    return next >= 0;
  }

  private void command() throws IOException {
    boolean loggedIn = session.state() != State.NOT_AUTHENTICATED;
    Args args = new Args(connection.input(), connection.output(), connection.limits(), loggedIn);
    running = Optional.empty();
    session.begin("*");
    answered(() -> read(args), args::drain);
    if (!loggedIn && ++commandsBeforeLogIn > connection.limits().commandsBeforeLogIn()) {
      session.hangUp("Too many commands before the log-in");
    }
  }

  private void read(Args args) throws IOException {
    session.begin(args.tag());
    args.sp();
    Spec spec = spec(name(args));
    running = Optional.of(spec);
    complete(spec.reader().read(args, session).run(session));
  }

  /// Makes an answer of whatever goes wrong.
  private void answered(Part part, Leftover leftover) throws IOException {
    try {
      part.run();
    } catch (Rejected e) {
      count(e);
      recover(leftover);
      session.responses().rejected(session.tag(), e);
    } catch (Refused e) {
      if (e.reason() == Refused.Reason.UNAVAILABLE) {
        // The store says in the log what its trouble is, once and not for every command.
        LOG.debug("{}: {} was refused", connection, commandName(), e);
      }
      recover(leftover);
      session.responses().refused(session.tag(), e);
    } catch (RuntimeException e) {
      LOG.error("{}: {} failed", connection, commandName(), e);
      recover(leftover);
      session.responses().serverBug(session.tag());
    }
  }

  private String commandName() {
    return running.map(Spec::name).orElse("a command");
  }

  private static String name(Args args) throws IOException {
    String word = args.word();
    if (!word.equals("UID")) {
      return word;
    }
    args.sp();
    return "UID " + args.word();
  }

  private Spec spec(String name) {
    Spec spec = Commands.named(name).orElseThrow(() -> Rejected.bad("Unknown command"));
    if (!spec.in().contains(session.state())) {
      throw Rejected.bad(spec.name() + " is not allowed " + when(session.state()));
    }
    return spec;
  }

  private static String when(State state) {
    return switch (state) {
      case NOT_AUTHENTICATED -> "before the log-in";
      case AUTHENTICATED -> "without a selected mailbox, or after the log-in";
      case SELECTED -> "after the log-in";
      case LOGOUT -> "after LOGOUT";
    };
  }

  private void complete(String text) throws IOException {
    if (!text.equals(ImapCommand.ANSWERED)) {
      Spec spec = running.orElseThrow();
      Updates.write(session, !spec.numbersInUse(), spec.withUids());
      session.responses().completed(session.tag(), text);
    }
  }

  private void count(Rejected why) {
    if (why.status() == Rejected.Status.BAD && ++badCommands > connection.limits().badCommands()) {
      session.hangUp("Too many commands without sense");
    }
  }

  /// Gets over what is left of a command that was given up, or ends the session if that is too
  /// much.
  private void recover(Leftover leftover) throws IOException {
    if (!leftover.drain()) {
      session.hangUp("[TOOBIG] Command too large");
    }
  }
}
