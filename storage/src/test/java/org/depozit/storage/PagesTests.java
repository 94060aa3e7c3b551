package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies over a file reads as if it were in it.
final class PagesTests {
  @TempDir private Path directory;

  /// A file as an array.
  private static final class Model {
    private byte[] octets = new byte[0];

    void write(byte[] data, int offset) {
      octets = Arrays.copyOf(octets, Math.max(octets.length, offset + data.length));
      System.arraycopy(data, 0, octets, offset, data.length);
    }

    void truncate(int size) {
      octets = Arrays.copyOf(octets, Math.min(size, octets.length));
    }
  }

  @Test
  void anyWritesAndCutsReadAsInAFileBeforeAndAfterTheyAreInIt() throws IOException {
    for (int seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      Model model = new Model();
      try (SteadyFile file = SteadyFile.open(directory.resolve("file" + seed))) {
        Pages pages = new Pages(0);
        for (int step = 0; step < 200; step++) {
          change(pages, model, random);
          check(pages, model, file, random);
          if (random.nextInt(15) == 0) {
            pages.batch().writeTo(file);
            check(pages, model, file, random);
            pages.settle();
            assertThat(pages.octets()).isZero();
            check(pages, model, file, random);
            assertThat(file.size()).isEqualTo(model.octets.length);
          }
        }
      }
    }
  }

  private static void change(Pages pages, Model model, Random random) {
    if (random.nextInt(8) == 0) {
      int size = random.nextInt(600);
      pages.truncate(size);
      model.truncate(size);
    } else {
      byte[] data = new byte[random.nextInt(80)];
      random.nextBytes(data);
      // A hole behind the end reads as zeros; an empty write makes none.
      int offset = random.nextInt(500);
      ByteBuffer buffer = ByteBuffer.wrap(data);
      pages.write(buffer, offset);
      assertThat(buffer.hasRemaining()).isFalse();
      if (data.length > 0) {
        model.write(data.clone(), offset);
        Arrays.fill(data, (byte) 77);
      }
    }
  }

  private static void check(Pages pages, Model model, SteadyFile file, Random random)
      throws IOException {
    assertThat(pages.size()).isEqualTo(model.octets.length);
    int offset = random.nextInt(model.octets.length + 1);
    ByteBuffer part = ByteBuffer.allocate(1 + random.nextInt(700)).position(1);
    int count = pages.read(part, offset, file);
    int expected = Math.min(part.capacity() - 1, model.octets.length - offset);
    if (part.capacity() == 1) {
      assertThat(count).isZero();
    } else if (expected == 0) {
      assertThat(count).isEqualTo(-1);
    } else {
      assertThat(count).isEqualTo(expected);
      assertThat(Arrays.copyOfRange(part.array(), 1, 1 + count))
          .isEqualTo(Arrays.copyOfRange(model.octets, offset, offset + count));
    }
  }

  @Test
  void whatIsWrittenTwiceCountsOnce() {
    Pages pages = new Pages(0);
    pages.write(ByteBuffer.allocate(100), 0);
    pages.write(ByteBuffer.allocate(100), 50);
    pages.write(ByteBuffer.allocate(10), 60);
    assertThat(pages.octets()).isEqualTo(150);
    pages.truncate(70);
    assertThat(pages.octets()).isEqualTo(70);
  }
}
