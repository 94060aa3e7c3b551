package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineEndsTests {

  /// `#` is CR, `/` is LF; `+` (U+000B) and `!` (U+008A) differ from LF by one bit, and by a borrow
  /// the octet behind a match looks like one, too.
  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "/, 0, 0",
    "#, 1, 0",
    "abcdefgh, 8, 8",
    "abcdefg/, 7, 7",
    "abcdefgh/, 8, 8",
    "abcdefg#/, 8, 7",
    "#abcdef/, 7, 0",
    "/+/+/+/+, 0, 0",
    "+++++++/, 7, 7",
    "!!!!!!!!!!/, 10, 10",
    "abcdefghijklmno#, 16, 15",
  })
  void findsTheFirst(String text, int lf, int crOrLf) {
    byte[] octets =
        text.replace('#', '\r')
            .replace('/', '\n')
            .replace('+', '\u000b')
            .replace('!', '\u008a')
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(LineEnds.lf(octets, 0, octets.length)).isEqualTo(lf);
    assertThat(LineEnds.crOrLf(octets, 0, octets.length)).isEqualTo(crOrLf);
  }

  @Test
  void looksNeitherBeforeNorBehind() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      byte[] octets = new byte[random.nextInt(40)];
      for (int i = 0; i < octets.length; i++) {
        octets[i] = (byte) "\n\r\u000b\u000c\u008a\u008d\u0000\u00ffab".charAt(random.nextInt(10));
      }
      int from = random.nextInt(octets.length + 1);
      int to = from + random.nextInt(octets.length - from + 1);
      assertThat(LineEnds.lf(octets, from, to)).isEqualTo(slowly(octets, from, to, '\n'));
      assertThat(LineEnds.crOrLf(octets, from, to))
          .isEqualTo(Math.min(slowly(octets, from, to, '\n'), slowly(octets, from, to, '\r')));
    }
  }

  private static int slowly(byte[] octets, int from, int to, char wanted) {
    int at = from;
    while (at < to && octets[at] != wanted) {
      at++;
    }
    return at;
  }
}
