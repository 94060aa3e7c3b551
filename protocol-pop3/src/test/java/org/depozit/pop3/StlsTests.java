package org.depozit.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.depozit.wire.Endpoint;
import org.depozit.wire.Limits;
import org.depozit.wire.Tls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// STLS: TLS that begins inside a session. RFC 2595 §4.
class StlsTests {
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
  void stlsMakesANewSessionOfIt() throws IOException {
    String user = office.account();
    try (var server = serveTls();
        Client client = server.connect()) {
      client.line();
      client.ask("CAPA");
      assertThat(client.lines()).contains("STLS");
      client.ask("USER " + user);
      client.ask("LANG ro");
      assertThat(client.ask("STLS")).startsWith("+OK");
      client.startTls();
      assertThat(client.ask("PASS secret")).isEqualTo("-ERR USER first");
      client.ask("CAPA");
      assertThat(client.lines()).doesNotContain("STLS").contains("SASL PLAIN LOGIN");
      assertThat(client.ask("STLS")).isEqualTo("-ERR TLS is not to be had, or spoken already");
      client.ask("USER " + user);
      assertThat(client.ask("PASS secret")).isEqualTo(MAILDROP);
      assertThat(client.ask("QUIT")).isEqualTo("+OK goodbye");
    }
  }

  /// CVE-2021-33515, CVE-2021-38542, CVE-2022-28220.
  @Test
  void plaintextBehindStlsEndsTheConnection() throws IOException {
    try (var server = serveTls();
        Client client = server.connect()) {
      client.line();
      client.send("STLS\r\nUSER x\r\n");
      assertThat(client.rest()).isIn("", "<reset>");
    }
  }

  @Test
  void stlsIsNotToBeHadWithoutKeysNorAfterUtf8() throws IOException {
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      assertThat(client.ask("STLS")).isEqualTo("-ERR TLS is not to be had, or spoken already");
    }
    try (var server = serveTls();
        Client client = server.connect()) {
      client.line();
      client.ask("UTF8");
      assertThat(client.ask("STLS")).isEqualTo("-ERR STLS comes before UTF8");
    }
  }

  private static PostOffice.Server serveTls() throws IOException {
    Tls tls = Tls.selfSigned(directory, "localhost");
    return PostOffice.Server.open(
        Endpoint.startTls("pop3", PostOffice.anyPort(), tls),
        Limits.DEFAULTS,
        new Pop3(office.store(), Pop3Settings.DEFAULTS));
  }
}
