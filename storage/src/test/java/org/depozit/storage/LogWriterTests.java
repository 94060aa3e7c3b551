package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogWriterTests {

  /// Around the slices for which room is made, and where the array grows inside a text.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_023, 1_024, 1_025, 2_048, 4_095, 5_000})
  void keepsATextOfAnyLength(int length) throws IOException {
    LogWriter writer = new LogWriter();
    String wide = "\uffff".repeat(length);
    String narrow = "a".repeat(length);
    writer.text(wide);
    writer.text(narrow);
    LogReader reader = new LogReader(ByteBuffer.wrap(writer.array(), 0, writer.length()));
    assertThat(reader.text()).isEqualTo(wide);
    assertThat(reader.text()).isEqualTo(narrow);
    assertThat(reader.atEnd()).isTrue();
  }
}
