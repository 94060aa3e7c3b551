package org.depozit.lmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where data ends, and what it is until then. RFC 5321 §4.5.2; the smuggling of CVE-2023-51747.
class MailDataTests {
  /// `r` and `n` stand for CR and LF.
  @ParameterizedTest
  @CsvSource({
    "'.rn', ''",
    "'a rn.rn', 'a rn'",
    "'rn.rn', 'rn'",
    "'..rn.rn', '.rn'",
    "'...rn.rn', '..rn'",
    "'.a rn.rn', 'a rn'",
    "'a.rn.rn', 'a.rn'",
    "'a n.nb rn.rn', 'a n.nb rn'",
    "'a n.rnb rn.rn', 'a n.rnb rn'",
    "'a r.rb rn.rn', 'a r.rb rn'",
    "'a rn.nb rn.rn', 'a rnnb rn'",
    "'a rn.rb rn.rn', 'a rnrb rn'",
    "'a rn.rrn.rn', 'a rnrrn'",
    "'a r.rnb rn.rn', 'a r.rnb rn'",
    "'a rrn.rn', 'a rrn'",
    "'a nrn.rn', 'a nrn'",
    "'a rn..rnb rn.rn', 'a rn.rnb rn'"
  })
  void onlyCrlfDotCrlfEndsTheData(String sent, String kept) throws IOException {
    ByteArrayInputStream wire = new ByteArrayInputStream(octets(sent + "QUIT rn"));
    assertThat(read(wire)).isEqualTo(octets(kept));
    assertThat(wire.readAllBytes()).as("left for the next command").isEqualTo(octets("QUIT rn"));
  }

  @Test
  void whoLeavesInsideTheDataHasSentNothing() {
    byte[] whole = octets("a rn..b rn.rn");
    for (int length = 0; length < whole.length; length++) {
      ByteArrayInputStream wire = new ByteArrayInputStream(whole, 0, length);
      assertThatThrownBy(() -> read(wire)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void whatIsStuffedComesOutAsItWas() throws IOException {
    Random random = new Random(5321);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder lines = new StringBuilder();
      for (int n = random.nextInt(40); n > 0; n--) {
        lines.append("..\r\n\0ab\n\rcd\u00ff".charAt(random.nextInt(12)));
      }
      String text = lines + "\r\n";
      String stuffed =
          (text.startsWith(".") ? "." : "") + text.replace("\r\n.", "\r\n..") + ".\r\n";
      byte[] octets = stuffed.getBytes(StandardCharsets.ISO_8859_1);
      assertThat(read(new ByteArrayInputStream(octets)))
          .isEqualTo(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void aLineOfTenMegabytesIsNoTrouble() throws IOException {
    byte[] long1 = ("x".repeat(10_000_000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    sent.write(long1);
    sent.write(octets(".rn"));
    assertThat(read(new ByteArrayInputStream(sent.toByteArray()))).isEqualTo(long1);
  }

  private static byte[] read(ByteArrayInputStream wire) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    MailData.read(wire::read, kept);
    return kept.toByteArray();
  }

  private static byte[] octets(String text) {
    return text.replace('r', '\r').replace('n', '\n').getBytes(StandardCharsets.US_ASCII);
  }
}
