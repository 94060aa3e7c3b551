package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.depozit.storage.SimulatedDisk.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Space is given back when the disk takes it again, though nobody writes any more; and what is
/// wrong with one segment keeps no other.
final class SpaceFaultTests {
  private static final SimulatedDisk.Witness NOBODY = (_, _, _, _) -> {};
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final StoreLimits LIMITS =
      LogSample.limits(1 << 16, new SpaceLimits(20, 10, 3_600_000, 49))
          .with(new StoreLimits.Bulk(1_000, 1_000_000, 5, 10_000, 5_000, 1_000))
          .with("checkpointMillis", 20);
  private static final int MAILS = 60;

  private final SimulatedDisk disk = new SimulatedDisk();

  /// The log's position behind which nobody writes any more.
  private final AtomicLong end = new AtomicLong(Long.MAX_VALUE);

  private final AtomicInteger failed = new AtomicInteger();
  private final TestStore test =
      new TestStore(new StoreSettings(disk.path("/mail"), LIMITS, false));

  @AfterEach
  void close() {
    disk.watch(NOBODY);
    test.close();
  }

  private List<Long> segments() throws IOException {
    return new LogFiles(disk.path("/mail/log")).segments();
  }

  /// Segments full of mail.
  private List<Long> fill() throws IOException {
    Mailbox inbox = test.inbox("ana");
    for (int i = 0; i < MAILS; i++) {
      test.append(inbox, TestStore.mail("a@b.c", "mail " + i) + "z".repeat(8_000) + "\r\n");
    }
    return segments();
  }

  private void deleteAll() {
    Mailbox inbox = test.inbox("ana");
    inbox.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
    inbox.expunge(UidSet.ALL);
    test.store().workings().commits().awaitRows();
    end.set(test.store().workings().states().logPosition());
  }

  private static boolean isSegment(String file) {
    return file.endsWith(".seg");
  }

  private static boolean isLooking() {
    return Thread.currentThread().getName().equals("depozit-space");
  }

  /// Whether nothing but giving space back can bring news any more.
  private boolean quiet() {
    return test.store().workings().commits().confirmed().sequence() >= end.get();
  }

  private void assertGone(List<Long> those) {
    await().atMost(LONG).until(() -> segments().stream().noneMatch(those::contains));
    assertThat(test.store().check(_ -> {})).isEmpty();
  }

  @Test
  void segmentsThatCouldNotBeReadAreLookedAtAgainAlthoughNobodyWrites() throws IOException {
    List<Long> full = fill();
    disk.watch((operation, file, _, _) -> {
      if (operation == Operation.READ && isSegment(file) && isLooking()) {
        failed.addAndGet(quiet() ? 1 : 0);
        throw new IOException("Input/output error");
      }
    });
    deleteAll();
    await().atMost(LONG).until(() -> failed.get() > full.size());
    disk.watch(NOBODY);
    assertGone(full.subList(0, full.size() - 1));
  }

  /// The look is refused, as by a full disk, when it carries something for the first time.
  @Test
  void whatWasRefusedIsCarriedLaterAlthoughNobodyWrites() throws IOException {
    List<Long> full = fill();
    boolean[] surveyed = {false};
    disk.watch((operation, file, _, count) -> {
      if (!isSegment(file)) {
        return;
      }
      if (operation == Operation.READ && isLooking()) {
        surveyed[0] = quiet();
        if (!surveyed[0]) {
          throw new IOException("Input/output error");
        }
      }
      if (operation == Operation.WRITE
          && surveyed[0]
          && count > Group.HEADER
          && failed.get() == 0) {
        failed.incrementAndGet();
        throw new IOException("No space left on device");
      }
    });
    deleteAll();
    assertGone(full.subList(0, full.size() - 1));
    assertThat(failed).hasValue(1);
  }

  /// The second stays too: in the first may stand what only the second says was given up.
  @Test
  void whateverIsWrongWithOneSegmentTheOthersAreGivenBack() throws IOException {
    List<Long> full = fill();
    String first = path(full.getFirst()).getFileName().toString();
    disk.watch((operation, file, _, _) -> {
      if (operation == Operation.READ && file.equals(first) && isLooking()) {
        throw new IllegalStateException("not only the disk fails");
      }
    });
    deleteAll();
    await().atMost(LONG).until(() -> segments().stream().noneMatch(full.subList(2, 6)::contains));
    assertThat(segments()).contains(full.getFirst());
    disk.watch(NOBODY);
    assertGone(full.subList(0, 6));
  }

  /// The name stays, and so does what the log says of it.
  @Test
  void aFileThatCannotBeDeletedIsDeletedLaterAndKeepsNoOther() throws IOException {
    List<Long> full = fill();
    String first = path(full.getFirst()).getFileName().toString();
    disk.watch((operation, file, _, _) -> {
      if (operation == Operation.REMOVE && file.equals(first)) {
        failed.incrementAndGet();
        throw new IOException("Input/output error");
      }
    });
    deleteAll();
    await().atMost(LONG).until(() -> segments().stream().noneMatch(full.subList(1, 6)::contains));
    // Others may still be on their way; then it is tried again and again, and nothing is written.
    long[] since = {0, 0};
    await()
        .atMost(LONG)
        .until(() -> {
          long position = test.store().workings().states().logPosition();
          if (position != since[0]) {
            since[0] = position;
            since[1] = failed.get();
          }
          return failed.get() > since[1] + 5;
        });
    assertThat(Files.exists(path(full.getFirst()))).isTrue();
    disk.watch(NOBODY);
    assertGone(full.subList(0, 6));
  }

  private Path path(long segment) {
    return new LogFiles(disk.path("/mail/log")).segment(segment);
  }
}
