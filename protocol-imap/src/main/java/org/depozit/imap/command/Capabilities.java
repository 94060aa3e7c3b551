package org.depozit.imap.command;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.wire.Mechanism;
import org.depozit.wire.Sasl;

/// What the server can do, computed: the capabilities that the rows of [Commands#ALL] bring, in the
/// states in which those commands are allowed, and the short list here of those that have no
/// command of their own. RFC 9051 §7.2.2.
public final class Capabilities {
  /// A capability without a command, and when it is shown.
  private record Shown(String name, Predicate<Session> when) {}

  private static final List<Shown> WITHOUT_COMMAND =
      List.of(
          new Shown("IMAP4rev1", _ -> true),
          new Shown("LITERAL+", _ -> true),
          new Shown(
              "LOGINDISABLED", session -> beforeLogIn(session) && !plaintextAllowed(session)));

  private Capabilities() {}

  /// The capabilities of this session as it stands, in a line: `IMAP4rev1 LITERAL+ …`.
  public static String of(Session session) {
    Set<String> names = new LinkedHashSet<>();
    WITHOUT_COMMAND.stream()
        .filter(one -> one.when().test(session))
        .map(Shown::name)
        .forEach(names::add);
    Commands.ALL.stream()
        .filter(spec -> allowed(spec, session))
        .flatMap(spec -> spec.capabilities().stream())
        .forEach(names::add);
    if (beforeLogIn(session)) {
      Sasl.offered(session.connection()).forEach(one -> names.add(auth(one)));
    }
    return String.join(" ", names);
  }

  /// Every capability that is ever shown: the tests want a transcript for each.
  public static Set<String> all() {
    Set<String> names = WITHOUT_COMMAND.stream().map(Shown::name).collect(Collectors.toSet());
    Commands.ALL.forEach(spec -> names.addAll(spec.capabilities()));
    Sasl.MECHANISMS.forEach(one -> names.add(auth(one)));
    return names;
  }

  /// A command that needs a mailbox is announced from the log-in on; STARTTLS only while there is
  /// TLS to start.
  private static boolean allowed(Spec spec, Session session) {
    if (spec.equals(StartTls.SPEC)) {
      return beforeLogIn(session) && session.connection().startTlsOffered();
    }
    return beforeLogIn(session)
        ? spec.in().contains(State.NOT_AUTHENTICATED)
        : !spec.in().equals(State.BEFORE_LOGIN);
  }

  private static String auth(Mechanism mechanism) {
    return "AUTH=" + mechanism.name();
  }

  private static boolean beforeLogIn(Session session) {
    return session.state() == State.NOT_AUTHENTICATED;
  }

  private static boolean plaintextAllowed(Session session) {
    return session.connection().plaintextAllowed();
  }
}
