package org.depozit.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.depozit.wire.Limits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The AUTHORIZATION state over real sockets and a real store. RFC 1939 §4, RFC 2449, RFC 6856.
class AuthorizationTests {
  private static final String WRONG = "-ERR [AUTH] wrong name or password";
  private static final String MAILDROP = "+OK maildrop has 0 messages (0 octets)";

  @TempDir static Path directory;
  private static PostOffice office;

  @BeforeAll
  static void open() {
    office = new PostOffice(directory.resolve("store"));
  }

  @AfterAll
  static void close() {
    office.close();
  }

  @Test
  void aSessionMayEndBeforeItHasBegun() throws IOException {
    try (var server = office.serve();
        Client client = server.connect()) {
      assertThat(client.line()).isEqualTo("+OK Depozit POP3 ready");
      assertThat(client.ask("QUIT")).isEqualTo("+OK goodbye");
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  @Test
  void userAndPassOpenTheMaildrop() throws IOException {
    String user = office.account("A: b//c/");
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("USER " + user)).isEqualTo("+OK now the password");
      assertThat(client.ask("PASS secret")).isEqualTo("+OK maildrop has 1 messages (11 octets)");
      assertThat(client.ask("USER " + user)).isEqualTo("-ERR logged in already");
    }
  }

  @Test
  void aWrongNameAndAWrongPasswordAreToldAlike() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("PASS secret")).isEqualTo("-ERR USER first");
      client.ask("USER " + user);
      assertThat(client.ask("PASS wrong")).isEqualTo(WRONG);
      assertThat(client.ask("PASS secret")).isEqualTo("-ERR USER first");
      client.ask("USER nobody");
      assertThat(client.ask("PASS secret")).isEqualTo(WRONG);
      client.ask("USER " + user);
      assertThat(client.ask("PASS secret")).isEqualTo(MAILDROP);
    }
  }

  /// Interop 69, and what a state does not allow.
  @Test
  void whatIsNotToBeHadIsToldAndTheSessionGoesOn() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("XTND XMIT")).isEqualTo("-ERR no such command");
      assertThat(client.ask("")).isEqualTo("-ERR no such command");
      assertThat(client.ask("APOP x y")).isEqualTo("-ERR no such command");
      for (String line :
          List.of("STAT", "LIST", "RETR 1", "DELE 1", "NOOP", "RSET", "UIDL", "LAST")) {
        assertThat(client.ask(line)).isEqualTo("-ERR log in first");
      }
      assertThat(client.ask("TOP 1 0")).isEqualTo("-ERR log in first");
      assertThat(client.ask("uSeR\t" + user)).startsWith("+OK");
      assertThat(client.ask("pass secret")).startsWith("+OK");
      assertThat(client.ask("STLS")).isEqualTo("-ERR logged in already");
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("-ERR logged in already");
      assertThat(client.ask("PASS secret")).isEqualTo("-ERR logged in already");
      assertThat(client.ask("UTF8")).isEqualTo("-ERR logged in already");
      assertThat(client.ask("noop")).startsWith("+OK");
    }
  }

  @Test
  void badOctetsAndLongLinesAreToldAndTheSessionGoesOn() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("USER a\0b")).isEqualTo("-ERR " + Phrase.NAME_UNFIT.in(Language.EN));
      client.send("USER \u00ff\r\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(client.line()).startsWith("-ERR the name");
      assertThat(client.ask("X".repeat(100_000))).isEqualTo("-ERR line too long");
      assertThat(client.ask("USER " + "x".repeat(506))).isEqualTo("+OK now the password");
      assertThat(client.ask("USER " + "x".repeat(508))).isEqualTo("-ERR line too long");
      assertThat(client.ask("USER " + user)).startsWith("+OK");
      assertThat(client.ask("PASS secret")).startsWith("+OK");
      assertThat(client.ask("RETR \0001")).startsWith("-ERR");
      assertThat(client.ask("X".repeat(100_000))).isEqualTo("-ERR line too long");
      assertThat(client.ask("NOOP")).startsWith("+OK");
    }
  }

  @Test
  void anEndlessLineEndsTheConnection() throws IOException {
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      byte[] much = "X".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
      try {
        for (int i = 0; i < 100; i++) {
          client.send(much);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageNotContaining("timed out");
      }
      assertThat(client.rest()).isIn("", "<reset>");
    }
  }

  /// A template or a query in a name is a name: CVE-2017-2669, CVE-2026-24031, Log4Shell's kind.
  @Test
  void hostileNamesAreOnlyNames() throws IOException {
    Limits limits = Limits.DEFAULTS.with("failedLogIns", 100);
    try (var server = office.serve(Pop3Settings.DEFAULTS, limits);
        Client client = server.connect()) {
      client.line();
      for (String name :
          List.of(
              "%{user}%%",
              "${jndi:ldap://x/}", "' OR 1=1--", "*)(uid=*", "a\\b", "%s%n", "../../x")) {
        assertThat(client.ask("USER " + name)).startsWith("+OK");
        assertThat(client.ask("PASS " + name)).isEqualTo(WRONG);
      }
    }
  }

  @Test
  void whoFailsTooOftenIsLeft() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      for (int i = 0; i < Limits.DEFAULTS.failedLogIns(); i++) {
        client.ask("USER " + user);
        assertThat(client.ask("PASS wrong")).isEqualTo(WRONG);
      }
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  @Test
  void whoNeverLogsInIsLeft() throws IOException {
    Limits limits = Limits.DEFAULTS.with("commandsBeforeLogIn", 3);
    try (var server = office.serve(Pop3Settings.DEFAULTS, limits);
        Client client = server.connect()) {
      client.line();
      for (int i = 0; i < 3; i++) {
        assertThat(client.ask("USER x")).startsWith("+OK");
      }
      assertThat(client.ask("USER x")).isEqualTo("-ERR too many commands");
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  @Test
  void whoTalksNonsenseIsLeft() throws IOException {
    Limits limits = Limits.DEFAULTS.with("badCommands", 3);
    try (var server = office.serve(Pop3Settings.DEFAULTS, limits);
        Client client = server.connect()) {
      client.line();
      for (int i = 0; i < 3; i++) {
        assertThat(client.ask("HELO")).isEqualTo("-ERR no such command");
      }
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  @Test
  void whoIsSlowToLogInIsLeftWithoutAWord() throws IOException {
    Limits limits = Limits.DEFAULTS.with("logInTime", Duration.ofMillis(200));
    try (var server = office.serve(Pop3Settings.DEFAULTS, limits);
        Client client = server.connect()) {
      client.line();
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  @Test
  void capaListsTheSameBeforeAndAfterTheLogIn() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("CAPA")).isEqualTo("+OK capability list follows");
      List<String> before = client.lines();
      assertThat(before)
          .containsExactlyInAnyOrder(
              "TOP",
              "UIDL",
              "USER",
              "SASL PLAIN LOGIN",
              "RESP-CODES",
              "AUTH-RESP-CODE",
              "LOGIN-DELAY 0",
              "PIPELINING",
              "EXPIRE NEVER",
              "UTF8 USER",
              "LANG",
              "IMPLEMENTATION Depozit");
      client.ask("USER " + user);
      client.ask("PASS secret");
      client.ask("CAPA");
      assertThat(client.lines()).isEqualTo(before);
    }
  }

  /// Interop 63, and that a client may come back the moment it was told goodbye.
  @Test
  void aMaildropHasOneSessionAtATime() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client first = server.logIn(user);
        Client second = server.connect()) {
      second.line();
      second.ask("USER " + user);
      assertThat(second.ask("PASS secret"))
          .isEqualTo("-ERR [IN-USE] another session has the maildrop");
      assertThat(first.ask("QUIT")).startsWith("+OK");
      second.ask("USER " + user);
      assertThat(second.ask("PASS secret")).isEqualTo(MAILDROP);
      assertThat(second.ask("QUIT")).startsWith("+OK");
      for (int i = 0; i < 10; i++) {
        try (Client again = server.logIn(user)) {
          assertThat(again.ask("QUIT")).startsWith("+OK");
        }
      }
    }
  }

  @Test
  void whoVanishesGivesTheMaildropBack() throws IOException {
    String user = office.account();
    try (var server = office.serve()) {
      server.logIn(user).close();
      await().until(() -> canLogIn(server, user));
    }
  }

  @Test
  void whoFallsSilentGivesTheMaildropBackAndIsToldNothing() throws IOException {
    String user = office.account();
    Limits limits = Limits.DEFAULTS.with("pop3IdleTime", Duration.ofSeconds(1));
    try (var server = office.serve(Pop3Settings.DEFAULTS, limits);
        Client silent = server.logIn(user)) {
      assertThat(silent.line()).isEqualTo("<end>");
      await().until(() -> canLogIn(server, user));
    }
  }

  private static boolean canLogIn(PostOffice.Server server, String user) throws IOException {
    try (Client client = server.connect()) {
      client.line();
      client.ask("USER " + user);
      boolean in = client.ask("PASS secret").startsWith("+OK");
      client.ask("QUIT");
      return in;
    }
  }

  @Test
  void aDelayBetweenLogInsIsAnnouncedAndKept() throws IOException {
    String user = office.account();
    Pop3Settings settings = Pop3Settings.DEFAULTS.withLoginDelay(Duration.ofSeconds(5));
    try (var server = office.serve(settings)) {
      try (Client client = server.logIn(user)) {
        client.ask("CAPA");
        assertThat(client.lines()).contains("LOGIN-DELAY 5");
        client.ask("QUIT");
      }
      try (Client client = server.connect()) {
        client.line();
        client.ask("USER " + user);
        assertThat(client.ask("PASS secret")).startsWith("-ERR [LOGIN-DELAY] ");
        client.ask("USER " + user);
        assertThat(client.ask("PASS wrong")).isEqualTo(WRONG);
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> canLogIn(server, user));
    }
  }

  @Test
  void aUserMayHaveOnlySoManyConnections() throws IOException {
    String user = office.account();
    Limits limits = Limits.DEFAULTS.with("connectionsPerUser", 0);
    try (var server = office.serve(Pop3Settings.DEFAULTS, limits);
        Client client = server.connect()) {
      client.line();
      for (int i = 0; i < 2; i++) {
        client.ask("USER " + user);
        assertThat(client.ask("PASS secret")).isEqualTo("-ERR [SYS/TEMP] too many connections");
      }
    }
  }

  @Test
  void namesAndPasswordsMayBeUtf8() throws IOException {
    office.store().createAccount("șerban", "pârolă".toCharArray());
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("UTF8")).isEqualTo("+OK UTF-8 it is");
      client.ask("USER șerban");
      assertThat(client.ask("PASS pârolă")).isEqualTo(MAILDROP);
    }
  }

  @Test
  void langChangesTheWordsAndNothingElse() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("LANG")).isEqualTo("+OK languages follow");
      assertThat(client.lines()).containsExactly("en English", "ro Română");
      assertThat(client.ask("LANG MUL")).isEqualTo("-ERR no such language");
      assertThat(client.ask("LANG ro-MD")).isEqualTo("+OK ro limba a fost schimbată");
      assertThat(client.ask("LANG xx")).isEqualTo("-ERR limbă necunoscută");
      client.ask("USER " + user);
      assertThat(client.ask("PASS secret")).isEqualTo("+OK căsuța are 0 mesaje (0 octeți)");
      assertThat(client.ask("STAT")).isEqualTo("+OK 0 0");
      assertThat(client.ask("LANG *")).isEqualTo("+OK en language changed");
      assertThat(client.ask("NOOP")).isEqualTo("+OK still here");
    }
  }

  @Test
  void whenTheServerStopsEverySessionIsTold() throws IOException {
    String user = office.account();
    var server = office.serve();
    try (Client client = server.logIn(user)) {
      server.close();
      assertThat(client.line()).isEqualTo("-ERR [SYS/TEMP] the server is shutting down");
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  @Test
  void whomThereIsNoRoomForIsTold() throws IOException {
    Limits limits = Limits.DEFAULTS.with("connections", 1);
    try (var server = office.serve(Pop3Settings.DEFAULTS, limits);
        Client first = server.connect()) {
      assertThat(first.line()).startsWith("+OK");
      try (Client second = server.connect()) {
        assertThat(second.line()).isEqualTo("-ERR [SYS/TEMP] too many connections");
        assertThat(second.line()).isEqualTo("<end>");
      }
    }
  }
}
