package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The log after a force that failed: it goes on in another segment, and nothing is left of what it
/// gave up.
final class LogMendTests {
  private static final StoreLimits LIMITS = LogSample.limits(16 << 10);

  /// The force of a group fails, and each new segment's too, at its header or at what was told.
  @Test
  void aMendThatFailsLeavesNeitherAFileNorADescriptor() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path mail = disk.path("/log");
    try (Log log = LogSample.open(mail, LIMITS, group -> {})) {
      log.begin();
      log.group().add(LogSample.numbered(1));
      log.append();
      log.tell();
      int open = disk.open();
      List<String> files = names(mail);
      for (int forces = 0; forces < 6; forces++) {
        int[] left = {forces % 2};
        disk.watch((operation, _, _, metadata) -> {
          if (operation == SimulatedDisk.Operation.FORCE && metadata == 0 && left[0]-- == 0) {
            throw new IOException("Input/output error");
          }
        });
        assertThatThrownBy(log.broken() ? log::mend : log::force).isInstanceOf(IOException.class);
        left[0] = 0;
        assertThatThrownBy(log::mend).isInstanceOf(IOException.class);
        assertThat(names(mail)).isEqualTo(files);
        assertThat(disk.open()).isEqualTo(open);
      }
      disk.watch((_, _, _, _) -> {});
      log.mend();
      assertThat(disk.open()).isEqualTo(open);
    }
    assertThat(LogSample.changes(disk.cut(1).path("/log"), LIMITS))
        .containsExactly(LogSample.numbered(1));
  }

  /// The first group of a segment fails to be forced and is given up: nothing of the segment holds,
  /// and nothing of it is damaged.
  @Test
  void aFirstGroupThatWasGivenUpIsNoDamage() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path mail = disk.path("/log");
    try (Log log = LogSample.open(mail, LIMITS, group -> {})) {
      int number = 0;
      log.begin();
      while (log.checkpoint(false).segment() == 1) {
        log.group().add(new Change.UidlSet(1, ++number, "x".repeat(1_000)));
        log.append();
        log.force();
        log.begin();
      }
      long segment = log.checkpoint(false).segment();
      log.group().add(LogSample.numbered(++number));
      log.append();
      disk.watch((operation, _, _, metadata) -> {
        if (operation == SimulatedDisk.Operation.FORCE && metadata == 0) {
          throw new IOException("Input/output error");
        }
      });
      assertThatThrownBy(log::force).isInstanceOf(IOException.class);
      disk.watch((_, _, _, _) -> {});
      log.mend();
      log.begin();
      log.group().add(LogSample.numbered(number));
      log.append();
      log.force();
      List<String> found = new ArrayList<>();
      SegmentScan.read(
          log.files(),
          segment,
          0,
          new SegmentScan.Taker() {
            @Override
            public void group(Group.Read group, long offset) {
              found.add("group " + group.sequence());
            }

            @Override
            public void damaged(long from, long to) {
              found.add("damage from " + from + " to " + to);
            }
          });
      assertThat(found).isEmpty();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
