package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

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
}
