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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log alone makes the database again.
final class RebuildTests {
  @TempDir private Path directory;

  private final List<Rebuild.Loss> losses = new ArrayList<>();

  private Rebuild.Rebuilt rebuild() {
    return Rebuild.run(directory, StoreLimits.DEFAULTS, losses::add);
  }

  private Path segment(int number) {
    return directory.resolve("log").resolve("%016x.seg".formatted(number));
  }

  @Test
  void aLostDatabaseIsMadeAgainWithAllThatWasInIt() throws IOException {
    try (TestStore store = new TestStore(directory)) {
      new RandomWork(store, 1).run(300);
    }
    List<String> right = StoreTables.told(directory);
    Files.delete(directory.resolve("depozit.mv.db"));
    Rebuild.Rebuilt rebuilt = rebuild();
    assertThat(losses).isEmpty();
    assertThat(rebuilt.aside()).isEmpty();
    assertThat(StoreTables.told(directory)).isEqualTo(right);
  }

  @Test
  void theDatabaseThatStoodThereIsKept() throws IOException {
    try (TestStore store = new TestStore(directory)) {
      store.append(store.inbox("ana"), "one\r\n");
    }
    byte[] garbage = {1, 2, 3};
    Files.write(directory.resolve("depozit.mv.db"), garbage);
    Path aside = rebuild().aside().getFirst();
    assertThat(aside.getFileName().toString()).startsWith("depozit.mv.db.damaged-");
    assertThat(Files.readAllBytes(aside)).isEqualTo(garbage);
    try (TestStore store = new TestStore(directory)) {
      assertThat(TestStore.text(store.inbox("ana"), 1)).hasValue("one\r\n");
    }
  }

  @Test
  void whatStandsBehindADamagedGroupIsKeptAndTheDamageTold() throws IOException {
    long from;
    long to;
    try (TestStore store = new TestStore(directory)) {
      Mailbox inbox = store.inbox("ana");
      store.append(inbox, "one\r\n");
      store.reopen();
      from = Checkpoint.read(new LogFiles(directory.resolve("log"))).orElseThrow().offset();
      store.append(store.inbox("ana"), "two\r\n");
      store.reopen();
      to = Checkpoint.read(new LogFiles(directory.resolve("log"))).orElseThrow().offset();
      store.append(store.inbox("ana"), "three\r\n");
    }
    flip(segment(1), from + 60);
    Files.delete(directory.resolve("depozit.mv.db"));
    rebuild();
    assertThat(losses).hasSize(2);
    assertThat(losses.getFirst().segment()).isEqualTo(1);
    assertThat(losses.getFirst().from()).isEqualTo(from);
    assertThat(losses.getFirst().to()).isEqualTo(to);
    assertThat(losses.getLast().what()).startsWith("groups 3 to 3");
    try (TestStore store = new TestStore(directory)) {
      assertThat(store.inbox("ana").view().count()).isEqualTo(2);
      assertThat(TestStore.text(store.inbox("ana"), 1)).hasValue("one\r\n");
      assertThat(TestStore.text(store.inbox("ana"), 2)).isEmpty();
      assertThat(TestStore.text(store.inbox("ana"), 3)).hasValue("three\r\n");
    }
  }

  @Test
  void aUidThatWasExpungedIsNotGivenAgainThoughTheGroupThatGaveItIsLost() throws IOException {
    long from;
    try (TestStore store = new TestStore(directory)) {
      store.account("ana");
      store.reopen();
      from = Checkpoint.read(new LogFiles(directory.resolve("log"))).orElseThrow().offset();
      store.append(store.inbox("ana"), "one\r\n", Flag.DELETED);
      store.reopen();
      assertThat(store.inbox("ana").expunge(UidSet.ALL).isEmpty()).isFalse();
    }
    flip(segment(1), from + 60);
    Files.delete(directory.resolve("depozit.mv.db"));
    rebuild();
    assertThat(losses).isNotEmpty();
    try (TestStore store = new TestStore(directory)) {
      assertThat(store.inbox("ana").view().uidNext()).isEqualTo(2);
    }
  }

  @Test
  void aSegmentWithoutItsHeaderIsStillRead() throws IOException {
    try (TestStore store = new TestStore(directory)) {
      store.append(store.inbox("ana"), "one\r\n");
    }
    flip(segment(1), 20);
    Files.delete(directory.resolve("depozit.mv.db"));
    rebuild();
    assertThat(losses).hasSize(1);
    try (TestStore store = new TestStore(directory)) {
      assertThat(TestStore.text(store.inbox("ana"), 1)).hasValue("one\r\n");
    }
  }

  @Test
  void mailOfALostAccountIsKeptUnderAnother() throws IOException {
    try (TestStore store = new TestStore(directory)) {
      store.account("ana");
      store.account("ion");
      store.append(store.inbox("ana"), "one\r\n");
      store.append(store.mailbox("ion", "Sent"), "two\r\n");
    }
    flip(segment(1), Segment.HEADER + 60);
    Files.delete(directory.resolve("depozit.mv.db"));
    rebuild();
    assertThat(losses).isNotEmpty();
    try (TestStore store = new TestStore(directory)) {
      assertThat(store.store().account("ana")).isEmpty();
      Account ion = store.store().account("ion").orElseThrow();
      Mailbox found = ion.mailbox(MailboxName.of("Recovered 1")).orElseThrow();
      assertThat(TestStore.text(found, 1)).hasValue("one\r\n");
      assertThat(TestStore.text(store.mailbox("ion", "Sent"), 1)).hasValue("two\r\n");
      ion.create(MailboxName.of("new"), Optional.empty());
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer octet = ByteBuffer.allocate(1);
      channel.read(octet, at);
      octet.put(0, (byte) (octet.get(0) ^ 4)).flip();
      channel.write(octet, at);
    }
  }
}
