package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "ă ~ =?UTF-8?B?xIM=?=",
        "aă ~ =?UTF-8?B?YcSD?=",
        "aăb ~ =?UTF-8?Q?a=C4=83b?=",
        "a_b=c?ă ~ =?UTF-8?Q?a=5Fb=3Dc=3F=C4=83?=",
        "a ă b ~ =?UTF-8?Q?a_=C4=83_b?=",
      })
  void isQWhereMostIsAscii(String text, String expected) {
    assertThat(EncodedWord.of(text)).isEqualTo(expected);
  }

  /// Stored envelopes were made by it, and a message that is parsed again must come to the same.
  @Test
  void isWhatJakartaMailMakes() throws UnsupportedEncodingException {
    Random random = new Random(7);
    String[] letters = {"a", "b", " ", "?", "=", "_", "~", "\u007f", "ă", "漢", "😀", "\ud83d"};
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder("é");
      for (int i = random.nextInt(150); i > 0; i--) {
        text.append(letters[random.nextInt(round % 2 == 0 ? letters.length : 9)]);
      }
      assertThat(EncodedWord.of(text.toString()))
          .isEqualTo(MimeUtility.encodeText(text.toString(), "UTF-8", null));
    }
  }
}
