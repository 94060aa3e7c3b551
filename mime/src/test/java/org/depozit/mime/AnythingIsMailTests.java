package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.depozit.mime.BodyText.Scope;
import org.junit.jupiter.api.Test;

/// Seeded random mails: whatever the octets, parsing ends well, and what it says fits the content.
class AnythingIsMailTests {
  private static final String[] PIECES = {
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "--",
    "--a",
    "--a--",
    "--ab",
    "--b--",
    "\r\n--a\r\n",
    "\r\n--b\r\n",
    " ",
    "\t",
    ":",
    ";",
    "=",
    "\"",
    "\\",
    "(",
    ")",
    "<",
    ">",
    "@",
    ",",
    "=?utf-8?Q?",
    "=?",
    "?=",
    "=C3=A2",
    "\u00c3\u00a2",
    "\u00ff",
    "\0",
    "From: ",
    "To: a@b",
    "Subject: ",
    "Date: 1 Jan 2020 10:00 GMT",
    "Content-Type: ",
    "multipart/mixed; boundary=a",
    "multipart/digest; boundary=\"b\"",
    "multipart/alternative; boundary=ab",
    "message/rfc822",
    "text/html; charset=",
    "text/plain; name*0*=",
    "name*1=x",
    "Content-Transfer-Encoding: base64",
    "Content-Disposition: attachment; ",
    "Content-Language: a, b",
    "References: <a@b> <c>",
    "Re: [x] ",
    "group:",
    "x"
  };

  private final MessageParser parser = new MessageParser();

  @Test
  void readsRandomPieces() throws Exception {
    Random random = new Random(42);
    for (int round = 0; round < 8_000; round++) {
      ByteArrayOutputStream mail = new ByteArrayOutputStream();
      for (int i = random.nextInt(60); i > 0; i--) {
        String piece = PIECES[random.nextInt(PIECES.length)];
        mail.writeBytes(piece.getBytes(StandardCharsets.ISO_8859_1));
      }
      byte[] octets = mail.toByteArray();
      holds(parser, random.nextBoolean() ? Crlf.of(octets) : octets);
    }
  }

  @Test
  void readsRandomOctets() throws Exception {
    Random random = new Random(43);
    for (int round = 0; round < 1_000; round++) {
      byte[] mail = new byte[random.nextInt(400)];
      random.nextBytes(mail);
      holds(parser, mail);
    }
  }

  @Test
  void readsRealMailWithDamage() throws Exception {
    Random random = new Random(44);
    for (String name : new String[] {"nested", "odd-types", "digest", "unclosed"}) {
      byte[] mail =
          StructureTests.class.getResourceAsStream("/mail/" + name + ".eml").readAllBytes();
      for (int round = 0; round < 500; round++) {
        byte[] damaged = mail.clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        holds(parser, Crlf.of(damaged));
      }
    }
  }

  @Test
  void readsTheSameWithinNarrowBounds() throws Exception {
    MessageParser narrow = new MessageParser(new MimeLimits(100, 200, 3, 2, 2, 50, 20, 2, 2, 2));
    Random random = new Random(45);
    for (int round = 0; round < 3_000; round++) {
      ByteArrayOutputStream mail = new ByteArrayOutputStream();
      for (int i = random.nextInt(80); i > 0; i--) {
        String piece = PIECES[random.nextInt(PIECES.length)];
        mail.writeBytes(piece.getBytes(StandardCharsets.ISO_8859_1));
      }
      holds(narrow, mail.toByteArray());
    }
  }

  private static void holds(MessageParser parser, byte[] mail) throws Exception {
    Octets content = Octets.of(mail);
    ParsedMessage message = parser.parse(content);
    BodyStructure structure = message.structure();
    Shapes.holds(structure, mail.length);
    assertThat(BodyStructure.decode(structure.encode())).isEqualTo(structure);
    isOneLineOfSevenBits(message.envelope().rendered());
    isOneLineOfSevenBits(structure.rendered(true));
    isOneLineOfSevenBits(structure.rendered(false));
    BodyText.contains(content, structure, "NOT IN THERE", Scope.TEXT);
    Octets header = content.slice(structure.part().header());
    long picked = HeaderFields.select(header, Set.of("to", "from"), false).length();
    long left = HeaderFields.select(header, Set.of("to", "from"), true).length();
    assertThat(picked + left).isLessThanOrEqualTo(header.length() + 4);
    HeaderFields.decoded(header, "subject");
  }

  private static void isOneLineOfSevenBits(byte[] rendered) {
    String text = new String(rendered, StandardCharsets.ISO_8859_1);
    assertThat(text.chars().allMatch(c -> c >= ' ' && c <= '~')).as(text).isTrue();
  }
}
