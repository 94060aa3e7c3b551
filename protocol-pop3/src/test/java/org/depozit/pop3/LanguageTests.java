package org.depozit.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// LANG's languages and their texts. RFC 6856 §3.
class LanguageTests {
  private static final Pattern VALUE = Pattern.compile("%d");

  @Test
  void aRangeFindsItsLanguage() {
    assertThat(Language.matching("en")).contains(Language.EN);
    assertThat(Language.matching("EN-gb")).contains(Language.EN);
    assertThat(Language.matching("ro-MD")).contains(Language.RO);
    assertThat(Language.matching("*")).contains(Language.EN);
    assertThat(Language.matching("MUL")).isEmpty();
    assertThat(Language.matching("rom")).isEmpty();
    assertThat(Language.matching("")).isEmpty();
  }

  @Test
  void everyTextHasTheSameValuesInEveryLanguage() {
    for (Phrase phrase : Phrase.values()) {
      long values = VALUE.matcher(phrase.text(Language.EN)).results().count();
      assertThat(VALUE.matcher(phrase.text(Language.RO)).results().count())
          .as(phrase.name())
          .isEqualTo(values);
    }
  }

  /// RFC 1939 §3 wants ASCII, RFC 2449 §4 at most 512 octets, and RFC 2449 §6.4 keeps `[` for
  /// response codes.
  @Test
  void everyTextIsFitForAReply() {
    for (Phrase phrase : Phrase.values()) {
      assertThat(phrase.text(Language.EN)).matches("[\\x20-\\x7e]+");
      for (Language language : Language.values()) {
        String text = phrase.text(language);
        assertThat(text).doesNotStartWith("[").isNotBlank();
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(400);
      }
    }
  }
}
