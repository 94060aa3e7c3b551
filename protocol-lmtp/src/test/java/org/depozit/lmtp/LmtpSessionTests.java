package org.depozit.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.depozit.wire.Endpoint;
import org.depozit.wire.Limits;
import org.depozit.wire.Tls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands around a delivery, over real sockets and a real store. RFC 2033, RFC 5321 §4.1.
class LmtpSessionTests {
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
  void lhloTellsWhatIsOffered() throws IOException {
    try (var server = office.serve();
        Client client = server.connect()) {
      assertThat(client.reply()).isEqualTo("220 mail.example LMTP Depozit ready");
      assertThat(client.ask("LHLO relay.example"))
          .isEqualTo(
              "250-mail.example/250-PIPELINING/250-SIZE 52428800/250-8BITMIME/250-SMTPUTF8"
                  + "/250 ENHANCEDSTATUSCODES");
      assertThat(client.ask("QUIT")).isEqualTo("221 2.0.0 goodbye");
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  /// RFC 2033 §4.1.
  @Test
  void smtpIsRefused() throws IOException {
    try (var server = office.serve();
        Client client = server.connect()) {
      client.reply();
      assertThat(client.ask("HELO relay.example")).isEqualTo("500 5.5.1 this is LMTP: LHLO");
      assertThat(client.ask("EHLO relay.example")).isEqualTo("500 5.5.1 this is LMTP: LHLO");
      assertThat(client.ask("MAIL FROM:<>")).isEqualTo("503 5.5.1 LHLO first");
    }
  }

  @Test
  void theSmallCommandsAnswer() throws IOException {
    try (var server = office.serve();
        Client client = server.greeted()) {
      assertThat(client.ask("NOOP")).isEqualTo("250 2.0.0 still here");
      assertThat(client.ask("RSET")).isEqualTo("250 2.0.0 forgotten");
      assertThat(client.ask("VRFY root")).startsWith("252 2.0.0 ");
      assertThat(client.ask("HELP")).startsWith("214 2.0.0 ");
      assertThat(client.ask("EXPN all")).isEqualTo("502 5.5.1 not offered here");
      assertThat(client.ask("BDAT 1 LAST")).isEqualTo("502 5.5.1 not offered here");
      assertThat(client.ask("XYZZY")).isEqualTo("500 5.5.1 no such command");
    }
  }

  @Test
  void commandsComeInTheirOrder() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.greeted()) {
      assertThat(client.ask("RCPT TO:<" + user + ">")).isEqualTo("503 5.5.1 MAIL first");
      assertThat(client.ask("DATA")).isEqualTo("503 5.5.1 MAIL first");
      assertThat(client.ask("MAIL FROM:<>")).startsWith("250 2.1.0");
      assertThat(client.ask("MAIL FROM:<>")).startsWith("503 5.5.1 one transaction");
      assertThat(client.ask("DATA")).isEqualTo("503 5.5.1 no recipients");
      assertThat(client.ask("RCPT TO:<nobody@example.org>")).startsWith("550 5.1.1");
      assertThat(client.ask("DATA")).isEqualTo("503 5.5.1 no recipients");
      assertThat(client.ask("RSET")).startsWith("250");
      assertThat(client.ask("RCPT TO:<" + user + ">")).isEqualTo("503 5.5.1 MAIL first");
      client.ask("MAIL FROM:<>");
      assertThat(client.ask("LHLO again")).startsWith("250-");
      assertThat(client.ask("RCPT TO:<" + user + ">")).isEqualTo("503 5.5.1 MAIL first");
    }
  }

  @Test
  void recipientsAreThoseWhoHaveAnAccount() throws IOException {
    String user = office.account();
    office.store().createAccount("john doe", "secret".toCharArray());
    office.store().createAccount("șerban", "secret".toCharArray());
    try (var server = office.serve();
        Client client = server.greeted()) {
      client.ask("MAIL FROM:<sender@example.org> SMTPUTF8");
      for (String known :
          List.of(
              "<%s@example.org>".formatted(user),
              "<%s>".formatted(user),
              "<\"%s\"@example.org>".formatted(user),
              "<@a.example,@b.example:%s@example.org>".formatted(user),
              "<\"john doe\"@example.org>",
              "<\"john\\ doe\"@example.org>",
              "<șerban@example.org>")) {
        assertThat(client.ask("RCPT TO:" + known)).isEqualTo("250 2.1.5 recipient noted");
      }
      // CVE-2020-10967 is the first of these.
      for (String unknown :
          List.of(
              "<\"\"@x>", "<nobody@example.org>", "<postmaster>", "<' OR 1=1--@x>", "<a@[::1]>")) {
        assertThat(client.ask("RCPT TO:" + unknown)).matches("550 5.1.1 .*|501 5.1.3 .*");
      }
      assertThat(client.ask("RCPT TO:<>")).startsWith("501 5.1.3");
      assertThat(client.ask("RCPT TO:")).startsWith("501 5.1.3");
    }
  }

  @Test
  void anAddressBeyondAsciiNeedsSmtputf8() throws IOException {
    office.store().createAccount("ștefan", "secret".toCharArray());
    try (var server = office.serve();
        Client client = server.greeted()) {
      assertThat(client.ask("MAIL FROM:<ț@example.org>")).startsWith("553 5.6.7");
      client.ask("MAIL FROM:<t@example.org>");
      assertThat(client.ask("RCPT TO:<ștefan@example.org>")).startsWith("553 5.6.7");
      client.ask("RSET");
      assertThat(client.ask("MAIL FROM:<ț@example.org> SMTPUTF8")).startsWith("250");
      assertThat(client.ask("RCPT TO:<ștefan@example.org>")).startsWith("250");
      client.data().send("Subject: ș\r\n\r\n.\r\n");
      assertThat(client.reply()).startsWith("250 2.1.5");
    }
    assertThat(office.messages("ștefan").getFirst())
        .startsWith("Return-Path: <ț@example.org>\r\nDelivered-To: ștefan@example.org\r\n")
        .contains(" with UTF8LMTP id ");
  }

  @Test
  void whatIsDeclaredTooBigIsRefusedAtOnce() throws IOException {
    try (var server = office.serve();
        Client client = server.greeted()) {
      assertThat(client.ask("MAIL FROM:<a@b> SIZE=52428801"))
          .isEqualTo("552 5.3.4 message too big");
      assertThat(client.ask("MAIL FROM:<a@b> SIZE=99999999999999999999")).startsWith("552 5.3.4");
      assertThat(client.ask("MAIL FROM:<a@b> SIZE=52428800 BODY=8BITMIME")).startsWith("250 2.1.0");
    }
  }

  @Test
  void recipientsAreBounded() throws IOException {
    String user = office.account();
    try (var server = office.serve(office.store(), Limits.DEFAULTS.with("recipients", 3));
        Client client = server.greeted()) {
      client.address(user, user, user);
      for (int i = 0; i < 100; i++) {
        assertThat(client.ask("RCPT TO:<" + user + ">")).isEqualTo("452 4.5.3 too many recipients");
      }
    }
  }

  @Test
  void badLinesAreToldAndTheSessionGoesOn() throws IOException {
    try (var server = office.serve();
        Client client = server.greeted()) {
      assertThat(client.ask("X".repeat(100_000))).isEqualTo("500 5.5.2 line too long");
      assertThat(client.ask("RCPT TO:<a\0b>")).startsWith("500 5.5.2");
      assertThat(client.ask("RCPT TO:<a\rDATA>")).startsWith("500 5.5.2");
      client.send("MAIL FROM:<\u00ff@x>\r\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(client.reply()).startsWith("500 5.5.2");
      assertThat(client.ask("LHLO a (evil)")).startsWith("501 5.5.4");
      assertThat(client.ask("")).startsWith("500 5.5.1");
      for (int i = 0; i < 2_000; i++) {
        assertThat(client.ask("RSET")).startsWith("250");
      }
    }
  }

  @Test
  void whoTalksNonsenseIsLeft() throws IOException {
    try (var server = office.serve(office.store(), Limits.DEFAULTS.with("badCommands", 3));
        Client client = server.greeted()) {
      client.ask("X");
      client.ask("X");
      assertThat(client.ask("X")).startsWith("500");
      assertThat(client.reply()).startsWith("421 4.7.0");
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  @Test
  void whoFallsSilentIsTold() throws IOException {
    Limits limits = Limits.DEFAULTS.with("lmtpIdleTime", Duration.ofSeconds(1));
    try (var server = office.serve(office.store(), limits);
        Client client = server.greeted()) {
      assertThat(client.reply()).startsWith("421 4.4.2");
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  @Test
  void startTlsMakesANewSessionOfIt() throws IOException {
    String user = office.account();
    try (var server = serveTls();
        Client client = server.connect()) {
      client.reply();
      assertThat(client.ask("LHLO relay.example")).endsWith("/250 STARTTLS");
      client.ask("MAIL FROM:<>");
      assertThat(client.ask("STARTTLS")).isEqualTo("220 2.0.0 begin TLS");
      client.startTls();
      assertThat(client.ask("MAIL FROM:<>")).isEqualTo("503 5.5.1 LHLO first");
      assertThat(client.ask("LHLO relay.example")).doesNotContain("STARTTLS");
      assertThat(client.ask("STARTTLS")).startsWith("503 5.5.1");
      client.address(user).data().send("a\r\n.\r\n");
      assertThat(client.reply()).startsWith("250");
    }
    assertThat(office.messages(user).getFirst()).contains(" with LMTPS id ");
  }

  /// CVE-2021-33515 in LMTP.
  @Test
  void plaintextBehindStartTlsEndsTheConnection() throws IOException {
    try (var server = serveTls();
        Client client = server.greeted()) {
      client.send("STARTTLS\r\nMAIL FROM:<evil@example.org>\r\n");
      assertThat(client.rest()).isIn("", "<reset>");
    }
  }

  private static PostOffice.Server serveTls() throws IOException {
    Tls tls = Tls.selfSigned(directory, "localhost");
    return PostOffice.Server.open(
        Endpoint.startTls("lmtp", PostOffice.anyPort(), tls),
        Limits.DEFAULTS,
        PostOffice.lmtp(office.store()));
  }

  @Test
  void whenTheServerStopsEverySessionIsTold() throws IOException {
    var server = office.serve();
    try (Client client = server.greeted()) {
      server.close();
      assertThat(client.reply()).isEqualTo("421 4.3.2 the server is shutting down");
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  @Test
  void whomThereIsNoRoomForIsTold() throws IOException {
    try (var server = office.serve(office.store(), Limits.DEFAULTS.with("connections", 1));
        Client first = server.greeted();
        Client second = server.connect()) {
      assertThat(second.reply()).isEqualTo("421 4.3.2 too many connections");
      assertThat(first.ask("NOOP")).startsWith("250");
    }
  }
}
