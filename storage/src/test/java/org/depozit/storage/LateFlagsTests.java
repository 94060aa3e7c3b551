package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that ends while very many flags wait for their rows is opened again without waiting for
/// them.
final class LateFlagsTests {
  /// Rows never come, not even at the end; what a replay finds for more than twenty messages is
  /// late.
  private static final StoreLimits.Bulk NEVER =
      new StoreLimits.Bulk(5, 1 << 30, 1 << 30, 1 << 30, 0, 1_000);

  private static final int MANY = 40;

  @TempDir private Path directory;

  private TestStore open(StoreLimits.Bulk bulk) {
    return new TestStore(
        new StoreSettings(
            directory.resolve("s"), TestStore.limits(1, 20_000, 1 << 20).with(bulk), false));
  }

  private static void flag(Mailbox mailbox, UidSet uids, Flag flag) {
    mailbox.store(uids, new FlagChange.Add(Set.of(flag)), OptionalLong.empty());
  }

  private static long flagged(TestStore test) {
    return test.store()
        .db()
        .read(c -> Db.number(c, "SELECT COUNT(*) FROM mailbox_message WHERE flags <> 0"))
        .orElseThrow();
  }

  private static MailboxStatus status(TestStore test, String mailbox) {
    return test.account("ana").status(MailboxName.of(mailbox)).orElseThrow();
  }

  private void fill() {
    try (TestStore test = open(StoreLimits.Bulk.DEFAULTS)) {
      Mailbox inbox = test.inbox("ana");
      for (int i = 1; i <= MANY; i++) {
        test.append(inbox, TestStore.mail("A <a@example.org>", "subject " + i));
      }
      test.append(test.mailbox("ana", "Archive"), TestStore.mail("B <b@example.org>", "kept"));
    }
  }

  @Test
  void flagsAreThereBeforeTheirRowsAndTheirRowsCome() {
    fill();
    long modSeq;
    try (TestStore test = open(NEVER)) {
      Mailbox inbox = test.inbox("ana");
      flag(inbox, UidSet.ALL, Flag.SEEN);
      flag(inbox, UidSet.range(3, 30), Flag.of("later"));
      flag(test.mailbox("ana", "Archive"), UidSet.ALL, Flag.FLAGGED);
      inbox.expunge(UidSet.of(4));
      flag(inbox, UidSet.range(11, 12), Flag.DELETED);
      inbox.expunge(UidSet.range(11, 12));
      modSeq = inbox.view().highestModSeq();
    }
    for (int round = 0; round < 3; round++) {
      try (TestStore test = open(NEVER)) {
        // Those of the other mailbox are few.
        assertThat(flagged(test)).as("round %s", round).isEqualTo(1);
        assertThat(status(test, "INBOX").messages()).isEqualTo(MANY - 2);
        assertThat(status(test, "INBOX").unseen()).isZero();
        assertThat(status(test, "INBOX").highestModSeq()).isEqualTo(modSeq);
        View view = test.inbox("ana").view();
        assertThat(view.highestModSeq()).isEqualTo(modSeq);
        assertThat(view.flags(view.flagBits(view.position(3))))
            .containsExactly(Flag.SEEN, Flag.of("later"));
        assertThat(view.modSeq(view.position(2))).isLessThan(view.modSeq(view.position(3)));
        flag(test.inbox("ana"), UidSet.of(40 - round), Flag.ANSWERED);
        modSeq = test.inbox("ana").view().highestModSeq();
      }
    }
    try (TestStore test = open(StoreLimits.Bulk.DEFAULTS)) {
      Awaitility.await().until(() -> flagged(test) == MANY - 2 + 1);
      assertThat(test.store().check(_ -> {})).isEmpty();
    }
    assertThat(SqlStore.check(settings(), _ -> {})).isEmpty();
  }

  @Test
  void aMailboxThatWentHasNoLateFlags() {
    fill();
    try (TestStore test = open(NEVER)) {
      flag(test.inbox("ana"), UidSet.ALL, Flag.SEEN);
      test.account("ana").rename(MailboxName.of("INBOX"), MailboxName.of("Old"));
      flag(test.mailbox("ana", "Old"), UidSet.ALL, Flag.DRAFT);
      test.account("ana").delete(MailboxName.of("Old"));
    }
    try (TestStore test = open(NEVER)) {
      assertThat(test.account("ana").mailbox(MailboxName.of("Old"))).isEmpty();
      assertThat(status(test, "INBOX").messages()).isZero();
    }
    assertThat(SqlStore.check(settings(), _ -> {})).isEmpty();
  }

  private StoreSettings settings() {
    return new StoreSettings(
        directory.resolve("s"), StoreLimits.DEFAULTS.with(StoreLimits.Bulk.DEFAULTS), false);
  }
}
