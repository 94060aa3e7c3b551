package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrlfTests {

  @ParameterizedTest
  @CsvSource({
    "a, a",
    "a/, a#/",
    "a#/, a#/",
    "a#, a#/",
    "a#b, a#/b",
    "##/, #/#/",
    "/#, #/#/",
    "//, #/#/",
    "##, #/#/",
    "#/#/, #/#/",
    "'', ''",
  })
  void makesEachBareLineEndWhole(String mail, String expected) {
    assertThat(Crlf.of(octets(mail))).isEqualTo(octets(expected));
  }

  @Test
  void doesNotCareHowTheMailIsSliced() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      byte[] mail = randomMail(random);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Crlf crlf = new Crlf(out);
      for (int at = 0; at < mail.length; ) {
        int length = Math.min(mail.length - at, random.nextInt(4));
        crlf.write(mail, at, length);
        at += length;
      }
      byte[] whole = Crlf.of(mail);
      assertThat(out.toByteArray()).isEqualTo(whole);
      assertThat(crlf.count()).isEqualTo(whole.length);
      assertThat(Crlf.of(whole)).as("passing twice is passing once").isSameAs(whole);
    }
  }

  private static byte[] randomMail(Random random) {
    byte[] mail = new byte[random.nextInt(30)];
    for (int i = 0; i < mail.length; i++) {
      mail[i] = (byte) "a\r\n.".charAt(random.nextInt(4));
    }
    return mail;
  }

  private static byte[] octets(String text) {
    return text.replace('#', '\r').replace('/', '\n').getBytes(StandardCharsets.US_ASCII);
  }
}
