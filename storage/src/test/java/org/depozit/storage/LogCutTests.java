package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.depozit.storage.SimulatedDisk.Operation;
import org.junit.jupiter.api.Test;

/// The log alone on a [SimulatedDisk]: the power goes at any operation, and the log opens by
/// itself, holds every forced group and its bodies, and after them a row of others without a gap.
/// In every second run forces fail now and then, and the log goes on after each.
/// `-Ddepozit.logCuts=N` for a longer run.
final class LogCutTests {
  private static final int CUTS = Integer.getInteger("depozit.logCuts", 600);
  private static final int CUTS_OF_A_RUN = 30;
  private static final long SEED = Long.getLong("depozit.seed", 1);

  /// A message in a group.
  private record Kept(Change.BodyPlace place, long seed, int length) {}

  /// A group and its messages.
  private record Made(int number, List<Kept> messages) {}

  /// A cut, and what stood in the log then.
  ///
  /// @param groups that may be there
  /// @param forced how many of them were surely on the disk
  private record Image(String name, SimulatedDisk disk, List<Made> groups, int forced) {}

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

  @Test
  void aSegmentThatCouldNotBeMadeAheadIsNoReasonNotToClose() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    Log log = LogSample.open(disk.path("/log"), limits, group -> {});
    CountDownLatch failed = new CountDownLatch(1);
    disk.watch((operation, _, _, _) -> {
      if (operation == Operation.FORCE_DIRECTORY) {
        failed.countDown();
        throw new IOException("the disk fails");
      }
    });
    do {
      log.begin();
      log.group().add(LogSample.numbered(1));
      log.append();
    } while (!failed.await(1, TimeUnit.MILLISECONDS));
    assertThatCode(log::close).doesNotThrowAnyException();
  }

  /// Random work on one log.
  private final class Run {
    private final long seed;
    private final Random random;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final List<Image> images = new ArrayList<>();
    private volatile List<Made> groups = List.of();
    private volatile int forced;
    private int number;
    private int operations;
    private int nextCut;
    private boolean opened;

    Run(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void work() throws IOException {
      disk.watch(this::before);
      Log log = LogSample.open(disk.path("/log"), limits, group -> {});
      opened = true;
      while (images.size() < CUTS_OF_A_RUN) {
        try {
          step(log);
        } catch (IOException | Refused e) {
          failed(log);
        }
      }
      disk.watch((_, _, _, _) -> {});
      log.close();
    }

    private void step(Log log) throws IOException {
      group(log);
      if (random.nextInt(3) > 0) {
        force(log);
      } else {
        log.tell();
      }
      if (random.nextInt(10) == 0) {
        force(log);
        log.checkpoint(random.nextBoolean()).write(log.files());
      }
    }

    private void force(Log log) throws IOException {
      log.force();
      forced = groups.size();
    }

    /// As the writer does: it goes on in another segment when it can.
    private void failed(Log log) {
      while (log.broken()) {
        try {
          log.mend();
          groups = groups.subList(0, Math.toIntExact(log.position()));
          forced = groups.size();
        } catch (IOException e) {
          // Once more.
        }
      }
      groups = groups.subList(0, Math.toIntExact(log.position()));
    }

    private synchronized void before(Operation operation, String file, long at, int count)
        throws IOException {
      if (operation == Operation.READ || images.size() >= CUTS_OF_A_RUN) {
        return;
      }
      Random chance = new Random(seed + operations);
      if (operations++ >= nextCut) {
        nextCut = operations + chance.nextInt(20);
        String name = "seed %d, before %s of %s".formatted(seed, operation, file);
        images.add(new Image(name, disk.cut(seed + operations), groups, forced));
      }
      boolean forcing = operation == Operation.FORCE || operation == Operation.FORCE_DIRECTORY;
      if (seed % 2 == 0 && opened && forcing && chance.nextInt(20) == 0) {
        throw new IOException("the disk fails");
      }
    }

    private void group(Log log) throws IOException {
      log.begin();
      List<Kept> messages = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        messages.add(keep(log));
      }
      log.group().add(LogSample.numbered(++number));
      List<Made> more = new ArrayList<>(groups);
      more.add(new Made(number, messages));
      groups = List.copyOf(more);
      log.append();
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
    Random random = new Random(run.seed + image.forced);
    SimulatedDisk again = random.nextInt(3) == 0 ? cutWhileOpening(image, random) : image.disk;
    replayed(image, again);
    // It goes on from there, and what is written then is found as well.
    Path directory = again.path("/log");
    List<Integer> before = numbers(directory);
    try (Log log = LogSample.open(directory, limits, group -> {})) {
      log.begin();
      log.group().add(LogSample.numbered(1_000_000));
      log.append();
      log.force();
    }
    before = new ArrayList<>(before);
    before.add(1_000_000);
    assertThat(numbers(directory)).as(image.name).isEqualTo(before);
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

  private void replayed(Image image, SimulatedDisk disk) throws IOException {
    Path directory = disk.path("/log");
    int from =
        (int) (long) Checkpoint.read(new LogFiles(directory)).map(Checkpoint::sequence).orElse(0L);
    List<Integer> numbers = numbers(directory);
    int last = from + numbers.size();
    assertThat(last).as(image.name).isBetween(image.forced, image.groups.size());
    List<Made> there = image.groups.subList(0, last);
    assertThat(numbers)
        .as(image.name)
        .isEqualTo(there.subList(from, last).stream().map(Made::number).toList());
    for (Made group : there) {
      for (Kept message : group.messages) {
        assertThat(read(directory, message))
            .as(image.name)
            .isEqualTo(octets(message.seed, message.length));
      }
    }
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
