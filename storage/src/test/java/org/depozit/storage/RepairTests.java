package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `check` finds in a damaged store, and what `check --repair` keeps of it.
final class RepairTests {
  /// More with `-Ddepozit.flips=…`.
  private static final int FLIPS = Integer.getInteger("depozit.flips", 24);

  @TempDir Path made;
  @TempDir Path elsewhere;
  private Path data;
  private List<String> before;

  @BeforeEach
  void fill() throws IOException {
    try (TestStore test = new TestStore(settings(made))) {
      Mailbox inbox = test.inbox("ana");
      for (int i = 0; i < 125; i++) {
        test.append(inbox, TestStore.mail("Cristi " + i % 7, "s " + i), Flag.of("word-" + i % 3));
      }
      test.append(inbox, TestStore.mail("big", "the big one") + "x".repeat(100_000));
      inbox.copy(UidSet.range(3, 9), test.mailbox("ana", "Archive"));
      inbox.store(
          UidSet.range(5, 12), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
      inbox.expunge(UidSet.range(1, 10));
      test.account("bob");
    }
    before = StoreTables.told(made);
    data = TestFiles.copy(made, elsewhere.resolve("data"));
  }

  private static StoreSettings settings(Path directory) {
    return new StoreSettings(directory, TestStore.limits(5, 1, 1 << 20), false, false);
  }

  private List<String> check() {
    return SqlStore.check(settings(data), _ -> {}).stream().map(Fault::toString).toList();
  }

  private List<String> repair() {
    List<String> told = new ArrayList<>();
    SqlStore.repair(settings(data), _ -> {}, told::add);
    assertThat(check()).as("after the repair: " + told).isEmpty();
    return told;
  }

  private static void flip(Path file, long bit) throws IOException {
    byte[] octets = Files.readAllBytes(file);
    octets[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
    Files.write(file, octets);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().equals("depozit.lock"))
          .sorted()
          .toList();
    }
  }

  @Test
  void flippedBitsInAnyFileAreFoundOrChangeNothing() throws IOException {
    assertThat(check()).isEmpty();
    List<Path> files = files(made);
    assertThat(files.stream().map(file -> made.relativize(file).toString()))
        .anyMatch(name -> name.endsWith(".view"))
        .anyMatch(name -> name.endsWith(".body"))
        .anyMatch(name -> name.endsWith(".seg"))
        .anyMatch(name -> name.endsWith("checkpoint"))
        .anyMatch(name -> name.endsWith(".mv.db"));
    for (int seed = 0; seed < FLIPS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Path file = made.relativize(files.get(seed % files.size()));
      TestFiles.delete(data);
      TestFiles.copy(made, data);
      long size = Files.size(data.resolve(file.toString()));
      if (size > 0) {
        long bit = random.nextLong(8 * size);
        flip(data.resolve(file.toString()), bit);
        List<String> found = check();
        boolean database = file.getFileName().toString().startsWith("depozit.mv.db");
        if (found.isEmpty()) {
          // H2 reads live pages only, and a journal only what is not yet in the database's file.
          assertThat(database).as("bit %d of %s is not found", bit, file).isTrue();
          assertThat(StoreTables.told(data)).as("bit %d of %s", bit, file).isEqualTo(before);
        }
      }
    }
  }

  @Test
  void aLostDatabaseIsMadeAnewFromTheLog() throws IOException {
    Files.delete(data.resolve("depozit.mv.db"));
    assertThat(check()).isNotEmpty();
    assertThat(repair()).anyMatch(line -> line.startsWith("the database was made anew"));
    assertThat(StoreTables.told(data)).isEqualTo(before);
  }

  @Test
  void rowsThatDoNotFitAreMadeAnewFromTheLog() throws IOException, SQLException {
    try (SqlStore store = SqlStore.open(settings(data));
        Connection beside = store.db().open()) {
      Db.update(beside, "UPDATE mailbox_message SET internal_date = 5");
      Db.update(beside, "UPDATE mailbox SET messages = 77");
      Db.update(beside, "DELETE FROM header");
    }
    assertThat(repair())
        .anyMatch(line -> line.startsWith("damaged: table mailbox"))
        .anyMatch(line -> line.startsWith("moved aside: depozit.mv.db"));
    assertThat(StoreTables.told(data)).isEqualTo(before);
  }

  @Test
  void aDamagedCheckpointIsMovedAside() throws IOException {
    flip(data.resolve("log/checkpoint"), 99);
    assertThat(check()).anyMatch(fault -> fault.contains("checkpoint"));
    assertThat(repair()).anyMatch(line -> line.startsWith("moved aside: log/checkpoint.damaged-"));
    assertThat(StoreTables.told(data)).isEqualTo(before);
  }

  @Test
  void aGroupThatIsDamagedInTheMiddleOfTheLogIsWrittenAgainFromTheDatabase() throws IOException {
    Path segment = data.resolve("log/0000000000000001.seg");
    flip(segment, 8L * (Segment.HEADER + 13));
    assertThat(check()).anyMatch(fault -> fault.contains("segment 0000000000000001"));
    List<String> told = repair();
    assertThat(told)
        .anyMatch(line -> line.startsWith("moved aside: log.damaged-"))
        .noneMatch(line -> line.startsWith("lost: "));
    // Where bodies stand is another matter, and a mailbox's rows are told in the order of today.
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(rows(before));
  }

  @Test
  void aMessageWhoseBodyIsLostIsNamedAndExpunged() throws IOException {
    try (Stream<Path> log = Files.list(data.resolve("log"))) {
      Files.delete(log.filter(file -> file.toString().endsWith(".body")).findFirst().orElseThrow());
    }
    assertThat(check()).anyMatch(fault -> fault.contains("its body cannot be read"));
    assertThat(repair())
        .filteredOn(line -> line.startsWith("lost: "))
        .singleElement()
        .asString()
        .startsWith("lost: account ana, mailbox INBOX, UID 126, subject \"THE BIG ONE\": ");
    try (SqlStore store = SqlStore.open(settings(data))) {
      View view =
          store.account("ana").orElseThrow().mailbox(MailboxName.INBOX).orElseThrow().view();
      assertThat(view.position(126)).isNegative();
      assertThat(view.uidNext()).isGreaterThan(126);
    }
  }

  @Test
  void withoutDatabaseAndWithADamagedLogTheRestIsKeptAndNumbersJump() throws IOException {
    Files.delete(data.resolve("depozit.mv.db"));
    Path segment = data.resolve("log/0000000000000001.seg");
    long middle = Files.size(segment) / 64;
    flip(segment, 8 * middle);
    assertThat(check()).isNotEmpty();
    assertThat(repair()).anyMatch(line -> line.startsWith("not kept: "));
    try (SqlStore store = SqlStore.open(settings(data))) {
      View view =
          store.account("ana").orElseThrow().mailbox(MailboxName.INBOX).orElseThrow().view();
      assertThat(view.uidNext()).isGreaterThan(1L << 20);
      assertThat(view.count()).isPositive();
    }
  }

  private List<String> rows() {
    return rows(StoreTables.told(data));
  }

  private static List<String> rows(List<String> told) {
    return told.stream().filter(row -> !row.startsWith("counter ")).toList();
  }
}
