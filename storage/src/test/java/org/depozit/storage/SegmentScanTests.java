package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.depozit.storage.SimulatedDisk.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be had of single segments.
final class SegmentScanTests {
  private final SimulatedDisk disk = new SimulatedDisk();

  private static void append(Log log, int number) throws IOException {
    log.begin();
    log.group().add(LogSample.numbered(number));
    log.append();
  }

  private static List<Integer> numbers(LogFiles files, long segment) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    SegmentScan.read(
        files,
        segment,
        0,
        new SegmentScan.Taker() {
          @Override
          public void group(Group.Read group, long offset) throws IOException {
            group.changes().forEach(change -> numbers.add(LogSample.number(change).orElseThrow()));
          }

          @Override
          public void damaged(long from, long to) {}
        });
    return numbers;
  }

  /// Two groups, and two that are given up since their force fails; they stand in the next segment
  /// anew.
  private LogFiles givenUp() throws IOException {
    try (Log log = LogSample.open(disk.path("/log"), LogSample.limits(1 << 16), group -> {})) {
      append(log, 1);
      append(log, 2);
      log.force();
      append(log, 3);
      append(log, 4);
      disk.watch((operation, _, _, _) -> {
        if (operation == Operation.FORCE) {
          throw new IOException("Input/output error");
        }
      });
      assertThatThrownBy(log::force).hasMessageContaining("Input/output error");
      disk.watch((_, _, _, _) -> {});
      log.mend();
      append(log, 5);
      log.force();
      return log.files();
    }
  }

  /// How far into the first segment an octet is flipped; nothing there at 0.
  @ParameterizedTest
  @ValueSource(ints = {0, 20, 80, 140})
  void whatWasGivenUpIsNotReadWhenTheSegmentThatSaysSoIsGone(int damaged) throws IOException {
    LogFiles files = givenUp();
    long first = files.segments().getFirst();
    Path file = files.segment(first);
    if (damaged > 0) {
      byte[] octets = Files.readAllBytes(file);
      octets[damaged] ^= 1;
      Files.write(file, octets);
    }
    List<Integer> before = numbers(files, first);
    assertThat(before).doesNotContain(3, 4).hasSizeGreaterThanOrEqualTo(damaged > 0 ? 1 : 2);
    SegmentScan.cutUndone(files, first);
    Files.delete(files.segment(files.segments().getLast()));
    assertThat(numbers(files, first)).isEqualTo(before);
  }
}
