package org.depozit.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.depozit.wire.Limits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a message, over real sockets and a real store. RFC 2033 §4.2, RFC 5321 §4.4 and
/// §4.5.2.
class DeliveryTests {
  @TempDir static Path directory;
  private static PostOffice office;

  @BeforeAll
  static void open() {
    office = new PostOffice(directory);
  }

  @AfterAll
  static void close() {
    office.close();
  }

  @Test
  void eachRecipientHasAReplyAndACopyOfItsOwn() throws IOException {
    String ana = office.account();
    String bob = office.account();
    try (var server = office.serve();
        Client client = server.greeted()) {
      client.address(ana, bob + "@example.org");
      assertThat(client.ask("RCPT TO:<nobody>")).startsWith("550 5.1.1");
      client.data().send("Subject: x\r\n\r\n..a\r\n.\r\n");
      String first = client.reply();
      assertThat(first).matches("250 2\\.1\\.5 kept, id [a-z0-9-]+");
      assertThat(client.reply()).isEqualTo(first);
      assertThat(client.ask("NOOP")).startsWith("250 2.0.0");
    }
    assertThat(office.bodies(ana)).containsExactly("Subject: x//.a/");
    assertThat(office.bodies(bob)).containsExactly("Subject: x//.a/");
    assertThat(office.messages(bob).getFirst())
        .matches(
            """
            Return-Path: <sender@example\\.org>
            Delivered-To: %1$s@example\\.org
            Received: from relay\\.example \\(\\[127\\.0\\.0\\.1\\]\\)
            \tby mail\\.example with LMTP id [a-z0-9-]+
            \tfor <%1$s@example\\.org>; \\w{3}, \\d+ \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}
            Subject: x

            \\.a
            """
                .formatted(bob)
                .replace("\n", "\r\n"));
  }

  /// RFC 2033 §4.2: one reply for each RCPT, also when two name the same.
  @Test
  void aRecipientNamedTwiceIsAnsweredTwice() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.greeted()) {
      client.address(user, user).data().send("a\r\n.\r\n");
      assertThat(client.reply()).startsWith("250 2.1.5");
      assertThat(client.reply()).startsWith("250 2.1.5");
      assertThat(client.ask("QUIT")).startsWith("221");
    }
  }

  /// RFC 2920: everything up to DATA in one packet, then the next transaction behind the dot.
  @Test
  void aWholeSessionMayComeInTwoPackets() throws IOException {
    String user = office.account();
    String begin = "MAIL FROM:<>\r\nRCPT TO:<%s>\r\nDATA\r\n".formatted(user);
    try (var server = office.serve();
        Client client = server.connect()) {
      client.reply();
      client.send("LHLO x\r\n" + begin);
      assertThat(client.reply()).startsWith("250-");
      assertThat(client.reply()).startsWith("250 2.1.0");
      assertThat(client.reply()).startsWith("250 2.1.5");
      assertThat(client.reply()).startsWith("354 ");
      client.send("one\r\n.\r\n" + begin);
      assertThat(client.reply()).startsWith("250 2.1.5 kept");
      assertThat(client.reply()).startsWith("250 2.1.0");
      assertThat(client.reply()).startsWith("250 2.1.5");
      assertThat(client.reply()).startsWith("354 ");
      client.send("two\r\n.\r\nQUIT\r\n");
      assertThat(client.reply()).startsWith("250 2.1.5 kept");
      assertThat(client.reply()).startsWith("221");
    }
    assertThat(office.bodies(user)).containsExactly("one/", "two/");
    assertThat(office.messages(user).getFirst()).startsWith("Return-Path: <>\r\n");
  }

  /// CVE-2023-51747: what is not CRLF, dot, CRLF is data, and comes out with CRLF line ends.
  @Test
  void noSecondMessageCanBeSmuggledIn() throws IOException {
    String user = office.account();
    String evil = "MAIL FROM:<evil@example.org>";
    String data =
        "a\n.\n" + evil + "\r.\r" + evil + "\n.\r\n" + evil + "\r\n.\n" + evil + "\r\n.\r\n";
    try (var server = office.serve();
        Client client = server.greeted()) {
      client.address(user).data().send(data);
      assertThat(client.reply()).startsWith("250 2.1.5");
      assertThat(client.ask("NOOP")).as("nothing was left over").startsWith("250 2.0.0");
    }
    assertThat(office.bodies(user))
        .containsExactly("a/./" + evil + "/./" + evil + "/./" + evil + "//" + evil + "/");
  }

  @Test
  void everyOctetIsKept() throws IOException {
    String user = office.account();
    StringBuilder all = new StringBuilder("Subject: all\r\n\r\n");
    for (char c = 0; c < 256; c++) {
      all.append(c == '\r' || c == '\n' ? '_' : c);
    }
    try (var server = office.serve();
        Client client = server.greeted()) {
      client.address(user).data();
      client.send((all + "\r\n.\r\n").getBytes(StandardCharsets.ISO_8859_1));
      assertThat(client.reply()).startsWith("250");
    }
    assertThat(office.bodies(user)).containsExactly(all.toString().replace("\r\n", "/") + "/");
  }

  @Test
  void anEmptyMessageIsAMessage() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.greeted()) {
      client.address(user).data().send(".\r\n");
      assertThat(client.reply()).startsWith("250 2.1.5");
    }
    assertThat(office.messages(user).getFirst()).startsWith("Return-Path:").endsWith("\r\n");
    assertThat(office.bodies(user)).containsExactly("");
  }

  @Test
  void tooMuchIsReadToItsEndAndRefusedForEach() throws IOException {
    String user = office.account();
    Limits limits = Limits.DEFAULTS.with("messageLimit", 100_000);
    try (var server = office.serve(office.store(), limits);
        Client client = server.greeted()) {
      client.address(user, user).data();
      for (int i = 0; i < 300; i++) {
        client.send("x".repeat(998) + "\r\n");
      }
      client.send(".\r\n");
      assertThat(client.reply()).isEqualTo("552 5.3.4 message too big");
      assertThat(client.reply()).isEqualTo("552 5.3.4 message too big");
      client.address(user).data().send("small\r\n.\r\n");
      assertThat(client.reply()).startsWith("250 2.1.5");
    }
    assertThat(office.bodies(user)).containsExactly("small/");
  }

  @Test
  void aLineOfTenMegabytesIsKept() throws IOException {
    String user = office.account();
    byte[] line = "x".repeat(10_000_000).getBytes(StandardCharsets.US_ASCII);
    try (var server = office.serve();
        Client client = server.greeted()) {
      client.address(user).data().send(line).send("\r\n.\r\n");
      assertThat(client.reply()).startsWith("250 2.1.5");
    }
    assertThat(office.bodies(user).getFirst()).hasSize(10_000_001);
  }

  @Test
  void whoLeavesInsideTheDataHasDeliveredNothing() throws IOException {
    String user = office.account();
    String data = "Subject: x\r\n\r\n..a\r\n.\r\n";
    try (var server = office.serve()) {
      for (int length = 0; length < data.length(); length++) {
        try (Client client = server.greeted()) {
          client.address(user).data().send(data.substring(0, length));
        }
      }
      try (Client client = server.greeted()) {
        client.address(user).data().send("last\r\n.\r\n");
        assertThat(client.reply()).startsWith("250");
      }
    }
    assertThat(office.bodies(user)).containsExactly("last/");
  }

  @Test
  void eachRecipientIsToldWhatBecameOfItsCopy() throws IOException {
    assertThat(replies("KEPT", "OVER_QUOTA", "NONEXISTENT", "TOO_BIG", "UNAVAILABLE", "CANNOT"))
        .satisfiesExactly(
            reply -> assertThat(reply).startsWith("250 2.1.5"),
            reply -> assertThat(reply).startsWith("452 4.2.2"),
            reply -> assertThat(reply).startsWith("550 5.1.1"),
            reply -> assertThat(reply).startsWith("552 5.3.4"),
            reply -> assertThat(reply).startsWith("452 4.3.1"),
            reply -> assertThat(reply).startsWith("554 5.3.0"));
  }

  @Test
  void troubleOfTheStoreIsToldToEach() throws IOException {
    assertThat(replies("REFUSED", "", "")).hasSize(3).allMatch(one -> one.startsWith("452 4.3.1"));
    assertThat(replies("FAULT", "")).hasSize(2).allMatch(one -> one.startsWith("451 4.3.0"));
  }

  private static List<String> replies(String... fate) throws IOException {
    String[] recipients = new String[fate.length];
    for (int i = 0; i < fate.length; i++) {
      recipients[i] = office.account();
    }
    var store = new StagedStore(office.store(), List.of(fate));
    try (var server = office.serve(store, Limits.DEFAULTS);
        Client client = server.greeted()) {
      client.address(recipients).data().send("a\r\n.\r\n");
      String[] replies = new String[fate.length];
      for (int i = 0; i < fate.length; i++) {
        replies[i] = client.reply();
      }
      assertThat(client.ask("NOOP")).as("one reply each, and no more").startsWith("250 2.0.0");
      return List.of(replies);
    }
  }
}
