package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.depozit.storage.SimulatedDisk.Operation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The power goes while an operator's command is at work, at operations of the disk all over it: a
/// backup is whole or is not taken for one; a restore can be run again until all is there, and
/// shows nothing before; so can a repair. `-Ddepozit.operatorCuts=N` for more cuts of each command,
/// `-Ddepozit.seed=N` for others.
final class OperatorCutTests {
  private static final int CUTS = Integer.getInteger("depozit.operatorCuts", 20);
  private static final long SEED = Long.getLong("depozit.seed", 1);
  private static final String DATA = "/var/mail";
  private static final String SAVED = "/save/all";
  private static final String SAVED_ANA = "/save/ana";
  private static final String AGAIN = "/var/again";

  /// A store and its backups, all forced.
  private SimulatedDisk made = new SimulatedDisk();

  private Map<String, KnownMailbox> ana = new TreeMap<>();
  private Map<String, KnownMailbox> bob = new TreeMap<>();

  /// A command.
  private interface Command {
    void run(SimulatedDisk disk) throws IOException;
  }

  /// What must hold of what a cut has left.
  private interface Check {
    void of(SimulatedDisk disk, boolean done) throws IOException;
  }

  @BeforeEach
  void fill() throws IOException {
    made.make(made.path("/var"));
    try (TestStore test = new TestStore(settings(made, DATA))) {
      Mailbox inbox = test.inbox("ana");
      for (int i = 0; i < 40; i++) {
        test.append(inbox, TestStore.mail("Cristi " + i % 7, "s " + i), Flag.of("word-" + i % 3));
      }
      test.append(inbox, TestStore.mail("big", "the big one") + "x".repeat(70_000));
      inbox.copy(UidSet.range(3, 9), test.mailbox("ana", "Archive"));
      inbox.store(
          UidSet.range(5, 12), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
      inbox.expunge(UidSet.range(1, 10));
      test.append(test.inbox("bob"), TestStore.mail("Dan", "to bob"));
      test.store().backup(made.path(SAVED), Optional.empty(), _ -> {});
      test.store().backup(made.path(SAVED_ANA), Optional.of("ana"), _ -> {});
      ana = KnownMailbox.all(test.store(), "ana");
      bob = KnownMailbox.all(test.store(), "bob");
    }
  }

  private static StoreSettings settings(SimulatedDisk disk, String directory) {
    return new StoreSettings(disk.path(directory), LogSample.limits(1 << 16), false);
  }

  /// Runs a command, and looks at what cuts all over it leave, and one when it has just ended.
  private void cuts(String name, Command command, Check check) throws IOException {
    int operations = operations(command);
    Random random = new Random(SEED);
    for (int cut = 0; cut <= CUTS; cut++) {
      boolean end = cut == CUTS;
      int at = end ? Integer.MAX_VALUE : random.nextInt(operations);
      SimulatedDisk left = cut(made.cut(0), command, at, random.nextLong());
      SimulatedDisk kept = left.cut(0);
      try {
        check.of(left, end);
      } catch (RuntimeException | IOException | AssertionError e) {
        throw new AssertionError(
            "%s, cut %d, at operation %d of %d (seed %d): %s; there are %s"
                .formatted(name, cut, at, operations, SEED, e.getMessage(), names(kept)),
            e);
      }
    }
  }

  private int operations(Command command) throws IOException {
    SimulatedDisk disk = made.cut(0);
    int[] count = {0};
    disk.watch((operation, _, _, _) -> count[0] += operation == Operation.READ ? 0 : 1);
    command.run(disk);
    disk.watch((_, _, _, _) -> {});
    return count[0];
  }

  /// The disk as a cut before an operation leaves it, or when the command has ended if there are
  /// not so many.
  private static SimulatedDisk cut(SimulatedDisk disk, Command command, int at, long seed)
      throws IOException {
    List<SimulatedDisk> cut = new ArrayList<>();
    int[] left = {at};
    disk.watch((operation, _, _, _) -> {
      if (operation != Operation.READ && left[0]-- == 0) {
        cut.add(disk.cut(seed));
      }
    });
    command.run(disk);
    disk.watch((_, _, _, _) -> {});
    return cut.isEmpty() ? disk.cut(seed) : cut.getFirst();
  }

  private static List<String> names(SimulatedDisk disk) throws IOException {
    try (var all = Files.walk(disk.path("/"))) {
      return all.map(Path::toString).filter(name -> !name.startsWith("/save/a")).toList();
    }
  }

  private void assertKept(Store store) {
    assertThat(KnownMailbox.all(store, "ana")).isEqualTo(ana);
    assertThat(KnownMailbox.all(store, "bob")).isEqualTo(bob);
  }

  private static void assertFits(SqlStore store) {
    assertThat(store.check(_ -> {})).isEmpty();
  }

  @Test
  void aBackupIsWholeOrNotTakenForOne() throws IOException {
    String target = "/save/new/below";
    cuts(
        "backup",
        disk -> {
          try (SqlStore store = SqlStore.open(settings(disk, DATA))) {
            store.backup(disk.path(target), Optional.empty(), _ -> {});
          }
        },
        (disk, done) -> {
          boolean there = Files.exists(disk.path(target));
          assertThat(there || !done).as("is there when it was told so").isTrue();
          if (there) {
            assertRestorable(disk, target);
          } else if (Files.exists(disk.path(target + ".partial"))) {
            assertWholeOrRefused(disk, target + ".partial");
            Rebuilding.removeAll(disk.path(target + ".partial"));
          }
          try (SqlStore store = SqlStore.open(settings(disk, DATA))) {
            assertKept(store);
            store.backup(disk.path("/save/another"), Optional.empty(), _ -> {});
          }
          assertRestorable(disk, "/save/another");
        });
  }

  private void assertRestorable(SimulatedDisk disk, String backup) throws IOException {
    Rebuilding.removeAll(disk.path(AGAIN));
    SqlStore.restore(disk.path(backup), settings(disk, AGAIN), _ -> {});
    assertRestored(disk);
  }

  private void assertWholeOrRefused(SimulatedDisk disk, String backup) throws IOException {
    try {
      assertRestorable(disk, backup);
    } catch (Refused e) {
      assertThat(e).hasMessageContaining("is no whole backup");
    }
  }

  private void assertRestored(SimulatedDisk disk) {
    try (SqlStore store = SqlStore.open(settings(disk, AGAIN))) {
      assertThat(KnownMailbox.all(store, "ana")).isEqualTo(KnownMailbox.jumped(ana));
      assertThat(KnownMailbox.all(store, "bob")).isEqualTo(KnownMailbox.jumped(bob));
      assertFits(store);
    }
  }

  @Test
  void aRestoredStoreIsThereWholeOrIsRestoredByTheNextTry() throws IOException {
    Command restore = disk -> SqlStore.restore(disk.path(SAVED), settings(disk, AGAIN), _ -> {});
    cuts(
        "restore",
        restore,
        (disk, done) -> {
          boolean there = Files.exists(disk.path(AGAIN));
          assertThat(there || !done).as("is there when it was told so").isTrue();
          SimulatedDisk now = disk;
          if (!there) {
            // The second try is cut off too.
            now = cut(disk, restore, 40, SEED);
            if (!Files.exists(now.path(AGAIN))) {
              restore.run(now);
            }
          }
          assertRestored(now);
          assertThat(Files.exists(now.path(AGAIN + ".partial"))).isFalse();
        });
  }

  @Test
  void anAccountIsRestoredWhollyOrIsNotThere() throws IOException {
    cuts(
        "restore of an account",
        disk -> {
          try (SqlStore store = SqlStore.open(settings(disk, DATA))) {
            store.restore(disk.path(SAVED_ANA), "ana", "maria", _ -> {});
          }
        },
        (disk, done) -> {
          try (SqlStore store = SqlStore.open(settings(disk, DATA))) {
            assertKept(store);
            assertThat(Files.exists(disk.path(DATA + "/restoring"))).isFalse();
            if (store.account("maria").isEmpty()) {
              assertThat(done).as("is there when it was told so").isFalse();
              assertThat(store.accountNames()).containsExactly("ana", "bob");
              assertFits(store);
              store.restore(disk.path(SAVED_ANA), "ana", "maria", _ -> {});
            }
            assertThat(store.accountNames()).containsExactly("ana", "bob", "maria");
            assertThat(KnownMailbox.all(store, "maria")).isEqualTo(KnownMailbox.jumped(ana));
            assertThat(store.login("maria", TestStore.PASSWORD.clone())).isPresent();
            assertFits(store);
          }
        });
  }

  /// Something that a file of the store suffers.
  private interface Damage {
    void to(SimulatedDisk disk) throws IOException;
  }

  private static void databaseGone(SimulatedDisk disk) throws IOException {
    Files.delete(disk.path(DATA + "/depozit.mv.db"));
    LogFiles.forceNames(disk.path(DATA));
  }

  private static void firstGroupFlipped(SimulatedDisk disk) throws IOException {
    flip(disk, "/log/0000000000000001.seg", Segment.HEADER + 13);
  }

  private static void flip(SimulatedDisk disk, String name, int at) throws IOException {
    Path file = disk.path(DATA + name);
    byte[] octets = Files.readAllBytes(file);
    octets[at] ^= 1;
    Files.write(file, octets);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /// Of mailboxes that were repaired, and a store that was opened without.
  private interface Expected {
    void in(Store store);
  }

  private void repairs(String name, Damage damage, Expected expected) throws IOException {
    damage.to(made);
    Command repair = disk -> SqlStore.repair(settings(disk, DATA), _ -> {}, _ -> {});
    cuts(
        "repair of " + name,
        repair,
        (disk, done) -> {
          openedOrRefused(disk.cut(0), expected);
          SimulatedDisk now = done ? disk : cut(disk, repair, 60, SEED);
          repair.run(now);
          assertThat(SqlStore.check(settings(now, DATA), _ -> {})).isEmpty();
          try (SqlStore store = SqlStore.open(settings(now, DATA))) {
            expected.in(store);
          }
        });
  }

  /// Whoever starts the server without another repair is not shown half a store.
  private static void openedOrRefused(SimulatedDisk disk, Expected expected) {
    try (SqlStore store = SqlStore.open(settings(disk, DATA))) {
      expected.in(store);
    } catch (Refused e) {
      assertThat(e.reason()).isEqualTo(Refused.Reason.UNAVAILABLE);
    }
  }

  @Test
  void theDatabaseIsMadeAnewByTheNextTry() throws IOException {
    repairs("the database", OperatorCutTests::databaseGone, this::assertKept);
  }

  @Test
  void theDatabaseIsMadeAnewWithoutACheckpointByTheNextTry() throws IOException {
    repairs(
        "the database and the checkpoint",
        disk -> {
          databaseGone(disk);
          flip(disk, "/log/checkpoint", 12);
        },
        this::assertKept);
  }

  @Test
  void theLogIsMadeAnewByTheNextTry() throws IOException {
    repairs("the log", OperatorCutTests::firstGroupFlipped, this::assertKept);
  }

  /// Between the two moves there is no log at all.
  @Test
  void aRepairThatWasCutOffWhileTheLogsChangePlacesGoesOn() throws IOException {
    firstGroupFlipped(made);
    SimulatedDisk disk = made.cut(0);
    List<SimulatedDisk> between = new ArrayList<>();
    disk.watch((operation, file, _, _) -> {
      for (long seed = 0;
          operation == Operation.RENAME && file.equals("log") && seed < 20;
          seed++) {
        between.add(disk.cut(seed));
      }
    });
    SqlStore.repair(settings(disk, DATA), _ -> {}, _ -> {});
    between.removeIf(cut -> Files.exists(cut.path(DATA + "/log")));
    assertThat(between).isNotEmpty();
    for (SimulatedDisk cut : between) {
      SqlStore.repair(settings(cut, DATA), _ -> {}, _ -> {});
      try (SqlStore store = SqlStore.open(settings(cut, DATA))) {
        assertKept(store);
        assertFits(store);
      }
    }
  }

  @Test
  void whatIsLeftOfBothIsKeptByTheNextTryAndNumbersJump() throws IOException {
    long next = ana.get("INBOX").uidNext();
    repairs(
        "both",
        disk -> {
          databaseGone(disk);
          flip(disk, "/log/0000000000000001.seg", 20_000);
        },
        store -> {
          Map<String, KnownMailbox> now = KnownMailbox.all(store, "ana");
          assertThat(now.get("INBOX").uidNext()).isGreaterThanOrEqualTo(next + Backup.JUMP);
          assertThat(now.get("INBOX").messages()).isNotEmpty();
          now.forEach((name, box) -> {
            assertThat(box.uidValidity()).isEqualTo(ana.get(name).uidValidity());
            box.messages()
                .forEach((uid, mail) ->
                    assertThat(mail.octets())
                        .isEqualTo(ana.get(name).messages().get(uid).octets()));
          });
        });
  }
}
