package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What is said of bodies that cannot be read.
final class UnreadableTests {
  private static final Change.BodyPlace PLACE = new Change.BodyPlace(7, 4_096, 200_000);
  private final IOException error = new IOException("Input/output error");

  private final Unreadable unreadable = new Unreadable();

  @Test
  void aBodyOfWhichOnlyTheBeginningCanBeReadIsSaidOnce() {
    assertThat(unreadable.seen(PLACE, 65_536, error)).isTrue();
    assertThat(unreadable.over(PLACE, 0, 65_536)).isFalse();
    assertThat(unreadable.seen(PLACE, 65_536, error)).isFalse();
    assertThat(unreadable.over(PLACE, 131_072, 65_536)).isFalse();
  }

  @Test
  void itIsOverWhenTheOctetsAreReadThatCouldNotBe() {
    assertThat(unreadable.seen(PLACE, 65_536, error)).isTrue();
    assertThat(unreadable.over(new Change.BodyPlace(7, 300_000, 5), 0, 5)).isFalse();
    assertThat(unreadable.over(PLACE, 65_000, 1_000)).isTrue();
    assertThat(unreadable.seen(PLACE, 65_536, error)).isTrue();
  }
}
