package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `depozit serve` promises to those who start and stop it.
final class ServeTests {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  /// The state LISTEN in /proc/net/tcp.
  private static final String LISTEN = "0A";

  @TempDir private Path data;

  @Test
  void sigtermSaysByeToEverySessionAndEndsInTime() throws IOException {
    Users.make(data, List.of("ana"));
    List<ImapSession> sessions = new ArrayList<>();
    try (ServerProcess server = ServerProcess.serve(data)) {
      sessions.add(new ImapSession(server.address("imap"), false));
      sessions.add(new ImapSession(server.address("imaps"), true));
      sessions.add(session(server));
      ImapSession selected = session(server);
      selected.command("SELECT INBOX");
      sessions.add(selected);
      ImapSession idling = session(server);
      idling.command("SELECT INBOX");
      idling.idle();
      sessions.add(idling);
      long start = System.nanoTime();
      int code = server.terminate();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      System.out.printf("SIGTERM: ended in %d ms with 5 sessions%n", took.toMillis());
      assertThat(code).isIn(ServerProcess.STOPPED);
      assertThat(took).isLessThan(LONGEST_STOP);
      for (ImapSession session : sessions) {
        assertThat(session.response()).startsWith("* BYE ");
        assertThat(session.client().ended()).isTrue();
      }
    } finally {
      for (ImapSession session : sessions) {
        session.close();
      }
    }
  }

  private static ImapSession session(ServerProcess server) throws IOException {
    return new ImapSession(server.address("imap"), false, "ana", Users.PASSWORD);
  }

  @Test
  void aSecondServerOnTheDirectoryIsRefusedClearly() throws IOException {
    try (ServerProcess server = ServerProcess.serve(data)) {
      ServerProcess.Outcome second = ServerProcess.run("", ServerProcess.serving(data));
      assertThat(second.code()).isEqualTo(1);
      assertThat(second.err()).isEqualTo("depozit: Another server uses this data directory\n");
      assertThat(second.out()).isEmpty();
      Path socket = data.resolve("admin.sock");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-------");
      // The first one was not hurt.
      assertThat(ServerProcess.run("", List.of("user", "list", "--data", data.toString())))
          .isEqualTo(new ServerProcess.Outcome(0, "", ""));
      assertThat(server.terminate()).isIn(ServerProcess.STOPPED);
      assertThat(socket).doesNotExist();
    }
  }

  @Test
  void exitCodesTellDoneFromFailedFromWrongUsage() throws IOException {
    assertThat(ServerProcess.run("", List.of("--version")).code()).isZero();
    assertThat(ServerProcess.run("", List.of("serve", "--help")).code()).isZero();
    Path missing = data.resolve("missing.toml");
    ServerProcess.Outcome failed =
        ServerProcess.run("", List.of("config", "check", missing.toString()));
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains(missing.toString());
    for (List<String> wrong :
        List.of(
            List.<String>of(),
            List.of("serv"),
            List.of("serve"),
            List.of("serve", "--data", data.toString(), "--imap", "nowhere"))) {
      ServerProcess.Outcome outcome = ServerProcess.run("", wrong);
      assertThat(outcome.code()).as(wrong.toString()).isEqualTo(2);
      assertThat(outcome.err()).as(wrong.toString()).isNotBlank().doesNotContain("\tat ");
    }
  }

  @Test
  void secretsNeverReachTheLog() throws IOException {
    Users.make(data, List.of("ana"));
    List<String> talkative = List.of("-Ddepozit.log.level=trace");
    try (ServerProcess server = ServerProcess.start(talkative, ServerProcess.serving(data))) {
      String wrong = "Wr0ngS3sam";
      session(server).close();
      assertThatThrownBy(() -> new ImapSession(server.address("imap"), false, "ana", wrong).close())
          .hasMessageContaining(" NO ");
      try (ImapSession session = new ImapSession(server.address("imap"), false)) {
        session.command("AUTHENTICATE PLAIN " + plain("ana", Users.PASSWORD));
      }
      try (ImapSession session = new ImapSession(server.address("imap"), false)) {
        session.client().send(("a LOGIN ana \"" + wrong + "\r\n").getBytes(StandardCharsets.UTF_8));
        assertThat(session.response()).startsWith("a BAD ");
      }
      new Pop3Session(server.address("pop3"), "ana", Users.PASSWORD).close();
      assertThatThrownBy(() -> new Pop3Session(server.address("pop3"), "ana", wrong).close())
          .hasMessageStartingWith("-ERR");
      assertThat(server.terminate()).isIn(ServerProcess.STOPPED);
      assertThat(server.errors())
          .contains("ana has logged in")
          .doesNotContain(Users.PASSWORD, wrong, plain("ana", Users.PASSWORD));
    }
  }

  private static String plain(String user, String password) {
    String secret = "\0" + user + "\0" + password;
    return Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nothingListensBeyondLoopbackUnlessToldSo() throws IOException {
    // The demo takes the usual listeners, and others where another program has their ports.
    try (ServerProcess server = ServerProcess.start(List.of("demo", "--data", data.toString()))) {
      Set<String> listening = listening(server.pid());
      assertThat(listening).hasSize(5).allMatch(ServeTests::isLoopback, "is on loopback");
    }
  }

  /// The addresses that a process listens on, as /proc has them: hexadecimal, by words in the
  /// machine's order.
  private static Set<String> listening(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
      for (Path descriptor : descriptors.toList()) {
        sockets.add(Files.readSymbolicLink(descriptor).toString());
      }
    }
    Set<String> listening = new HashSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(process.resolve("net").resolve(table))) {
        String[] words = line.strip().split(" +", -1);
        if (words[3].equals(LISTEN) && sockets.contains("socket:[" + words[9] + "]")) {
          listening.add(words[1]);
        }
      }
    }
    return listening;
  }

  private static boolean isLoopback(String address) {
    return address.startsWith("0100007F:")
        || address.startsWith("0000000000000000FFFF00000100007F:")
        || address.startsWith("00000000000000000000000001000000:");
  }
}
