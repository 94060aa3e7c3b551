package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.depozit.mime.Crlf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log alone: what was appended is there when it is opened again, whatever became of its end.
final class LogTests {
  private static final long SEGMENT = 16 << 10;
  private static final StoreLimits LIMITS = LogSample.limits(SEGMENT);

  @TempDir private Path temporary;

  private Log open(Path directory) throws IOException {
    return LogSample.open(directory, LIMITS, _ -> {});
  }

  private static long append(Log log, int number, boolean forced) throws IOException {
    log.begin();
    log.group().add(LogSample.numbered(number));
    long position = log.append();
    if (forced) {
      log.force();
    }
    return position;
  }

  private static List<Integer> numbers(Path directory) throws IOException {
    return LogSample.changes(directory, LIMITS).stream()
        .map(LogSample::number)
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  /// A log of one segment with so many groups, and where each of them starts and the last ends.
  private record Written(byte[] segment, List<Integer> starts, int end) {
    Path in(Path directory) throws IOException {
      Files.createDirectories(directory);
      Files.write(directory.resolve("%016x.seg".formatted(1)), segment);
      return directory;
    }
  }

  private Written written(int groups, boolean forced) throws IOException {
    Path directory = temporary.resolve("written");
    List<Integer> starts = new ArrayList<>();
    int end;
    try (Log log = open(directory)) {
      for (int number = 1; number <= groups; number++) {
        starts.add((int) log.checkpoint(false).offset());
        append(log, number, forced);
      }
      end = (int) log.checkpoint(false).offset();
    }
    byte[] segment = Files.readAllBytes(directory.resolve("%016x.seg".formatted(1)));
    return new Written(segment, starts, end);
  }

  @Test
  void whatWasAppendedIsThereAgainInOrder() throws IOException {
    Path directory = temporary.resolve("log");
    for (int round = 0; round < 5; round++) {
      try (Log log = open(directory)) {
        assertThat(log.position()).isEqualTo(round * 20L);
        assertThat(log.forced()).isEqualTo(log.position());
        for (int i = 1; i <= 20; i++) {
          append(log, round * 20 + i, i % 3 == 0);
        }
      }
    }
    assertThat(numbers(directory)).isEqualTo(upTo(100));
  }

  @Test
  void aLastGroupCutAtAnyOctetIsDroppedAndWritingGoesOn() throws IOException {
    Written whole = written(3, true);
    for (int cut = whole.starts().getLast(); cut < whole.end(); cut++) {
      Path truncated = temporary.resolve("truncated" + cut);
      Written some = new Written(Arrays.copyOf(whole.segment(), cut), List.of(), cut);
      goesOnAfterTwo(some.in(truncated));
      byte[] zeroed = whole.segment().clone();
      Arrays.fill(zeroed, cut, zeroed.length, (byte) 0);
      if (!Arrays.equals(zeroed, whole.segment())) {
        goesOnAfterTwo(new Written(zeroed, List.of(), cut).in(temporary.resolve("zeroed" + cut)));
      }
    }
  }

  private void goesOnAfterTwo(Path directory) throws IOException {
    assertThat(numbers(directory)).isEqualTo(upTo(2));
    try (Log log = open(directory)) {
      assertThat(append(log, 3, true)).isEqualTo(3);
    }
    assertThat(numbers(directory)).isEqualTo(upTo(3));
  }

  @Test
  void aBitFlippedInTheLastGroupDropsIt() throws IOException {
    Written whole = written(5, true);
    Random random = new Random(4);
    for (int i = 0; i < 100; i++) {
      byte[] damaged = flipped(whole, random, whole.starts().get(4), whole.end());
      Path directory = new Written(damaged, List.of(), 0).in(temporary.resolve("tail" + i));
      assertThat(numbers(directory)).isEqualTo(upTo(4));
      assertThat(numbers(directory)).isEqualTo(upTo(4));
    }
  }

  @Test
  void aBitFlippedBeforeALaterGroupKeepsTheStoreClosedAndTheLogAsItIs() throws IOException {
    Written whole = written(5, true);
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      byte[] damaged = flipped(whole, random, 0, whole.starts().get(4));
      Written middle = new Written(damaged, List.of(), 0);
      Path directory = middle.in(temporary.resolve("middle" + i));
      assertThatThrownBy(() -> numbers(directory))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("damaged");
      assertThat(directory.resolve("%016x.seg".formatted(1))).hasBinaryContent(damaged);
    }
  }

  private static byte[] flipped(Written whole, Random random, int from, int to) {
    byte[] damaged = whole.segment().clone();
    int at = from + random.nextInt(to - from);
    // Octets 36 to 59 of the segment's header are zeros, but the checksum covers them.
    damaged[at] ^= (byte) (1 << random.nextInt(8));
    return damaged;
  }

  @Test
  void groupsThatNobodyForcedMayBeTornInAnyOrder() throws IOException {
    Written whole = written(5, false);
    byte[] damaged = whole.segment().clone();
    damaged[whole.starts().get(2) + 50] ^= 1;
    Path directory = new Written(damaged, List.of(), 0).in(temporary.resolve("torn"));
    assertThat(numbers(directory)).isEqualTo(upTo(2));
    try (Log log = open(directory)) {
      append(log, 3, true);
    }
    assertThat(numbers(directory)).isEqualTo(upTo(3));
  }

  @Test
  void afterAPowerCutAllThatWasForcedIsThereWhateverBecameOfTheRest() throws IOException {
    Random random = new Random(8);
    for (int round = 0; round < 150; round++) {
      Path before = temporary.resolve("before" + round);
      byte[] durable;
      int forced = 0;
      byte[] now;
      try (Log log = open(before)) {
        durable = segment(before);
        for (int number = 1; number <= 12; number++) {
          log.begin();
          log.group().add(LogSample.numbered(number));
          log.group()
              .add(
                  new Change.TextNamed(
                      1, Change.Dictionary.SENDER, 1, "x".repeat(random.nextInt(900))));
          log.append();
          if (random.nextInt(4) == 0) {
            log.force();
            durable = segment(before);
            forced = number;
          }
        }
        now = segment(before);
      }
      // Of what was not forced the disk has some sectors, and others not.
      for (int at = 0; at < now.length; at += 512) {
        if (random.nextBoolean()) {
          System.arraycopy(now, at, durable, at, Math.min(512, now.length - at));
        }
      }
      Path after = new Written(durable, List.of(), 0).in(temporary.resolve("after" + round));
      List<Integer> left = numbers(after);
      assertThat(left).hasSizeGreaterThanOrEqualTo(forced).isEqualTo(upTo(left.size()));
      try (Log log = open(after)) {
        append(log, left.size() + 1, true);
      }
      assertThat(numbers(after)).isEqualTo(upTo(left.size() + 1));
    }
  }

  private static byte[] segment(Path directory) throws IOException {
    return Files.readAllBytes(directory.resolve("%016x.seg".formatted(1)));
  }

  @Test
  void aGroupStandsInOneSegmentHoweverLongAndBodiesWhereTheyWereSaidToBe() throws Exception {
    Path directory = temporary.resolve("log");
    Random random = new Random(6);
    Map<Change.BodyPlace, byte[]> bodies = new HashMap<>();
    int changes = 0;
    for (int round = 0; round < 3; round++) {
      try (Log log = open(directory)) {
        for (int group = 0; group < 40; group++) {
          log.begin();
          for (int i = random.nextInt(4); i >= 0; i--) {
            try (HeapOrFileSpool spool = new HeapOrFileSpool(log.files(), LIMITS)) {
              byte[] body = new byte[random.nextInt(random.nextInt(40) == 0 ? 40_000 : 3_000)];
              random.nextBytes(body);
              spool.write(body);
              spool.seal();
              bodies.put(log.group().keep(spool), Crlf.of(body));
            }
            log.group().add(LogSample.numbered(++changes));
          }
          log.append();
        }
        log.force();
      }
    }
    assertThat(numbers(directory)).isEqualTo(upTo(changes));
    LogFiles files = new LogFiles(directory);
    assertThat(files.segments()).hasSizeGreaterThan(10);
    try (Bodies read = new Bodies(files, LIMITS)) {
      bodies.forEach((place, body) -> {
        try (Content content = read.content(place, new byte[0])) {
          assertThat(content.bytes()).isEqualTo(body);
        }
      });
    }
  }

  @Test
  void whatIsTakenBackLeavesNoTrace() throws IOException {
    Path directory = temporary.resolve("log");
    try (Log log = open(directory)) {
      log.begin();
      log.group().add(LogSample.numbered(1));
      Group.Mark mark = log.group().mark();
      for (int i = 0; i < 100; i++) {
        HeapOrFileSpool spool = new HeapOrFileSpool(log.files(), LIMITS);
        spool.write(new byte[i * 1_000]);
        spool.seal();
        log.group().keep(spool);
        log.group().add(LogSample.numbered(1_000 + i));
        log.group().truncate(mark);
        spool.close();
      }
      assertThat(log.group().mark()).isEqualTo(mark);
      log.group().add(LogSample.numbered(2));
      log.append();
      assertThat(log.files().bodies()).isEmpty();
    }
    assertThat(numbers(directory)).isEqualTo(upTo(2));
  }

  @Test
  void readingStartsAtTheCheckpoint() throws IOException {
    Path directory = temporary.resolve("log");
    for (int round = 0; round < 4; round++) {
      try (Log log = open(directory)) {
        for (int i = 1; i <= 150; i++) {
          append(log, i, true);
          if (i == 100) {
            log.checkpoint(false).write(log.files());
          }
        }
      }
      assertThat(numbers(directory)).isEqualTo(IntStream.rangeClosed(101, 150).boxed().toList());
    }
  }

  @Test
  void aSegmentThatIsGoneOrShorterThanTheCheckpointSaysKeepsTheStoreClosed() throws IOException {
    Path directory = temporary.resolve("log");
    try (Log log = open(directory)) {
      append(log, 1, true);
      append(log, 2, true);
      log.checkpoint(false).write(log.files());
    }
    Path segment = directory.resolve("%016x.seg".formatted(1));
    Files.write(segment, Arrays.copyOf(Files.readAllBytes(segment), 100));
    assertThatThrownBy(() -> numbers(directory)).hasMessageContaining("shorter");
    Files.delete(segment);
    assertThatThrownBy(() -> numbers(directory)).hasMessageContaining("not there");
  }

  @Test
  void aLostSegmentInTheMiddleKeepsTheStoreClosed() throws IOException {
    Path directory = temporary.resolve("log");
    try (Log log = open(directory)) {
      for (int i = 1; i <= 2_000; i++) {
        append(log, i, false);
      }
    }
    LogFiles files = new LogFiles(directory);
    assertThat(files.segments()).hasSizeGreaterThan(3);
    Files.delete(files.segment(files.segments().get(1)));
    assertThatThrownBy(() -> numbers(directory)).hasMessageContaining("damaged");
  }

  @Test
  void filesPreparedForSegmentsAndNeverUsedAreRemoved() throws IOException {
    Path directory = temporary.resolve("log");
    try (Log log = open(directory)) {
      append(log, 1, true);
      Segment.Prepared.prepare(log.files(), SEGMENT).close();
    }
    assertThat(numbers(directory)).isEqualTo(upTo(1));
    assertThat(new LogFiles(directory).segments()).hasSize(1);
  }

  @Test
  void theFilesAreTheirOwnersAlone() throws IOException {
    Path directory = temporary.resolve("log");
    try (Log log = open(directory)) {
      log.checkpoint(false).write(log.files());
      HeapOrFileSpool spool = new HeapOrFileSpool(log.files(), LIMITS);
      spool.write(new byte[LIMITS.smallBody() + 1]);
      try (spool;
          var all = Files.list(directory)) {
        List<Path> files = all.toList();
        assertThat(files).hasSize(3);
        for (Path file : files) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .isEqualTo("rw-------");
        }
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
  }

  @Test
  void aDamagedCheckpointKeepsTheStoreClosed() throws IOException {
    Path directory = temporary.resolve("log");
    try (Log log = open(directory)) {
      append(log, 1, true);
      log.checkpoint(false).write(log.files());
    }
    Path checkpoint = directory.resolve("checkpoint");
    byte[] octets = Files.readAllBytes(checkpoint);
    for (int i = 0; i < octets.length; i++) {
      byte[] damaged = octets.clone();
      damaged[i] ^= 0x10;
      Files.write(checkpoint, damaged);
      assertThatThrownBy(() -> numbers(directory)).hasMessageContaining("damaged");
    }
  }
}
