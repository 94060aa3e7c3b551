package org.depozit.benchmarks;

import static org.depozit.benchmarks.Row.Unit.KIBIBYTES;
import static org.depozit.benchmarks.Row.Unit.MEBIBYTES;
import static org.depozit.benchmarks.Row.Unit.MEGABYTES;
import static org.depozit.benchmarks.Row.Unit.MILLISECONDS;
import static org.depozit.benchmarks.Row.Unit.PER_SECOND;
import static org.depozit.benchmarks.Row.Unit.SECONDS;

import java.util.List;
import java.util.stream.Stream;

/// Every scene and its rows, in the order of the run, with the goals of the project. A row's name
/// is the same here and where it is measured.
final class Scenes {
  private static final String FORCED =
      "Depozit: one fdatasync a group, before the answer. Dovecot: four fdatasync a mail";
  private static final String FLAGS =
      "Depozit: in the log before the answer, forced within 100 ms. Dovecot: not forced";
  private static final String ROWS =
      "Depozit: forced before the answer. Dovecot: index not forced, mail files forced";

  /// Not a scene: what comes before.
  static final String FILLING = "filling: import / MULTIAPPEND of 500";

  private Scenes() {}

  /// Every row, in the order of the table.
  static List<Row> rows() {
    Stream<Row> filling = Stream.of(Row.of(FILLING, PER_SECOND));
    return Stream.concat(filling, ALL.stream().flatMap(scene -> scene.rows().stream())).toList();
  }

  static List<String> policies() {
    return List.of(FORCED, FLAGS, ROWS);
  }

  /// The letter that stands for a policy in the table.
  static String policyMark(String policy) {
    return Character.toString('a' + policies().indexOf(policy));
  }

  static final List<Scene> ALL =
      Stream.of(connecting(), writing(), reading(), changing(), standing())
          .flatMap(List::stream)
          .toList();

  private static List<Scene> connecting() {
    return List.of(
        Scene.of(
            "login",
            Connecting::logIns,
            Row.of("log-in, {SSHA256}, 8 clients", PER_SECOND).goal(10),
            Row.of("log-in, argon2id (19 MiB, t=2), 8 clients", PER_SECOND)));
  }

  private static List<Scene> writing() {
    return List.of(
        Scene.of(
            "append",
            Writing::appends,
            Row.of("APPEND 4 KiB, 1 connection", PER_SECOND).goal(3).sync(FORCED),
            Row.of("APPEND 4 KiB, 16 connections, 16 mailboxes", PER_SECOND).goal(8).sync(FORCED),
            Row.of("APPEND 4 KiB, 16 connections, 1 mailbox", PER_SECOND).goal(20).sync(FORCED)),
        Scene.of(
            "lmtp",
            Writing::deliveries,
            Row.of("LMTP 4 KiB, 1 recipient, 1 connection", PER_SECOND).goal(3).sync(FORCED),
            Row.of("LMTP 4 KiB, 1 recipient each, 16 connections", PER_SECOND)
                .goal(10)
                .sync(FORCED)));
  }

  private static List<Scene> reading() {
    return List.of(
        Scene.sized(
            "select",
            Reading::select,
            Row.of("SELECT, warm: a session's first", MILLISECONDS).goal(2).growing(),
            Row.of("SELECT again, in the same session", MILLISECONDS),
            Row.of("NOOP, selected", PER_SECOND).growing()),
        Scene.sized(
            "fetch",
            Reading::fetch,
            Row.of("FETCH 1:* (FLAGS)", MILLISECONDS).goal(1.5),
            Row.of("FETCH 1:* (ENVELOPE), warm", MILLISECONDS).goal(5),
            Row.of("FETCH n BODY[], 4 KiB, 100 commands at once", PER_SECOND).goal(1.5)),
        Scene.of(
            "big",
            Reading::big,
            Row.of("FETCH n BODY[], 1 MiB", PER_SECOND).goal(1.5),
            Row.of("the same in octets", MEGABYTES).goal(1.5),
            Row.of("a raw loopback socket, for comparison", MEGABYTES)),
        Scene.sized(
            "search",
            Searching::indexed,
            Row.of("SEARCH UNSEEN", MILLISECONDS).goal(2),
            Row.of("SEARCH KEYWORD Bench", MILLISECONDS).goal(2),
            Row.of("SEARCH FROM \"Cristi\", warm", MILLISECONDS).goal(100),
            Row.of("UID SEARCH RETURN (MIN) FROM \"Cristi\"", MILLISECONDS).goal(200).growing(),
            Row.of("SEARCH SUBJECT \"meeting\", warm", MILLISECONDS)),
        Scene.sized("body", Searching::body, Row.of("SEARCH BODY \"Ref MG-0000042\"", MILLISECONDS))
            .once(),
        Scene.sized(
            "pop3",
            Reading::pop3,
            Row.of("POP3 log-in and STAT", MILLISECONDS).goal(10),
            Row.of("POP3 UIDL", MILLISECONDS).goal(2),
            Row.of("POP3 RETR 4 KiB, windows of 10", PER_SECOND).goal(1.5)));
  }

  private static List<Scene> changing() {
    return List.of(
        Scene.sized(
            "flag",
            Changing::flag,
            Row.of("STORE n +FLAGS, one by one", PER_SECOND).goal(1).sync(FLAGS).growing()),
        Scene.sized(
            "deliver",
            Changing::deliver,
            Row.of("delivery of one message (LMTP)", MILLISECONDS).sync(FORCED).growing()),
        Scene.sized(
            "store",
            Changing::store,
            Row.of("STORE 1:* +FLAGS.SILENT, then -FLAGS.SILENT: each", MILLISECONDS)
                .goal(1)
                .sync(FLAGS),
            Row.of("STORE n +FLAGS, right after those", PER_SECOND).sync(FLAGS)),
        Scene.sized(
            "copy",
            Changing::copy,
            Row.of("COPY 1:1000", MILLISECONDS).sync(ROWS),
            Row.of("EXPUNGE of 1,000", MILLISECONDS).sync(ROWS)),
        Scene.sized(
                "expunge",
                Changing::expunge,
                Row.of("COPY 1:* of up to 20,000", MILLISECONDS).sync(ROWS),
                Row.of("EXPUNGE of up to 20,000", MILLISECONDS).sync(ROWS))
            .once());
  }

  private static List<Scene> standing() {
    return List.of(
        Scene.sized(
                "cold",
                Standing::cold,
                Row.of("SELECT, cold", MILLISECONDS).goal(1),
                Row.of("SEARCH FROM \"Cristi\", cold", MILLISECONDS),
                Row.of("FETCH 1:* (ENVELOPE), cold", MILLISECONDS).goal(5))
            .withoutWarming(),
        Scene.sized(
                "start",
                Standing::start,
                Row.of("start until ready, after a clean stop", SECONDS),
                Row.of("start until ready, after kill -9", SECONDS).growing())
            .withoutWarming(),
        Scene.of(
                "idle",
                Standing::idle,
                Row.of("memory per idle IMAP connection, plain", KIBIBYTES),
                Row.of("memory per idle IMAP connection, TLS", KIBIBYTES),
                Row.of("live heap per idle IMAP connection, plain", KIBIBYTES),
                Row.of("live heap per idle IMAP connection, TLS", KIBIBYTES))
            .once(),
        Scene.sized(
                "sessions",
                Standing::sessions,
                Row.of("memory of the server, 100 sessions on the mailbox", MEBIBYTES))
            .once(),
        Scene.of(
                "many",
                Standing::many,
                Row.of("filling many mailboxes of 1,000 by COPY", SECONDS).sync(ROWS),
                Row.of("memory of the server, 100 of many mailboxes open", MEBIBYTES))
            .once()
            .onlyIfAsked());
  }
}
