package org.depozit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Runs as a program of its own too, since a JVM settles its carriers with its first virtual
/// thread.
class CarriersTests {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /// As many threads that burn as there are processors, and one that only wants to run.
  public static void main(String[] args) throws InterruptedException {
    Main.carriers();
    AtomicBoolean over = new AtomicBoolean();
    int processors = Runtime.getRuntime().availableProcessors();
    CountDownLatch burning = new CountDownLatch(processors);
    for (int i = 0; i < processors; i++) {
      Thread.ofVirtual()
          .start(() -> {
            burning.countDown();
            while (!over.get()) {
              Thread.onSpinWait();
            }
          });
    }
    burning.await();
    Thread.ofVirtual().start(() -> over.set(true)).join();
  }

  @Test
  void whatBurnsProcessorTimeLetsOthersRun() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                CarriersTests.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
