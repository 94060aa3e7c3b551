package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CasemapTests {

  @ParameterizedTest
  @CsvSource({
    "Cristi, cristi",
    "CRISTI PÂRVU, cristi pârvu",
    "Ștefan, ștefan",
    "ΣΟΦΟΣ, σοφος",
    "ПРИВЕТ, привет",
    "ＦＵＬＬ, full",
    "é, e\u0301",
    "ǆ, Ǆ",
    "K, k",
    "①, 1",
  })
  void findsTheSameText(String one, String other) {
    assertThat(Casemap.fold(one)).isEqualTo(Casemap.fold(other));
  }

  @ParameterizedTest
  @CsvSource({"Ș, Ş", "s, ș", "ß, ss", "a, b"})
  void tellsOtherTextsApart(String one, String other) {
    assertThat(Casemap.fold(one)).isNotEqualTo(Casemap.fold(other));
  }

  @ParameterizedTest
  @CsvSource({"Cristi Pârvu, PÂR, true", "Cristi, '', true", "Cristi, stiu, false"})
  void findsFoldedNeedles(String text, String needle, boolean found) {
    assertThat(Casemap.contains(Casemap.fold(text), Casemap.fold(needle))).isEqualTo(found);
  }

  /// What is folded in pieces is what RFC 5051 says of the whole: each character in title case,
  /// then decomposed.
  @Test
  void foldsInPiecesAsAWhole() {
    Random random = new Random(5051);
    for (int round = 0; round < 20_000; round++) {
      String text = text(random);
      StringBuilder titled = new StringBuilder();
      text.codePoints().map(Character::toTitleCase).forEach(titled::appendCodePoint);
      assertThat(Casemap.fold(text))
          .as(text)
          .isEqualTo(Normalizer.normalize(titled, Normalizer.Form.NFKD));
    }
  }

  /// ASCII, letters with accents, marks, Hangul, halves of pairs, anything.
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(12); length > 0; length--) {
      switch (random.nextInt(6)) {
        case 0 -> text.append((char) random.nextInt(0x80));
        case 1 -> text.append((char) (0xC0 + random.nextInt(0x200)));
        case 2 -> text.append((char) (0x300 + random.nextInt(0x70)));
        case 3 -> text.append((char) (0xAC00 + random.nextInt(0x2BA4)));
        case 4 -> text.append((char) random.nextInt(0x10000));
        default -> text.appendCodePoint(0x10000 + random.nextInt(0x20000));
      }
    }
    return text.toString();
  }
}
