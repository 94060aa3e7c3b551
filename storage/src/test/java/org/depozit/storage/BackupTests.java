package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Backups of a store that serves, and what comes out of them.
final class BackupTests {
  @TempDir Path directory;
  @TempDir Path elsewhere;
  private TestStore test;
  private Path backup;

  @BeforeEach
  void fill() {
    backup = elsewhere.resolve("backup");
    test = new TestStore(directory);
    Mailbox inbox = test.inbox("ana");
    for (int i = 0; i < 25; i++) {
      test.append(inbox, TestStore.mail("Cristi " + i % 7, "s " + i), Flag.of("word-" + i % 3));
    }
    test.append(inbox, TestStore.mail("big", "big") + "x".repeat(100_000));
    test.deliver(
        "Subject: both\r\n\r\nb\r\n",
        "X: " + "y".repeat(5_000) + "\r\n",
        test.account("ana"),
        test.account("bob"));
    inbox.copy(UidSet.range(3, 9), test.mailbox("ana", "Archive"));
    inbox.store(
        UidSet.range(5, 12), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
    inbox.expunge(UidSet.range(1, 10));
    test.account("ana").create(MailboxName.of("Work/2024"), Optional.empty());
    test.account("ana").unsubscribe(MailboxName.of("Junk"));
  }

  @AfterEach
  void close() {
    test.close();
  }

  private SqlStore restored() {
    StoreSettings settings = StoreSettings.at(elsewhere.resolve("again"));
    SqlStore.restore(backup, settings, _ -> {});
    return SqlStore.open(settings);
  }

  @Test
  void aWholeStoreComesBackWithItsNumbersAndGoesOnBeyondThem() throws IOException {
    Manifest manifest = test.store().backup(backup, Optional.empty(), _ -> {});
    assertThat(manifest.accounts()).hasSize(2);
    assertThat(manifest.damaged()).isEmpty();
    try (SqlStore again = restored()) {
      assertThat(KnownMailbox.all(again, "ana"))
          .isEqualTo(KnownMailbox.jumped(KnownMailbox.all(test.store(), "ana")));
      assertThat(KnownMailbox.all(again, "bob"))
          .isEqualTo(KnownMailbox.jumped(KnownMailbox.all(test.store(), "bob")));
      assertThat(again.account("ana").orElseThrow().subscriptions())
          .isEqualTo(test.account("ana").subscriptions());
      assertThat(again.login("ana", TestStore.PASSWORD.clone())).isPresent();
      assertThat(again.check(_ -> {})).isEmpty();
      View view =
          again.account("ana").orElseThrow().mailbox(MailboxName.INBOX).orElseThrow().view();
      for (int i = 0; i < view.count(); i++) {
        assertThat(view.modSeq(i)).isEqualTo(view.highestModSeq());
      }
    }
    assertThat(SqlStore.check(StoreSettings.at(elsewhere.resolve("again")), _ -> {})).isEmpty();
    try (Stream<Path> left = Files.list(elsewhere)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("backup", "again");
    }
  }

  @Test
  void anAccountComesBackIntoAStoreThatServes() {
    test.store().backup(backup, Optional.of("ana"), _ -> {});
    Map<String, KnownMailbox> before = KnownMailbox.jumped(KnownMailbox.all(test.store(), "ana"));
    assertThatThrownBy(() -> test.store().restore(backup, "ana", "ana", _ -> {}))
        .hasMessageContaining("such an account already");
    test.store().removeAccount("ana");
    test.store().restore(backup, "ana", "ana", _ -> {});
    test.store().restore(backup, "ana", "maria", _ -> {});
    assertThat(KnownMailbox.all(test.store(), "ana")).isEqualTo(before);
    assertThat(KnownMailbox.all(test.store(), "maria")).isEqualTo(before);
    assertThat(test.store().login("maria", TestStore.PASSWORD.clone())).isPresent();
    assertThat(test.store().check(_ -> {})).isEmpty();
    assertThat(test.append(test.inbox("ana"), "Subject: new\r\n\r\n").uid())
        .isEqualTo(before.get("INBOX").uidNext());
    test.reopen();
    assertThat(test.store().check(_ -> {})).isEmpty();
    assertThat(test.store().accountNames()).containsExactly("ana", "bob", "maria");
    assertThatThrownBy(() -> test.store().restore(backup, "bob", "dan", _ -> {}))
        .hasMessageContaining("no such account");
  }

  @Test
  void aRestoreThatFailsLeavesNoAccountAndTwoAtOnceAreRefused() {
    test.store().backup(backup, Optional.of("ana"), _ -> {});
    assertThatThrownBy(() ->
            test.store()
                .restore(
                    backup,
                    "ana",
                    "maria",
                    step -> {
                      if (step.contains("Archive")) {
                        throw new IllegalStateException("in the middle");
                      }
                    }))
        .hasMessage("in the middle");
    assertThat(test.store().accountNames()).containsExactly("ana", "bob");
    test.store()
        .restore(
            backup,
            "ana",
            "maria",
            _ ->
                assertThatThrownBy(() -> test.store().restore(backup, "ana", "eva", _ -> {}))
                    .isInstanceOfSatisfying(
                        Refused.class,
                        e -> assertThat(e.reason()).isEqualTo(Refused.Reason.IN_USE)));
    assertThat(test.store().accountNames()).containsExactly("ana", "bob", "maria");
  }

  @Test
  void whatWasExpungedAMomentAgoIsRememberedInTheBackupThoughItsRowsArePending() {
    StoreLimits limits =
        StoreLimits.DEFAULTS.with(new StoreLimits.Bulk(4, 1_000_000, 60_000, 90_000, 5_000, 4));
    Path again = elsewhere.resolve("again");
    try (TestStore other =
        new TestStore(new StoreSettings(elsewhere.resolve("s"), limits, false))) {
      Mailbox inbox = other.inbox("ana");
      for (int i = 0; i < 20; i++) {
        other.append(inbox, TestStore.mail("Cristi", "s " + i));
      }
      inbox.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
      inbox.expunge(UidSet.range(1, 15));
      other.store().backup(backup, Optional.empty(), _ -> {});
    }
    SqlStore.restore(backup, StoreSettings.at(again), _ -> {});
    assertThat(StoreTables.told(again).stream().filter(row -> row.startsWith("expunged ")))
        .hasSize(15);
  }

  @Test
  void aDamagedBackupIsRefused() throws IOException {
    test.store().backup(backup, Optional.empty(), _ -> {});
    List<Path> files;
    try (Stream<Path> walk = Files.walk(backup)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    assertThat(files).hasSizeGreaterThan(2);
    for (Path file : files) {
      byte[] octets = Files.readAllBytes(file);
      octets[octets.length / 2] ^= 1;
      Files.write(file, octets);
      assertThatThrownBy(this::restored)
          .isInstanceOf(Refused.class)
          .hasMessageContaining("no whole backup");
      octets[octets.length / 2] ^= 1;
      Files.write(file, octets);
    }
    assertThatThrownBy(() -> test.store().backup(backup, Optional.empty(), _ -> {}))
        .hasMessageContaining("is there already");
  }

  @Test
  void aBackupUnderLoadIsOneMomentOfEachAccountAndNoNumberIsGivenTwice() {
    Mailbox inbox = test.inbox("ana");
    Mailbox archive = test.mailbox("ana", "Archive");
    for (int i = 0; i < 300; i++) {
      test.append(inbox, TestStore.mail("load", "before " + i));
    }
    CompletableFuture<Boolean> stop = new CompletableFuture<>();
    List<CompletableFuture<Void>> load = new ArrayList<>();
    for (int worker = 0; worker < 3; worker++) {
      RandomGenerator random = new java.util.SplittableRandom(worker);
      load.add(
          CompletableFuture.runAsync(
              () -> work(inbox, archive, random, stop), Thread::startVirtualThread));
    }
    Manifest manifest = test.store().backup(backup, Optional.empty(), _ -> {});
    stop.complete(true);
    load.forEach(CompletableFuture::join);
    assertThat(manifest.damaged()).isEmpty();
    Map<String, KnownMailbox> now = KnownMailbox.all(test.store(), "ana");
    try (SqlStore again = restored()) {
      Map<String, KnownMailbox> then = KnownMailbox.all(again, "ana");
      assertThat(again.check(_ -> {})).isEmpty();
      then.forEach((name, box) -> {
        assertThat(box.uidValidity()).isEqualTo(now.get(name).uidValidity());
        assertThat(box.uidNext()).isGreaterThan(now.get(name).uidNext());
        assertThat(box.highest()).isGreaterThan(now.get(name).highest());
        box.messages()
            .forEach((uid, mail) -> {
              KnownMailbox.Mail here = now.get(name).messages().get(uid);
              if (here != null) {
                assertThat(mail.octets()).isEqualTo(here.octets());
              }
            });
      });
      // Moves go on all the time: what nobody deletes is in one mailbox or the other, and once.
      List<String> kept = new ArrayList<>();
      then.values()
          .forEach(box -> box.messages().values().forEach(mail -> kept.add(mail.octets())));
      for (int i = 0; i < 300; i++) {
        String octets = TestStore.mail("load", "before " + i);
        assertThat(kept.stream().filter(octets::equals)).as("before " + i).hasSize(1);
      }
    }
  }

  /// Moves to and fro, flags, and deliveries that go again.
  private void work(
      Mailbox inbox, Mailbox archive, RandomGenerator random, CompletableFuture<Boolean> stop) {
    while (!stop.isDone()) {
      View view = inbox.view();
      long uid = view.uid(random.nextInt(view.count()));
      switch (random.nextInt(5)) {
        case 0 -> inbox.move(UidSet.range(uid, uid), archive);
        case 1 -> {
          View there = archive.view();
          if (there.count() > 0) {
            long other = there.uid(random.nextInt(there.count()));
            archive.move(UidSet.range(other, other), inbox);
          }
        }
        case 2 ->
            inbox.store(
                UidSet.range(uid, uid),
                new FlagChange.Add(Set.of(Flag.SEEN)),
                OptionalLong.empty());
        default -> {
          long fresh = test.append(inbox, TestStore.mail("new", "n" + random.nextInt())).uid();
          if (random.nextBoolean()) {
            UidSet one = UidSet.range(fresh, fresh);
            inbox.store(one, new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
            inbox.expunge(one);
          }
        }
      }
    }
  }
}
