package org.depozit.imap.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModifiedUtf7Tests {
  @ParameterizedTest
  @CsvSource({
    "INBOX, INBOX",
    "R&D, R&-D",
    "台北, '&U,BTFw-'",
    "~peter/mail/台北/日本語, '~peter/mail/&U,BTFw-/&ZeVnLIqe-'",
    "Entwürfe, Entw&APw-rfe",
    "Trimise – 😀, Trimise &IBM- &2D3eAA-",
    "a%b*c\"d\\e, a%b*c\"d\\e"
  })
  void knowsBothWays(String name, String encoded) {
    assertThat(ModifiedUtf7.encode(name)).isEqualTo(encoded);
    assertThat(ModifiedUtf7.decode(encoded)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&",
        "R&D",
        "&AGEA-",
        "&AGE-",
        "&AC8-",
        "&AC4-",
        "&U,BTF-",
        "&U/BTFw-",
        "&2D0-",
        "&3gA-",
        "&AOk=-",
        "&AOl-",
        "é",
        "\u0000",
        "a\tb"
      })
  void refusesWhatIsAmbiguousOrBroken(String encoded) {
    assertThat(ModifiedUtf7.decode(encoded)).isEmpty();
  }

  @Test
  void takesTwoShiftsSideBySide() {
    assertThat(ModifiedUtf7.decode("&U,BTFw-&ZeVnLIqe-")).contains("台北日本語");
  }

  @Test
  void bringsEveryNameBack() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      String name =
          random
              .ints(random.nextInt(20), 0x20, 0x1_F640)
              .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      String encoded = ModifiedUtf7.encode(name);
      assertThat(encoded).matches("[ -~]*");
      assertThat(ModifiedUtf7.decode(encoded)).contains(name);
    }
  }
}
