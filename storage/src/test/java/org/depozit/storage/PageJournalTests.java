package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.depozit.storage.SimulatedDisk.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// After a crash the database file is what it was at one of its checkpoints. A crash is a copy of
/// the directory's files, whole or torn.
final class PageJournalTests {
  private static final int PAGE = 4096;

  @TempDir private Path directory;

  /// A directory with a journal that a crash left behind.
  private static final class Crashed {
    private final Path directory;

    Crashed(Path from, Path to) throws IOException {
      this.directory = TestFiles.copy(from, to);
    }

    Path file(int journal) {
      return PageJournal.journals(directory).get(journal);
    }

    byte[] opened() throws IOException {
      try (PageJournal journal = PageJournal.open(directory)) {
        return content(journal);
      }
    }
  }

  private static byte[] content(PageJournal journal) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) journal.size());
    if (all.hasRemaining()) {
      assertThat(journal.read(all, 0)).isEqualTo(all.capacity());
    }
    return all.array();
  }

  private Path own(String name) throws IOException {
    return Files.createDirectory(directory.resolve(name));
  }

  private static void scribble(PageJournal journal, Random random, int writes) throws IOException {
    for (int i = 0; i < writes; i++) {
      byte[] data = new byte[PAGE * (1 + random.nextInt(5))];
      random.nextBytes(data);
      journal.write(ByteBuffer.wrap(data), (long) PAGE * random.nextInt(60));
    }
    if (random.nextInt(6) == 0) {
      journal.truncate((long) PAGE * (20 + random.nextInt(40)));
    }
  }

  @Test
  void whatWasNotForcedIsNotInTheFile() throws IOException {
    Path own = own("store");
    try (PageJournal journal = PageJournal.open(own)) {
      journal.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
      journal.force();
      journal.write(ByteBuffer.wrap(new byte[] {9}), 1);
      journal.truncate(2);
      assertThat(content(journal)).containsExactly(1, 9);
      assertThat(new Crashed(own, directory.resolve("crash")).opened()).containsExactly(1, 2, 3);
    }
    try (PageJournal journal = PageJournal.open(own)) {
      assertThat(content(journal)).containsExactly(1, 2, 3);
    }
    try (var files = Files.list(own)) {
      assertThat(files).containsExactly(PageJournal.database(own));
    }
  }

  @Test
  void aRecordTornAtAnyPlaceIsNoneAndAWholeOneIsWrittenAgain() throws IOException {
    Path own = own("store");
    Random random = new Random(5);
    try (PageJournal journal = PageJournal.open(own)) {
      scribble(journal, random, 4);
      journal.force();
      byte[] before = content(journal);
      byte[] file = Files.readAllBytes(PageJournal.database(own));
      long start = Files.size(PageJournal.journals(own).getFirst());
      long first = Math.ceilDiv(start, (long) PAGE) * PAGE;
      scribble(journal, random, 3);
      journal.force();
      byte[] after = content(journal);
      long whole = Files.size(PageJournal.journals(own).getFirst());
      for (long end = first; end <= whole; end += end < first + 150 ? 1 : 501) {
        torn(own, file, Math.min(end, whole), end >= whole ? after : before);
      }
      torn(own, file, whole, after);
    }
  }

  private void torn(Path own, byte[] file, long end, byte[] expected) throws IOException {
    Crashed crashed = new Crashed(own, directory.resolve("torn" + end));
    Files.write(PageJournal.database(crashed.directory), file);
    try (var channel = Files.newByteChannel(crashed.file(0), StandardOpenOption.WRITE)) {
      channel.truncate(end);
    }
    assertThat(crashed.opened()).as("torn at %s", end).isEqualTo(expected);
    assertThat(crashed.opened()).as("again").isEqualTo(expected);
    assertThat(crashed.file(0)).doesNotExist();
  }

  @Test
  void theFileIsThatOfTheLastCheckpointWhereverTheTwoJournalsStand() throws IOException {
    Path own = own("store");
    Random random = new Random(7);
    try (PageJournal journal = PageJournal.open(own)) {
      for (int checkpoint = 0; checkpoint < 60; checkpoint++) {
        // The file grows, so that a journal is full after some checkpoints.
        journal.write(ByteBuffer.allocate(1 << 20), (1L << 20) + (long) checkpoint * PAGE);
        scribble(journal, random, 5);
        journal.force();
        byte[] expected = content(journal);
        assertThat(journal.pending()).isZero();
        scribble(journal, random, 2);
        Crashed crashed = new Crashed(own, directory.resolve("crash" + checkpoint));
        // Nothing of the database file was forced, but what freed a journal before.
        assertThat(crashed.opened()).as("checkpoint %s", checkpoint).isEqualTo(expected);
        TestFiles.delete(crashed.directory);
      }
      for (Path file : PageJournal.journals(own)) {
        assertThat(Files.size(file)).isBetween(1L, JournalFile.LIMIT);
      }
      journal.shrink();
      for (Path file : PageJournal.journals(own)) {
        assertThat(file).isEmptyFile();
      }
      journal.force();
      assertThat(new Crashed(own, directory.resolve("shrunk")).opened())
          .isEqualTo(content(journal));
    }
  }

  @Test
  void recoveryThatIsCutOffDoesTheSameAgain() throws IOException {
    Path own = own("store");
    Random random = new Random(9);
    try (PageJournal journal = PageJournal.open(own)) {
      scribble(journal, random, 20);
      journal.force();
      byte[] file = Files.readAllBytes(PageJournal.database(own));
      List<byte[]> states = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        scribble(journal, random, 20);
        journal.force();
        states.add(content(journal));
      }
      for (int i = 0; i < 10; i++) {
        Crashed crashed = new Crashed(own, directory.resolve("cut" + i));
        byte[] half = Files.readAllBytes(PageJournal.database(own));
        // Pages of the old and of the new file in any mixture: what an unforced file may hold.
        for (int at = 0; at + PAGE <= Math.min(half.length, file.length); at += PAGE) {
          if (random.nextBoolean()) {
            System.arraycopy(file, at, half, at, PAGE);
          }
        }
        Files.write(PageJournal.database(crashed.directory), half);
        assertThat(crashed.opened()).isEqualTo(states.getLast());
      }
    }
  }

  @Test
  void aRecordDamagedBeforeALaterOneIsToldAndNothingIsChanged() throws IOException {
    Path own = own("store");
    Random random = new Random(11);
    try (PageJournal journal = PageJournal.open(own)) {
      for (int i = 0; i < 4; i++) {
        scribble(journal, random, 3);
        journal.force();
      }
      Crashed crashed = new Crashed(own, directory.resolve("damaged"));
      byte[] octets = Files.readAllBytes(crashed.file(0));
      long second = ByteBuffer.wrap(octets).getLong(24) / PAGE * PAGE + PAGE;
      octets[(int) second + 200] ^= 1;
      Files.write(crashed.file(0), octets);
      byte[] database = Files.readAllBytes(PageJournal.database(crashed.directory));
      assertThatThrownBy(crashed::opened)
          .isInstanceOf(Refused.class)
          .hasMessageContaining("record 2 of")
          .hasMessageContaining("is damaged");
      assertThat(PageJournal.database(crashed.directory)).hasBinaryContent(database);
      assertThat(crashed.file(0)).hasBinaryContent(octets);
    }
  }

  @Test
  void filesAreTheirOwnersAloneEvenThoseMadeBefore() throws IOException {
    Path own = own("store");
    Files.createFile(
        PageJournal.database(own),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    Files.createFile(own.resolve("depozit.1.temp.db"));
    try (PageJournal journal = PageJournal.open(own)) {
      journal.write(ByteBuffer.allocate(1), 0);
      journal.force();
      try (var files = Files.list(own)) {
        assertThat(files.toList())
            .hasSize(3)
            .allSatisfy(file ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
      }
    }
  }

  /// The force of a record fails, and then each step of what is done about it, one after the other.
  @Test
  void whatIsDoneAboutAFailedForceIsTriedAgainWhereverAnErrorCutItOff() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    disk.make(disk.path("/db"));
    Random random = new Random(13);
    try (PageJournal journal = PageJournal.open(disk.path("/db"))) {
      for (int i = 0; i < 3; i++) {
        scribble(journal, random, 5);
        journal.force();
      }
      byte[] forced = content(journal);
      scribble(journal, random, 5);
      byte[] after = content(journal);
      assertHeals(disk, journal, forced, after);
      assertThat(cut(disk)).isEqualTo(after);
    }
  }

  @Test
  void aJournalThatCouldNotBeEmptiedIsMadeAnew() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    disk.make(disk.path("/db"));
    Random random = new Random(17);
    try (PageJournal journal = PageJournal.open(disk.path("/db"))) {
      scribble(journal, random, 5);
      journal.force();
      int[] left = {1};
      disk.watch((operation, file, _, _) -> fail(operation == Operation.FORCE, file, left));
      assertThatThrownBy(journal::shrink).isInstanceOf(IOException.class);
      disk.watch((_, _, _, _) -> {});
      scribble(journal, random, 5);
      journal.force();
      assertThat(journal.broken()).isFalse();
      assertThat(cut(disk)).isEqualTo(content(journal));
    }
  }

  /// Fails so many operations on the journal's files.
  private static void fail(boolean which, String file, int[] left) throws IOException {
    if (which && file.contains(".pages-") && left[0]-- > 0) {
      throw new IOException("Input/output error");
    }
  }

  private static void assertHeals(
      SimulatedDisk disk, PageJournal journal, byte[] forced, byte[] after) throws IOException {
    disk.watch((operation, file, _, _) -> {
      if (operation == Operation.FORCE && file.contains(".pages-")) {
        throw new IOException("Input/output error");
      }
    });
    assertThatThrownBy(journal::force).isInstanceOf(IOException.class);
    boolean failed = true;
    for (int step = 0; failed; step++) {
      int[] left = {step};
      disk.watch((operation, _, _, _) -> {
        if (operation != Operation.READ && left[0]-- == 0) {
          throw new IOException("Input/output error");
        }
      });
      failed = fails(journal);
      assertThat(step).as("steps that failed, one in each try").isLessThan(100);
      if (failed) {
        assertThat(cut(disk)).as("cut after step %s", step).isIn(forced, after);
      }
    }
    disk.watch((_, _, _, _) -> {});
    journal.force();
    assertThat(journal.broken()).isFalse();
    assertThat(content(journal)).isEqualTo(after);
  }

  private static boolean fails(PageJournal journal) {
    try {
      journal.force();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /// The file after a power cut.
  private static byte[] cut(SimulatedDisk disk) throws IOException {
    SimulatedDisk left = disk.cut(3);
    try (PageJournal journal = PageJournal.open(left.path("/db"))) {
      return content(journal);
    }
  }
}
