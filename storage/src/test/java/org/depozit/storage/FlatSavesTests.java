package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Flat saves cost time when they are lost, and never say anything wrong.
final class FlatSavesTests {
  /// Enough that what was opened stays loaded, and is written when the store is closed, whether or
  /// not the garbage collector comes in between.
  private static final long KEPT = 1 << 20;

  @TempDir Path directory;

  private StoreSettings settings() {
    return new StoreSettings(directory, TestStore.limits(1, 20_000, KEPT), false);
  }

  private StoreSettings settings(StoreLimits limits) {
    return new StoreSettings(directory, limits, false);
  }

  private List<Path> files() throws IOException {
    Path index = directory.resolve("index");
    if (!Files.isDirectory(index)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(index)) {
      return files.toList();
    }
  }

  private Path file() throws IOException {
    assertThat(files()).hasSize(1);
    return files().getFirst();
  }

  /// All that a version shows, a line a message.
  private static List<String> lines(View view) {
    List<String> lines = new ArrayList<>();
    lines.add(
        view.uidValidity()
            + " "
            + view.uidNext()
            + " "
            + view.highestModSeq()
            + " "
            + view.count()
            + " "
            + view.unseen()
            + " "
            + view.deleted()
            + " "
            + view.octets());
    for (int i = 0; i < view.count(); i++) {
      lines.add(
          view.uid(i)
              + " "
              + view.modSeq(i)
              + " "
              + view.flags(view.flagBits(i))
              + " "
              + view.size(i)
              + " "
              + view.internalDate(i)
              + " "
              + view.sentDay(i)
              + " "
              + view.from(i)
              + " "
              + view.subject(i));
    }
    return lines;
  }

  private static void fill(TestStore test, Mailbox mailbox, int count) {
    List<IncomingMessage> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(test.message(TestStore.mail("a" + i % 7 + "@example.org", "s" + i)));
    }
    mailbox.append(messages);
  }

  private static void change(TestStore test, Mailbox mailbox, Random random, int times) {
    for (int i = 0; i < times; i++) {
      View view = mailbox.view();
      long first = 1 + random.nextLong(view.uidNext());
      UidSet some = UidSet.range(first, Math.min(view.uidNext(), first + random.nextInt(40)));
      Flag keyword = Flag.of("k" + random.nextInt(40));
      switch (random.nextInt(6)) {
        case 0 -> fill(test, mailbox, 1 + random.nextInt(20));
        case 1 ->
            mailbox.store(some, new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
        case 2 -> mailbox.store(some, new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty());
        case 3 -> mailbox.store(some, new FlagChange.Add(Set.of(keyword)), OptionalLong.empty());
        case 4 -> mailbox.expunge(some);
        default ->
            mailbox.store(some, new FlagChange.Remove(Set.of(keyword)), OptionalLong.empty());
      }
    }
  }

  /// The store, written flat after the first changes and closed without being written again after
  /// the second ones: what is read from the file and caught up is what the rows alone say.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void aFileThatIsBehindIsCaughtUpExactly(int seed) throws IOException {
    Random random = new Random(seed);
    try (TestStore test = new TestStore(settings())) {
      Mailbox inbox = test.inbox("ana");
      fill(test, inbox, 100 + random.nextInt(1_200));
      change(test, inbox, random, random.nextInt(10));
    }
    byte[] old = Files.readAllBytes(file());
    List<String> now;
    try (TestStore test = new TestStore(settings())) {
      Mailbox inbox = test.inbox("ana");
      change(test, inbox, random, random.nextInt(40));
      now = lines(inbox.view());
    }
    Files.write(file(), old);
    List<String> caughtUp;
    try (TestStore test = new TestStore(settings())) {
      caughtUp = lines(test.inbox("ana").view());
    }
    for (Path file : files()) {
      Files.delete(file);
    }
    try (TestStore test = new TestStore(settings(TestStore.limits(1 << 30, 20_000, KEPT)))) {
      assertThat(caughtUp).isEqualTo(lines(test.inbox("ana").view())).isEqualTo(now);
    }
  }

  @Test
  void aFileThatIsTooFarBehindIsWrittenAnew() throws IOException {
    try (TestStore test = new TestStore(settings())) {
      fill(test, test.inbox("ana"), 300);
    }
    byte[] old = Files.readAllBytes(file());
    try (TestStore test = new TestStore(settings())) {
      fill(test, test.inbox("ana"), 300);
    }
    Files.write(file(), old);
    try (TestStore test = new TestStore(settings(TestStore.limits(1, 200, KEPT)))) {
      assertThat(test.inbox("ana").view().count()).isEqualTo(600);
    }
    assertThat(FlatFile.read(file()).header().uidNext()).isEqualTo(601);
  }

  @Test
  void everyBitThatFlipsIsNoticed() throws IOException {
    ViewBuilder view = new ViewBuilder(7, 1_700_000_000);
    for (int i = 1; i <= 12; i++) {
      view.add(3L * i, 100 - i, (1L << 40) >> i, (long) i << 12, i, 1_000L * i, i % 4, i);
    }
    Path whole = directory.resolve("good");
    FlatFile.write(whole, view.build(50, 120, 9));
    byte[] good = Files.readAllBytes(whole);
    Path bad = directory.resolve("bad");
    for (int bit = 0; bit < 8 * good.length; bit++) {
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(bad, flipped);
      assertThatThrownBy(() -> FlatFile.read(bad))
          .as("bit %s", bit)
          .isInstanceOf(IOException.class);
    }
    for (int length = 0; length < good.length; length += 13) {
      Files.write(bad, java.util.Arrays.copyOf(good, length));
      assertThatThrownBy(() -> FlatFile.read(bad)).isInstanceOf(IOException.class);
    }
    Files.write(bad, java.util.Arrays.copyOf(good, good.length + 1));
    assertThatThrownBy(() -> FlatFile.read(bad)).isInstanceOf(IOException.class);
  }

  @Test
  void aDamagedFileIsReplaced() throws IOException {
    List<String> before;
    try (TestStore test = new TestStore(settings())) {
      fill(test, test.inbox("ana"), 700);
      before = lines(test.inbox("ana").view());
    }
    byte[] good = Files.readAllBytes(file());
    byte[] bad = good.clone();
    bad[bad.length / 2] ^= 4;
    Files.write(file(), bad);
    try (TestStore test = new TestStore(settings())) {
      assertThat(lines(test.inbox("ana").view())).isEqualTo(before);
    }
    assertThat(FlatFile.read(file()).chunks()).hasSize(2);
  }

  /// The database and the log of yesterday, with the flat saves of today.
  @Test
  void aFileAheadOfAStorePutBackIsThrownAway() throws IOException {
    try (TestStore test = new TestStore(settings())) {
      fill(test, test.inbox("ana"), 300);
    }
    Path copy = directory.resolveSibling(directory.getFileName() + "-copy");
    copy(directory, copy);
    try (TestStore test = new TestStore(settings())) {
      Mailbox inbox = test.inbox("ana");
      inbox.store(
          UidSet.range(1, 300), new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty());
    }
    byte[] ahead = Files.readAllBytes(file());
    Path name = copy.resolve("index").resolve(file().getFileName());
    Files.write(name, ahead);
    StoreSettings old = new StoreSettings(copy, TestStore.limits(1, 20_000, KEPT), false);
    try (TestStore test = new TestStore(old)) {
      Mailbox inbox = test.inbox("ana");
      assertThat(inbox.view().unseen()).isEqualTo(300);
      inbox.store(UidSet.of(3), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
      assertThat(inbox.view().deleted()).isEqualTo(1);
      assertThat(inbox.view().unseen()).isEqualTo(300);
    }
    assertThat(FlatFile.read(name).chunks()[0].unseen).isEqualTo(300);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @Test
  void leftoversAndFilesOfDeletedMailboxesGo() throws IOException {
    try (TestStore test = new TestStore(settings())) {
      Account ana = test.account("ana");
      ana.create(MailboxName.of("Work"), java.util.Optional.empty());
      fill(test, test.mailbox("ana", "Work"), 200);
      fill(test, test.inbox("ana"), 200);
    }
    assertThat(files()).hasSize(2);
    Path index = directory.resolve("index");
    Files.write(index.resolve("00000001.new"), new byte[100]);
    Files.write(index.resolve("7fffffff.view"), Files.readAllBytes(files().getFirst()));
    try (TestStore test = new TestStore(settings())) {
      test.account("ana").delete(MailboxName.of("Work"));
    }
    assertThat(files()).hasSize(1);
  }

  @Test
  void whatIsLargeEnoughIsWrittenOnceItIsLoadedFromRows() throws IOException {
    try (TestStore test = new TestStore(settings(TestStore.limits(1 << 30, 20_000, KEPT)))) {
      fill(test, test.inbox("ana"), 1_200);
    }
    assertThat(files()).isEmpty();
    try (TestStore test = new TestStore(settings())) {
      Mailbox inbox = test.inbox("ana");
      org.awaitility.Awaitility.await().until(() -> files().size() == 1);
      assertThat(inbox.view().count()).isEqualTo(1_200);
    }
  }
}
