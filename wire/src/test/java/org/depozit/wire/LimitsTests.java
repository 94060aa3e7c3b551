package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTests {
  @Test
  void oneBoundIsChangedAndTheOthersStay() {
    Limits changed = Limits.DEFAULTS.with("imapLine", 8192);
    assertThat(changed.imapLine()).isEqualTo(8192);
    assertThat(changed.with("imapLine", Limits.DEFAULTS.imapLine())).isEqualTo(Limits.DEFAULTS);
  }

  @Test
  void everyTypeOfBoundCanBeChanged() {
    Limits changed =
        Limits.DEFAULTS
            .with("appendLimit", 5_000_000_000L)
            .with("messageLimit", 1000)
            .with("loopbackTrusted", false)
            .with("writeTime", Duration.ofSeconds(1));
    assertThat(changed.appendLimit()).isEqualTo(5_000_000_000L);
    assertThat(changed.messageLimit()).isEqualTo(1000);
    assertThat(changed.loopbackTrusted()).isFalse();
    assertThat(changed.writeTime()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void unknownNamesWrongTypesAndSenselessValuesAreRefused() {
    assertThatThrownBy(() -> Limits.DEFAULTS.with("imapLines", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("imapLines");
    assertThatThrownBy(() -> Limits.DEFAULTS.with("imapLine", "1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Limits.DEFAULTS.with("imapLine", -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("imapLine");
    assertThatThrownBy(() -> Limits.DEFAULTS.with("imapIdleTime", Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("imapIdleTime");
    assertThatThrownBy(() -> Limits.type("imapLines")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesAndTypesServeTheConfiguration() {
    assertThat(Limits.names())
        .contains("connections", "imapLine", "pop3IdleTime")
        .hasSizeGreaterThan(25);
    assertThat(Limits.type("appendLimit")).isEqualTo(long.class);
    assertThat(Limits.type("pop3IdleTime")).isEqualTo(Duration.class);
  }
}
