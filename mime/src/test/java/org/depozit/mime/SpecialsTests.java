package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpecialsTests {
  private static final String SOME = "\0\t ?@[\\]~\u007f";

  @Test
  void hasWhatItIsMadeOfAndNothingElse() {
    Specials some = Specials.of(SOME);
    Specials more = Specials.of(SOME).andControls();
    for (char c = 0; c < 0xFFFF; c++) {
      assertThat(some.has(c)).as("U+%04X", (int) c).isEqualTo(SOME.indexOf(c) >= 0);
      assertThat(more.has(c)).as("U+%04X", (int) c).isEqualTo(SOME.indexOf(c) >= 0 || c <= ' ');
    }
  }

  @Test
  void findsTheFirst() {
    Specials some = Specials.of(SOME);
    assertThat(some.first("a@b@c", 0, 5)).isEqualTo(1);
    assertThat(some.first("a@b@c", 2, 5)).isEqualTo(3);
    assertThat(some.first("a@b@c", 2, 3)).isEqualTo(3);
    assertThat(some.first("a@b@c", 5, 5)).isEqualTo(5);
  }
}
