package org.depozit.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// AUTH: its mechanisms, and what becomes of an exchange that fails. RFC 5034.
class AuthTests {
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

  /// Interop 66: a bare AUTH lists.
  @Test
  void authWithoutAMechanismLists() throws IOException {
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("AUTH")).isEqualTo("+OK mechanisms follow");
      assertThat(client.lines()).containsExactly("PLAIN", "LOGIN");
    }
  }

  @Test
  void authPlainTakesItsResponseAtOnceOrWhenAsked() throws IOException {
    String user = office.account();
    String response = Client.plain("", user, "secret");
    try (var server = office.serve()) {
      try (Client client = server.connect()) {
        client.line();
        assertThat(client.ask("AUTH PLAIN " + response)).isEqualTo(MAILDROP);
        client.ask("QUIT");
      }
      try (Client client = server.connect()) {
        client.line();
        assertThat(client.ask("auth plain")).isEqualTo("+ ");
        assertThat(client.ask(response)).isEqualTo(MAILDROP);
        client.ask("QUIT");
      }
      try (Client client = server.connect()) {
        client.line();
        assertThat(client.ask("AUTH PLAIN " + Client.plain(user, user, "secret")))
            .isEqualTo(MAILDROP);
      }
    }
  }

  @Test
  void authLoginAsksForNameAndPassword() throws IOException {
    String user = office.account();
    try (var server = office.serve()) {
      try (Client client = server.connect()) {
        client.line();
        assertThat(client.ask("AUTH LOGIN")).isEqualTo("+ VXNlcm5hbWU6");
        assertThat(client.ask(Client.base64(user))).isEqualTo("+ UGFzc3dvcmQ6");
        assertThat(client.ask(Client.base64("secret"))).isEqualTo(MAILDROP);
        client.ask("QUIT");
      }
      try (Client client = server.connect()) {
        client.line();
        assertThat(client.ask("AUTH LOGIN " + Client.base64(user))).isEqualTo("+ UGFzc3dvcmQ6");
        assertThat(client.ask(Client.base64("secret"))).isEqualTo(MAILDROP);
      }
    }
  }

  @Test
  void anExchangeThatFailsLeavesTheSessionAsItWas() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("AUTH CRAM-MD5")).isEqualTo("-ERR no such mechanism");
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("+ ");
      assertThat(client.ask("*")).isEqualTo("-ERR authentication cancelled");
      for (String bad : List.of("=AAA", "AAA=BBB", "A", "AA\0A", "====", "")) {
        assertThat(client.ask("AUTH PLAIN")).isEqualTo("+ ");
        assertThat(client.ask(bad)).startsWith("-ERR that is not");
      }
      assertThat(client.ask("AUTH PLAIN =")).startsWith("-ERR that is not");
      assertThat(client.ask("AUTH PLAIN")).isEqualTo("+ ");
      assertThat(client.ask("A".repeat(20_000))).isEqualTo("-ERR line too long");
      assertThat(client.ask("AUTH PLAIN " + Client.plain("", user, "wrong"))).isEqualTo(WRONG);
      assertThat(client.ask("AUTH PLAIN " + Client.plain("other", user, "secret")))
          .isEqualTo(WRONG);
      assertThat(client.ask("AUTH PLAIN " + Client.plain("", user, "secret"))).isEqualTo(MAILDROP);
    }
  }
}
