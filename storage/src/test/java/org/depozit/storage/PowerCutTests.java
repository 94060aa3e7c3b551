package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.depozit.storage.CutHistory.Moment;
import org.depozit.storage.SimulatedDisk.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The power goes while sessions work on a store, at any operation of the disk and at each
/// [CrashPoint]; the store opens by itself and keeps what was promised ([CutCheck]). Cuts are taken
/// while the work goes on, so that one run gives many. `-Ddepozit.cuts=N` for a longer run,
/// `-Ddepozit.seed=N` to begin with another run. What the disk held at a failure is kept, and
/// `-Ddepozit.cut=FOLDER` looks at it again: sessions are threads, and no seed brings their order
/// back.
final class PowerCutTests {
  /// Copies and removals of a few messages are many, and their rows come a few at a time, and soon:
  /// no segment is rewritten before.
  private static final StoreLimits.Bulk BULK = new StoreLimits.Bulk(4, 1_000_000, 2, 20, 50, 4);

  private static final int CUTS = Integer.getInteger("depozit.cuts", 300);

  /// So many cuts are to meet every point.
  private static final int MANY = 1_000;

  /// What a run may do at most to be over: more would make its history long.
  private static final long MOST_TICKS = 200_000;

  private static final long SEED = Long.getLong("depozit.seed", 1);
  private static final int SESSIONS = 4;

  /// One of so many runs waits until space is given back.
  private static final int GIVING_BACK = 3;

  private static final int STEPS_AHEAD = 150;
  private static final int AHEAD = 8;
  private static final String DATA = "/var/mail";
  private static final InheritableThreadLocal<Run> RUN = new InheritableThreadLocal<>();

  /// Cuts by where they were taken.
  private final Map<String, Integer> places = new TreeMap<>();

  private final Semaphore room = new Semaphore(AHEAD);

  /// A cut.
  ///
  /// @param thorough whether the log alone has to tell what the database does
  private record Image(String name, SimulatedDisk disk, Moment moment, boolean thorough) {}

  @AfterEach
  void watchNoMore() {
    CrashPoint.watchNoMore();
  }

  @Test
  void whatWasPromisedIsThereAfterACutAtAnyMoment() throws Exception {
    if (System.getProperty("depozit.cut") != null) {
      again(Path.of(System.getProperty("depozit.cut")));
      return;
    }
    CrashPoint.watch(point -> {
      Run run = RUN.get();
      if (run != null) {
        run.at(point);
      }
    });
    long start = System.nanoTime();
    int cuts = 0;
    try (ThreadPoolExecutor checkers = checkers()) {
      for (long seed = SEED; cuts < CUTS; seed++) {
        Run run = new Run(seed, checkers);
        run.work();
        for (Future<?> check : run.checks) {
          check.get();
          cuts++;
        }
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    }
    System.out.printf(
        "%d power cuts, %d ms each; taken at %s%n",
        cuts, (System.nanoTime() - start) / 1_000_000 / cuts, places);
    if (cuts >= MANY) {
      assertEveryPointWasMet(cuts);
    }
  }

  /// A point that the work no longer comes to would say nothing any more.
  private void assertEveryPointWasMet(int cuts) {
    for (CrashPoint point : CrashPoint.values()) {
      int least = CutPlan.GIVING_BACK.contains(point) ? cuts / 50 : 1;
      assertThat(places.getOrDefault(point.name(), 0))
          .as("cuts at %s of %s", point, places)
          .isGreaterThanOrEqualTo(least);
    }
  }

  /// Both processors. The threads are started here, where no run is theirs.
  private static ThreadPoolExecutor checkers() {
    ThreadPoolExecutor checkers = (ThreadPoolExecutor) Executors.newFixedThreadPool(2);
    checkers.prestartAllCoreThreads();
    return checkers;
  }

  /// Random work on a store, and the cuts taken meanwhile.
  private final class Run {
    private final long seed;
    private final ExecutorService checkers;
    private final Random random;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final CutHistory history = new CutHistory();
    private final List<Future<?>> checks = new ArrayList<>();
    private final boolean givingBack;

    /// Of all sessions, since a segment was last given back.
    private final AtomicInteger steps = new AtomicInteger();

    private final CutPlan plan;

    Run(long seed, ExecutorService checkers) throws IOException {
      this.seed = seed;
      this.checkers = checkers;
      this.random = new Random(seed);
      this.givingBack = seed % GIVING_BACK == 2;
      this.plan = givingBack ? CutPlan.givingBack(random) : CutPlan.anywhere(random);
      disk.make(disk.path("/var"));
      disk.watch(this::before);
    }

    void work() throws InterruptedException {
      ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
      Thread main = Thread.ofPlatform().unstarted(() -> workAll(failures));
      main.start();
      main.join();
      if (!failures.isEmpty()) {
        throw new AssertionError("seed " + seed + ": a session failed", failures.peek());
      }
    }

    private void workAll(ConcurrentLinkedQueue<Throwable> failures) {
      RUN.set(this);
      try (SqlStore store = SqlStore.open(settings(disk, givingBack))) {
        CutWork.makeAccounts(store, history);
        List<Thread> threads = new ArrayList<>();
        for (int session = 0; session < SESSIONS; session++) {
          CutWork work = new CutWork(store, history, session, seed * SESSIONS + session);
          threads.add(
              Thread.ofPlatform()
                  .start(() -> {
                    try {
                      while (!enough() && failures.isEmpty()) {
                        work.step();
                        pace();
                      }
                    } catch (Throwable e) {
                      failures.add(e);
                    }
                  }));
        }
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (Throwable e) {
        failures.add(e);
      }
    }

    private boolean enough() {
      return plan.over() || history.moment().time() > MOST_TICKS;
    }

    /// Space is given back on a thread of its own: who waits for that, and works as quickly as
    /// ever, makes more meanwhile than can be checked.
    private void pace() {
      if (givingBack && steps.incrementAndGet() > STEPS_AHEAD) {
        LockSupport.parkNanos(20_000_000);
      }
    }

    private void before(Operation operation, String file, long at, int count) throws IOException {
      if (operation == Operation.READ) {
        return;
      }
      if (plan.wantsOperation()) {
        cut(operation + " of " + file.replaceAll("[0-9a-f]{16}", "n"), false);
      }
      if (operation == Operation.FORCE && file.endsWith(".seg") && count == 0) {
        history.forced();
        // A disk takes its time, and the next group gathers.
        LockSupport.parkNanos(100_000);
      }
    }

    void at(CrashPoint point) {
      boolean thorough = CutPlan.GIVING_BACK.contains(point);
      if (point == CrashPoint.AFTER_SEGMENT_DELETED) {
        steps.set(0);
      }
      synchronized (disk) {
        if (plan.wants(point)) {
          cut(point.name(), thorough);
        }
      }
    }

    private void cut(String place, boolean thorough) {
      Moment moment = history.moment();
      String name = "seed %d, cut %d, at %s".formatted(seed, checks.size() + 1, place);
      Image image = new Image(name, disk.cut(random.nextLong()), moment, thorough);
      places.merge(place, 1, Integer::sum);
      room.acquireUninterruptibly();
      checks.add(checkers.submit(() -> check(image, history)));
    }
  }

  private Void check(Image image, CutHistory history) throws IOException {
    SimulatedDisk kept = image.disk.cut(0);
    try {
      Random random = new Random(image.moment.time());
      SimulatedDisk disk = random.nextInt(4) == 0 ? cutAgain(image.disk, random) : image.disk;
      check(disk, image.moment, history, image.thorough);
      return null;
    } catch (Throwable e) {
      Path folder = Path.of("target", "cuts", image.name.replaceAll("[^A-Za-z0-9]+", "-"));
      keep(kept, history, image.moment, folder);
      throw new AssertionError(
          "%s: %s. Again: -Ddepozit.cut=%s".formatted(image.name, e.getMessage(), folder), e);
    } finally {
      room.release();
    }
  }

  private static void check(
      SimulatedDisk disk, Moment moment, CutHistory history, boolean thorough) {
    try (SqlStore store = SqlStore.open(settings(disk))) {
      new CutCheck(history, moment, store).check();
      assertThat(store.check(_ -> {})).isEmpty();
    }
    if (thorough) {
      assertThat(SqlStore.check(settings(disk), _ -> {})).isEmpty();
    }
  }

  private static StoreSettings settings(SimulatedDisk disk) {
    return settings(disk, false);
  }

  /// @param soon whether checkpoints and looks for space come as soon as they can
  private static StoreSettings settings(SimulatedDisk disk, boolean soon) {
    StoreLimits limits =
        LogSample.limits(1 << 16, new SpaceLimits(20, soon ? 5 : 50, 200, 5)).with(BULK);
    return new StoreSettings(
        disk.path(DATA), soon ? limits.with("checkpointMillis", 20) : limits, false);
  }

  /// The power goes a second time, while the store is opened after the first.
  private static SimulatedDisk cutAgain(SimulatedDisk disk, Random random) {
    SimulatedDisk[] cut = {disk};
    int[] left = {random.nextInt(40)};
    disk.watch((operation, _, _, _) -> {
      if (operation != Operation.READ && left[0]-- == 0) {
        cut[0] = disk.cut(random.nextLong());
      }
    });
    SqlStore.open(settings(disk)).close();
    disk.watch((_, _, _, _) -> {});
    return cut[0];
  }

  /// Keeps what a failure can be looked at with: the files of the disk, and what was promised.
  private static void keep(SimulatedDisk disk, CutHistory history, Moment moment, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.walk(disk.path(DATA))) {
      for (Path file : files.toList()) {
        Path to = folder.resolve("data").resolve(disk.path(DATA).relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.write(to, Files.readAllBytes(file));
        }
      }
    }
    try (ObjectOutputStream out =
        new ObjectOutputStream(Files.newOutputStream(folder.resolve("history")))) {
      out.writeObject(moment);
      out.writeObject(history);
    }
  }

  /// Looks at the disk of a failure again.
  private static void again(Path folder) throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    Files.createDirectories(disk.path(DATA));
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path file : files.toList()) {
        Path to = disk.path(DATA).resolve(folder.resolve("data").relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.write(to, Files.readAllBytes(file));
        }
      }
    }
    try (ObjectInputStream in =
        new ObjectInputStream(Files.newInputStream(folder.resolve("history")))) {
      Moment moment = (Moment) in.readObject();
      check(disk, moment, (CutHistory) in.readObject(), true);
    }
  }
}
