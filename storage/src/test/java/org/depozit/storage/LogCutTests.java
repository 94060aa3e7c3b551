package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.depozit.storage.SimulatedDisk.Operation;
import org.junit.jupiter.api.Test;

/// The log alone on a [SimulatedDisk]: the power goes at any operation, and the log opens by
/// itself, holds every forced group and its bodies, and after them a row of others without a gap.
/// `-Ddepozit.logCuts=N` for a longer run.
final class LogCutTests {
  private static final int CUTS = Integer.getInteger("depozit.logCuts", 600);
  private static final int CUTS_OF_A_RUN = 30;
  private static final long SEED = Long.getLong("depozit.seed", 1);

  /// A message in a group.
  private record Kept(Change.BodyPlace place, long seed, int length) {}

  /// A cut, and what stood in the log then.
  ///
  /// @param forced how many groups were surely on the disk
  /// @param begun how many may be there
  private record Image(String name, SimulatedDisk disk, int forced, int begun) {}

  private final StoreLimits limits = LogSample.limits(1 << 16);

  @Test
  void whatWasForcedIsThereAfterACutAtAnyOperation() throws IOException {
    int cuts = 0;
    for (long seed = SEED; cuts < CUTS; seed++) {
      Run run = new Run(seed);
      run.work();
      for (Image image : run.images) {
        cuts++;
        check(run, image);
      }
    }
  }

  /// Random work on one log.
  private final class Run {
    private final long seed;
    private final Random random;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final List<Image> images = new ArrayList<>();
    private final List<List<Kept>> groups = new ArrayList<>();
    private volatile int forced;
    private volatile int begun;
    private int operations;
    private int nextCut;

    Run(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void work() throws IOException {
      disk.watch(this::before);
      Log log = LogSample.open(disk.path("/log"), limits, group -> {});
      while (images.size() < CUTS_OF_A_RUN) {
        group(log);
        if (random.nextInt(3) > 0) {
          log.force();
          forced = groups.size();
        }
        if (random.nextInt(10) == 0) {
          log.force();
          forced = groups.size();
          log.checkpoint(random.nextBoolean()).write(log.files());
        }
      }
      disk.watch((_, _, _, _) -> {});
      log.close();
    }

    private synchronized void before(Operation operation, String file, long at, int count) {
      if (operation != Operation.READ && images.size() < CUTS_OF_A_RUN && operations++ >= nextCut) {
        nextCut = operations + new Random(seed + operations).nextInt(20);
        String name = "seed %d, before %s of %s".formatted(seed, operation, file);
        images.add(new Image(name, disk.cut(seed + operations), forced, begun));
      }
    }

    private void group(Log log) throws IOException {
      log.begin();
      List<Kept> messages = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        messages.add(keep(log));
      }
      log.group().add(LogSample.numbered(groups.size() + 1));
      begun = groups.size() + 1;
      log.append();
      groups.add(messages);
    }

    private Kept keep(Log log) throws IOException {
      long mail = random.nextLong();
      int length =
          random.nextInt(20) == 0 ? 66_000 + random.nextInt(40_000) : random.nextInt(3_000);
      try (HeapOrFileSpool spool = new HeapOrFileSpool(log.files(), limits)) {
        spool.write(octets(mail, length));
        spool.seal();
        return new Kept(log.group().keep(spool), mail, length);
      }
    }
  }

  private static byte[] octets(long seed, int length) {
    byte[] octets = new byte[length];
    Random random = new Random(seed);
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) (' ' + random.nextInt(64));
    }
    return octets;
  }

  private void check(Run run, Image image) throws IOException {
    Random random = new Random(run.seed + image.begun);
    SimulatedDisk again = random.nextInt(3) == 0 ? cutWhileOpening(image, random) : image.disk;
    int last = replayed(run, image, again);
    // It goes on from there, and what is written then is found as well.
    Path directory = again.path("/log");
    try (Log log = LogSample.open(directory, limits, group -> {})) {
      log.begin();
      log.group().add(LogSample.numbered(last + 1));
      log.append();
      log.force();
    }
    Optional<Checkpoint> from = Checkpoint.read(new LogFiles(directory));
    assertThat(numbers(directory))
        .as(image.name)
        .hasSize((int) (last + 1 - from.map(Checkpoint::sequence).orElse(0L)))
        .endsWith(last + 1);
  }

  /// The power goes a second time, while the log is opened after the first.
  private SimulatedDisk cutWhileOpening(Image image, Random random) throws IOException {
    SimulatedDisk[] cut = {image.disk};
    int[] left = {random.nextInt(12)};
    image.disk.watch((operation, _, _, _) -> {
      if (operation != Operation.READ && left[0]-- == 0) {
        cut[0] = image.disk.cut(random.nextLong());
      }
    });
    LogSample.open(image.disk.path("/log"), limits, group -> {}).close();
    image.disk.watch((_, _, _, _) -> {});
    return cut[0];
  }

  private int replayed(Run run, Image image, SimulatedDisk disk) throws IOException {
    Path directory = disk.path("/log");
    int from =
        Files.exists(directory)
            ? (int)
                (long) Checkpoint.read(new LogFiles(directory)).map(Checkpoint::sequence).orElse(0L)
            : 0;
    List<Integer> numbers = numbers(directory);
    int last = from + numbers.size();
    assertThat(numbers).as(image.name).startsWith(row(from, last));
    assertThat(last).as(image.name).isBetween(image.forced, image.begun);
    for (int group = 0; group < last; group++) {
      for (Kept message : run.groups.get(group)) {
        assertThat(read(directory, message))
            .as(image.name)
            .isEqualTo(octets(message.seed, message.length));
      }
    }
    return last;
  }

  private static Integer[] row(int after, int last) {
    Integer[] row = new Integer[last - after];
    for (int i = 0; i < row.length; i++) {
      row[i] = after + 1 + i;
    }
    return row;
  }

  private List<Integer> numbers(Path directory) throws IOException {
    return LogSample.changes(directory, limits).stream()
        .map(change -> LogSample.number(change).orElseThrow())
        .toList();
  }

  private static byte[] read(Path directory, Kept message) throws IOException {
    LogFiles files = new LogFiles(directory);
    Change.BodyPlace place = message.place;
    Path file = place.offset() == 0 ? files.body(place.segment()) : files.segment(place.segment());
    ByteBuffer octets = ByteBuffer.allocate((int) place.length());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      LogFiles.read(channel, octets, place.offset());
    }
    return octets.array();
  }
}
