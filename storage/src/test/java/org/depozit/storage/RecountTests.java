package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// While the log is replayed the counters follow the rows: mailboxes that only got mail are not
/// counted at all, the others by their flat saves or their rows.
final class RecountTests {
  private static final byte[] NONE = {};

  @TempDir Path directory;

  private static Change.MessageFiled filed(int mailbox, long uid, long modSeq, long flags) {
    return new Change.MessageFiled(
        mailbox, uid, modSeq, uid, flags, 0, 0, 0, 100 + uid, NONE, NONE, 1, 0, 0, 0, 1);
  }

  private static void apply(Rows rows, List<Change> changes) {
    for (int from = 0; from < changes.size(); from += 10) {
      rows.begin();
      changes.subList(from, Math.min(changes.size(), from + 10)).forEach(rows::apply);
      rows.commit();
    }
  }

  private static MailboxCounters counters(Rows rows) throws Exception {
    return Loads.counters(rows.statements().connection(), 1).orElseThrow();
  }

  /// A mailbox with mail, as after an earlier checkpoint.
  private static List<Change> before() {
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.MailboxCreated(1, 1, "INBOX", 7, ""));
    for (int uid = 1; uid <= 30; uid++) {
      changes.add(filed(1, uid, uid + 1, uid % 3 == 0 ? 1 : 0));
    }
    return changes;
  }

  @ParameterizedTest
  @ValueSource(ints = {31, 35, 41, 51})
  void countersFollowMailThatComesHoweverMuchOfItIsThere(int replayedFrom) throws Exception {
    List<Change> after = new ArrayList<>();
    for (int uid = 31; uid <= 50; uid++) {
      after.add(filed(1, uid, uid + 1, uid % 5 == 0 ? 9 : 0));
    }
    try (Opened opened = new Opened(directory)) {
      Rows rows = opened.rows();
      apply(rows, before());
      rows.recount();
      apply(rows, after.subList(0, replayedFrom - 31));
      apply(rows, after);
      // Nothing is doubtful: who would count would be seen.
      rows.recount(row -> {
        throw new AssertionError("counted: " + row);
      });
      assertThat(counters(rows))
          .isEqualTo(
              new MailboxCounters(1, 1, "INBOX", 7, 51, 51, 50, 36, 4, 50 * 100 + 50 * 51 / 2));
    }
  }

  @Test
  void aMailboxWhoseFlagsChangedIsCountedByWhatIsKnownOrByItsRows() throws Exception {
    try (Opened opened = new Opened(directory)) {
      Rows rows = opened.rows();
      apply(rows, before());
      rows.recount();
      List<Change> after = new ArrayList<>();
      after.add(filed(1, 31, 32, 0));
      after.add(new Change.FlagsSet(1, 33, new long[] {1, 2, 31}, new long[] {1, 9, 8}));
      after.add(new Change.Expunged(1, 34, UidSet.range(10, 12)));
      after.add(filed(1, 32, 35, 1));
      apply(rows, after);
      List<MailboxCounters> asked = new ArrayList<>();
      assertThat(rows.finishFlags(1_000)).isEmpty();
      rows.recount(row -> {
        asked.add(row);
        return Optional.empty();
      });
      assertThat(asked).hasSize(1);
      assertThat(asked.getFirst().highestModSeq()).isEqualTo(35);
      assertThat(asked.getFirst().uidNext()).isEqualTo(33);
      long octets = 29 * 100 + 32 * 33 / 2 - 10 - 11 - 12;
      assertThat(counters(rows))
          .isEqualTo(new MailboxCounters(1, 1, "INBOX", 7, 33, 35, 29, 17, 2, octets));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aStoreThatDiesCountsByItsFlatSave(int seed) throws Exception {
    Random random = new Random(seed);
    StoreLimits limits = TestStore.limits(1, 20_000, 0);
    Path copy = directory.resolve("copy");
    try (TestStore test =
        new TestStore(new StoreSettings(directory.resolve("own"), limits, false))) {
      Mailbox inbox = test.inbox("ana");
      for (int i = 0; i < 150; i++) {
        test.append(inbox, TestStore.mail("a@example.org", "s" + i));
      }
      inbox.store(
          UidSet.range(1 + random.nextInt(50), 90),
          new FlagChange.Add(Set.of(Flag.SEEN)),
          OptionalLong.empty());
      test.deliver(TestStore.mail("b@example.org", "t"), "", test.account("ana"));
      inbox.awaitForced(inbox.view());
      copy(directory.resolve("own"), copy);
      try (TestStore again = new TestStore(new StoreSettings(copy, limits, false))) {
        Account ana = again.account("ana");
        MailboxStatus cold = ana.status(MailboxName.of("INBOX")).orElseThrow();
        View view = inbox.view();
        assertThat(cold.messages()).isEqualTo(view.count());
        assertThat(cold.unseen()).isEqualTo(view.unseen());
        assertThat(cold.octets()).isEqualTo(view.octets());
        assertThat(cold.highestModSeq()).isEqualTo(view.highestModSeq());
        assertThat(again.inbox("ana").view().count()).isEqualTo(view.count());
      }
    }
  }

  /// What a process that dies now leaves behind.
  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  /// Rows in a database of their own.
  private record Opened(PageJournal pages, Db db, Rows rows) implements AutoCloseable {
    Opened(Path directory) throws Exception {
      this(Schema.open(directory, StoreLimits.DEFAULTS));
    }

    private Opened(PageJournal pages) {
      this(pages, new H2Dialect(pages));
    }

    private Opened(PageJournal pages, Dialect dialect) {
      this(pages, db(dialect));
    }

    private Opened(PageJournal pages, Db db) {
      this(pages, db, new Rows(db));
    }

    private static Db db(Dialect dialect) {
      return new Db(dialect, dialect.url(), 1);
    }

    @Override
    public void close() throws IOException {
      rows.close();
      db.close();
      pages.close();
    }
  }
}
