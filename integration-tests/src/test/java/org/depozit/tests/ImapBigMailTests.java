package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.depozit.wire.Limits;
import org.depozit.wire.Tls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mail that is big or deep, by IMAP: what a transcript cannot hold. RFC 3501 §6.4.5, §7.4.2.
class ImapBigMailTests {
  private static final Pattern LITERAL = Pattern.compile("\\* 1 FETCH \\(.* \\{(\\d+)}");

  @TempDir Path data;

  private TestServer server;
  private Wire imap;

  @BeforeEach
  void logIn() throws IOException {
    Tls tls = Tls.selfSigned(data, "localhost");
    server = new TestServer(Files.createDirectory(data.resolve("store")), tls, Limits.DEFAULTS);
    server.user("ana");
    imap = new Wire(server.address("imap"));
    imap.send("a LOGIN ana secret\r\nb SELECT INBOX\r\n");
    imap.skipTo("b OK");
  }

  @AfterEach
  void stop() throws IOException {
    imap.close();
    server.close();
  }

  private void append(String mail) throws IOException {
    imap.send("c APPEND INBOX {" + mail.length() + "+}\r\n" + mail + "\r\n");
    imap.skipTo("c OK");
  }

  /// The octets that FETCH brings of message 1.
  private String fetched(String item) throws IOException {
    imap.send("d FETCH 1 " + item + "\r\n");
    Matcher head = LITERAL.matcher(imap.line());
    assertThat(head.matches()).isTrue();
    String octets = imap.octets(Integer.parseInt(head.group(1)));
    imap.skipTo("d OK");
    return octets;
  }

  /// Interop 29.
  @Test
  void chunksThatDoNotDivideTheSizeAddUpToTheWhole() throws IOException {
    StringBuilder mail = new StringBuilder("Subject: big\r\n\r\n");
    Random random = new Random(7);
    while (mail.length() < 400_000) {
      mail.append(Long.toHexString(random.nextLong())).append("\r\n");
    }
    append(mail.toString());
    StringBuilder chunks = new StringBuilder();
    for (String chunk = "?"; !chunk.isEmpty(); chunks.append(chunk)) {
      chunk = fetched("BODY.PEEK[]<" + chunks.length() + ".65521>");
    }
    assertThat(chunks.toString()).isEqualTo(mail.toString());
    assertThat(fetched("BODY.PEEK[]")).isEqualTo(mail.toString());
  }

  /// Interop 32.
  @Test
  void tenThousandPartsAreListedAndFetched() throws IOException {
    StringBuilder mail = new StringBuilder("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for (int part = 1; part <= 9_990; part++) {
      mail.append("--b\r\n\r\npart ").append(part).append("\r\n");
    }
    append(mail.append("--b--\r\n").toString());
    imap.send("e FETCH 1 BODYSTRUCTURE\r\n");
    String structure = imap.line();
    imap.expect("e OK");
    assertThat(structure.split("\"us-ascii\"", -1)).hasSize(9_991);
    assertThat(fetched("BODY.PEEK[1]")).isEqualTo("part 1");
    assertThat(fetched("BODY.PEEK[9990]")).isEqualTo("part 9990");
  }

  @Test
  void partsBeyondAllBoundsDoNoHarm() throws IOException {
    append(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(100_000));
    append(nested(5_000));
    imap.send("e FETCH 1:2 (BODYSTRUCTURE BODY ENVELOPE)\r\n");
    imap.expect("* 1 FETCH (", "* 2 FETCH (", "e OK");
    imap.send("f FETCH 2 BODY.PEEK[" + "1.".repeat(4_000) + "1]\r\n");
    imap.expect("* 2 FETCH (BODY[1.1.", "f OK");
  }

  private static String nested(int levels) {
    StringBuilder mail = new StringBuilder();
    for (int level = 0; level < levels; level++) {
      mail.append("Content-Type: multipart/mixed; boundary=b").append(level).append("\r\n\r\n");
      mail.append("--b").append(level).append("\r\n");
    }
    return mail.append("\r\nthe end\r\n").toString();
  }

  /// Attacks 1: what is held open without a line's end costs nothing and comes to an end.
  @Test
  void parenthesesWithoutEndEndTheConnection() throws IOException {
    try (Wire flood = new Wire(server.address("imap"))) {
      flood.expect("* OK");
      flood.send("a NOOP " + "(".repeat(3 << 20));
      flood.expect("a BAD", "* BYE");
    }
  }

  /// Nothing of a message is kept for a client that does not read it.
  @Test
  void aMessageOfManyMegabytesComesBackWhole() throws IOException {
    String line = "0123456789abcdef".repeat(4) + "\r\n";
    String mail = "Subject: huge\r\n\r\n" + line.repeat(300_000);
    append(mail);
    assertThat(fetched("BODY.PEEK[]").equals(mail)).isTrue();
  }
}
