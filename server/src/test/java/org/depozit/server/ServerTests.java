package org.depozit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that cannot start.
final class ServerTests {
  @TempDir private Path data;

  /// How many threads watch over connections.
  private long watches(String name) throws IOException {
    Path dump = data.resolve(name);
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
    try (Stream<String> lines = Files.lines(dump)) {
      return lines.filter(line -> line.contains("\"connections-watch\"")).count();
    }
  }

  @Test
  void nothingIsLeftOfOneThatHasNoAdminSocket() throws IOException {
    Path deep =
        Files.createDirectories(
            data.resolve(String.join("/", Collections.nCopies(4, "a".repeat(40)))));
    long before = watches("before");
    assertThatThrownBy(() -> Server.start(Config.usual(), deep))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("no admin socket at");
    assertThat(watches("after")).isLessThanOrEqualTo(before);
  }
}
