package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every store does, whatever database it stands on: messages.
final class StoreContractTests {
  @TempDir Path directory;
  private TestStore test;

  @BeforeEach
  void open() {
    test = new TestStore(directory);
    test.account("ana");
  }

  @AfterEach
  void close() {
    test.close();
  }

  private static List<Long> uids(View view) {
    List<Long> uids = new ArrayList<>();
    for (int i = 0; i < view.count(); i++) {
      uids.add(view.uid(i));
    }
    return uids;
  }

  private static void assertSame(MailboxStatus status, View view) {
    assertThat(status.messages()).isEqualTo(view.count());
    assertThat(status.unseen()).isEqualTo(view.unseen());
    assertThat(status.deleted()).isEqualTo(view.deleted());
    assertThat(status.octets()).isEqualTo(view.octets());
    assertThat(status.uidNext()).isEqualTo(view.uidNext());
    assertThat(status.uidValidity()).isEqualTo(view.uidValidity());
    assertThat(status.highestModSeq()).isEqualTo(view.highestModSeq());
  }

  @Test
  void whatIsAppendedIsServedOctetForOctet() {
    Mailbox inbox = test.inbox("ana");
    String mail = TestStore.mail("Cristi <cristi@example.org>", "one");
    Appended appended = test.append(inbox, mail, Flag.SEEN, Flag.of("$Work"));
    View view = inbox.view();
    assertThat(appended).isEqualTo(new Appended(view.uidValidity(), 1));
    assertThat(uids(view)).containsExactly(1L);
    assertThat(view.flags(view.flagBits(0))).containsExactlyInAnyOrder(Flag.SEEN, Flag.of("$work"));
    assertThat(view.internalDate(0)).isEqualTo(TestStore.NOON);
    assertThat(view.size(0)).isEqualTo(mail.length());
    assertThat(TestStore.text(inbox, 1)).contains(mail);
    assertThat(TestStore.text(inbox, 2)).isEmpty();
  }

  @Test
  void bigMailIsServedOctetForOctetAlsoAfterReopening() {
    String mail =
        TestStore.mail("Cristi <cristi@example.org>", "big")
            + "0123456789abcdef\r\n".repeat(20_000);
    test.append(test.inbox("ana"), mail);
    assertThat(TestStore.text(test.inbox("ana"), 1)).contains(mail);
    test.reopen();
    assertThat(TestStore.text(test.inbox("ana"), 1)).contains(mail);
  }

  @Test
  void severalMessagesAreAppendedInOrderOrNotAtAll() {
    Mailbox inbox = test.inbox("ana");
    List<Appended> appended = inbox.append(List.of(test.message("a\r\n"), test.message("b\r\n")));
    assertThat(appended).extracting(Appended::uid).containsExactly(1L, 2L);
    Flag tooLong = Flag.of("k".repeat(300));
    assertThatThrownBy(
            () -> inbox.append(List.of(test.message("c\r\n"), test.message("d\r\n", tooLong))))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Refused.Reason.LIMIT));
    assertThat(inbox.view().count()).isEqualTo(2);
    assertThat(test.append(inbox, "e\r\n").uid()).isEqualTo(3);
  }

  @Test
  void aDeliveryReachesEveryRecipientUnderTraceHeadersOfItsOwn() {
    Account ana = test.account("ana");
    Account ion = test.account("ion");
    String mail = TestStore.mail("Cristi <cristi@example.org>", "for two");
    List<Delivered> results = test.deliver(mail, "Return-Path: <c@example.org>\r\n", ana, ion, ana);
    assertThat(results)
        .containsExactly(new Delivered.Kept(1), new Delivered.Kept(1), new Delivered.Kept(2));
    assertThat(TestStore.text(test.inbox("ana"), 2))
        .contains("Return-Path: <c@example.org>\r\n" + mail);
    assertThat(TestStore.text(test.inbox("ion"), 1))
        .contains("Return-Path: <c@example.org>\r\n" + mail);
    assertThat(test.inbox("ion").view().size(0)).isEqualTo(30 + mail.length());
    assertSame(ana.status(MailboxName.INBOX).orElseThrow(), test.inbox("ana").view());
  }

  @Test
  void oneRecipientWhoIsGoneDoesNotKeepMailFromTheOthers() {
    Account ana = test.account("ana");
    Account ion = test.account("ion");
    test.store().removeAccount("ion");
    List<Delivered> results = test.deliver("x\r\n", "", ion, ana);
    assertThat(results.get(0))
        .isInstanceOfSatisfying(
            Delivered.NotKept.class,
            no -> assertThat(no.why().reason()).isEqualTo(Refused.Reason.NONEXISTENT));
    assertThat(results.get(1)).isEqualTo(new Delivered.Kept(1));
  }

  @Test
  void mailBeyondTheBoundIsRefused() {
    Mailbox inbox = test.inbox("ana");
    assertThatThrownBy(() -> test.append(inbox, "0123456789abcdef".repeat(4 << 20)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refused.Reason.TOO_BIG));
    assertThat(inbox.view().count()).isZero();
  }

  @Test
  void fetchBringsEnvelopeAndStructureOfWhatIsThere() {
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, TestStore.mail("Cristi <cristi@example.org>", "one"));
    test.append(inbox, TestStore.mail("Ion <ion@example.org>", "two"));
    List<FetchedRow> rows =
        inbox.fetch(new long[] {1, 2, 7}, Set.of(Column.ENVELOPE, Column.STRUCTURE));
    assertThat(rows).extracting(FetchedRow::uid).containsExactly(1L, 2L);
    assertThat(new String(rows.get(1).envelope(), java.nio.charset.StandardCharsets.UTF_8))
        .startsWith("(");
    assertThat(rows.get(0).structure()).isPresent();
    assertThat(inbox.fetch(new long[] {2}, Set.of()).getFirst().structure()).isEmpty();
  }

  @Test
  void anEnvelopeLongerThanARowMayHoldComesWhole() {
    StringBuilder to = new StringBuilder("To: a0@example.org");
    for (int i = 1; i < 400; i++) {
      to.append(",\r\n a").append(i).append("@example.org");
    }
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, "From: c@example.org\r\n" + to + "\r\nSubject: many\r\n\r\nHello\r\n");
    inbox.copy(UidSet.ALL, test.mailbox("ana", "Archive"));
    byte[] envelope = inbox.fetch(new long[] {1}, Set.of(Column.ENVELOPE)).getFirst().envelope();
    Mailbox archive = test.mailbox("ana", "Archive");
    assertThat(new String(envelope, java.nio.charset.StandardCharsets.US_ASCII))
        .contains("\"a399\"");
    assertThat(archive.fetch(new long[] {1}, Set.of(Column.ENVELOPE)).getFirst().envelope())
        .isEqualTo(envelope);
  }

  @Test
  void onlyMessagesThatReallyChangeGetAModSequence() {
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, "a\r\n", Flag.SEEN);
    test.append(inbox, "b\r\n");
    long before = inbox.view().highestModSeq();
    Stored stored =
        inbox.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty());
    assertThat(stored.changed()).isEqualTo(UidSet.of(2));
    assertThat(stored.view().highestModSeq()).isEqualTo(before + 1);
    assertThat(stored.view().modSeq(1)).isEqualTo(before + 1);
    assertThat(stored.view().modSeq(0)).isLessThanOrEqualTo(before);
    Stored nothing =
        inbox.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty());
    assertThat(nothing.changed().isEmpty()).isTrue();
    assertThat(nothing.view().highestModSeq()).isEqualTo(before + 1);
    assertSame(test.account("ana").status(MailboxName.INBOX).orElseThrow(), inbox.view());
  }

  @Test
  void replacingAndRemovingFlagsLeavesTheOthersAlone() {
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, "a\r\n", Flag.SEEN, Flag.of("work"));
    inbox.store(
        UidSet.of(1),
        new FlagChange.Replace(Set.of(Flag.FLAGGED, Flag.of("home"))),
        OptionalLong.empty());
    assertThat(inbox.view().flags(inbox.view().flagBits(0)))
        .containsExactlyInAnyOrder(Flag.FLAGGED, Flag.of("home"));
    inbox.store(
        UidSet.of(1),
        new FlagChange.Remove(Set.of(Flag.FLAGGED, Flag.of("never"))),
        OptionalLong.empty());
    assertThat(inbox.view().flags(inbox.view().flagBits(0))).containsExactly(Flag.of("home"));
    assertThat(inbox.view().keywords()).containsExactly(Flag.of("work"), Flag.of("home"));
  }

  @Test
  void whatChangedAfterUnchangedSinceIsLeftAloneAndTold() {
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, "a\r\n");
    test.append(inbox, "b\r\n");
    long since = inbox.view().highestModSeq();
    inbox.store(UidSet.of(1), new FlagChange.Add(Set.of(Flag.FLAGGED)), OptionalLong.empty());
    Stored stored =
        inbox.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.of(since));
    assertThat(stored.modified()).isEqualTo(UidSet.of(1));
    assertThat(stored.changed()).isEqualTo(UidSet.of(2));
  }

  @Test
  void tooManyKeywordsAreRefused() {
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, "a\r\n");
    for (int i = 0; i < 58; i++) {
      inbox.store(UidSet.of(1), new FlagChange.Add(Set.of(Flag.of("k" + i))), OptionalLong.empty());
    }
    assertThatThrownBy(() ->
            inbox.store(
                UidSet.of(1), new FlagChange.Add(Set.of(Flag.of("more"))), OptionalLong.empty()))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Refused.Reason.LIMIT));
    assertThat(inbox.view().flags(inbox.view().flagBits(0))).hasSize(58);
  }

  @Test
  void expungeRemovesWhatIsDeletedAmongTheUids() {
    Mailbox inbox = test.inbox("ana");
    for (int i = 0; i < 4; i++) {
      test.append(inbox, "m" + i + "\r\n", Flag.DELETED);
    }
    inbox.store(UidSet.of(2), new FlagChange.Remove(Set.of(Flag.DELETED)), OptionalLong.empty());
    View before = inbox.view();
    assertThat(inbox.expunge(UidSet.range(1, 3))).isEqualTo(UidSet.of(1, 3));
    assertThat(uids(inbox.view())).containsExactly(2L, 4L);
    assertThat(inbox.view().since(before).vanished()).isEqualTo(UidSet.of(1, 3));
    assertThat(TestStore.text(inbox, 1)).isEmpty();
    assertThat(TestStore.text(inbox, 4)).contains("m3\r\n");
    assertSame(test.account("ana").status(MailboxName.INBOX).orElseThrow(), inbox.view());
  }

  @Test
  void openContentOutlivesItsMessage() {
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, "hello\r\n", Flag.DELETED);
    try (Content content = inbox.content(1).orElseThrow()) {
      inbox.expunge(UidSet.ALL);
      assertThat(content.bytes()).asString().isEqualTo("hello\r\n");
    }
  }

  @Test
  void copiesKeepFlagsByNameAndTheInternalDate() {
    Mailbox inbox = test.inbox("ana");
    Mailbox archive = test.mailbox("ana", "Archive");
    test.append(archive, "x\r\n", Flag.of("other"));
    test.append(inbox, "a\r\n", Flag.of("work"), Flag.SEEN);
    test.append(inbox, "b\r\n");
    Copied copied = inbox.copy(UidSet.range(1, 9), archive);
    View view = archive.view();
    assertThat(copied.uidValidity()).isEqualTo(view.uidValidity());
    assertThat(copied.from()).containsExactly(1, 2);
    assertThat(copied.to()).containsExactly(2, 3);
    assertThat(view.flags(view.flagBits(1))).containsExactlyInAnyOrder(Flag.SEEN, Flag.of("work"));
    assertThat(view.internalDate(1)).isEqualTo(TestStore.NOON);
    assertThat(TestStore.text(archive, 2)).contains("a\r\n");
    assertThat(inbox.view().count()).isEqualTo(2);
    assertThat(inbox.copy(UidSet.of(77), archive).from()).isEmpty();
    assertSame(test.account("ana").status(MailboxName.of("Archive")).orElseThrow(), archive.view());
  }

  @Test
  void movedMessagesAreInTheDestinationAndNoLongerHere() {
    Mailbox inbox = test.inbox("ana");
    Mailbox archive = test.mailbox("ana", "Archive");
    test.append(inbox, "a\r\n");
    test.append(inbox, "b\r\n");
    Copied moved = inbox.move(UidSet.of(1), archive);
    assertThat(moved.from()).containsExactly(1);
    assertThat(uids(inbox.view())).containsExactly(2L);
    assertThat(TestStore.text(archive, moved.to()[0])).contains("a\r\n");
    inbox.move(UidSet.of(2), inbox);
    assertThat(uids(inbox.view())).containsExactly(3L);
    assertThat(TestStore.text(inbox, 3)).contains("b\r\n");
  }

  @Test
  void aBodyLivesAsLongAsACopyOfIt() {
    Mailbox inbox = test.inbox("ana");
    Mailbox archive = test.mailbox("ana", "Archive");
    test.append(inbox, "a\r\n", Flag.DELETED);
    inbox.copy(UidSet.ALL, archive);
    inbox.expunge(UidSet.ALL);
    test.reopen();
    assertThat(TestStore.text(test.mailbox("ana", "Archive"), 1)).contains("a\r\n");
  }

  @Test
  void uidsAreNeverGivenTwice() {
    test.append(test.inbox("ana"), "a\r\n", Flag.DELETED);
    test.append(test.inbox("ana"), "b\r\n", Flag.DELETED);
    test.inbox("ana").expunge(UidSet.ALL);
    test.reopen();
    assertThat(test.inbox("ana").view().uidNext()).isEqualTo(3);
    assertThat(test.append(test.inbox("ana"), "c\r\n").uid()).isEqualTo(3);
  }

  @Test
  void reopeningKeepsEverything() {
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, "a\r\n", Flag.of("work"));
    test.append(inbox, "b\r\n", Flag.DELETED);
    test.append(inbox, "c\r\n", Flag.SEEN);
    inbox.expunge(UidSet.ALL);
    inbox.store(UidSet.of(3), new FlagChange.Add(Set.of(Flag.FLAGGED)), OptionalLong.empty());
    View before = inbox.view();
    test.reopen();
    View after = test.inbox("ana").view();
    assertThat(uids(after)).isEqualTo(uids(before));
    assertThat(after.highestModSeq()).isEqualTo(before.highestModSeq());
    assertThat(after.uidNext()).isEqualTo(before.uidNext());
    assertThat(after.keywords()).isEqualTo(before.keywords());
    for (int i = 0; i < after.count(); i++) {
      assertThat(after.flagBits(i)).isEqualTo(before.flagBits(i));
      assertThat(after.modSeq(i)).isEqualTo(before.modSeq(i));
    }
    assertSame(test.account("ana").status(MailboxName.INBOX).orElseThrow(), after);
  }

  @Test
  void recentIsGivenToOneSessionOnly() {
    Mailbox inbox = test.inbox("ana");
    test.append(inbox, "a\r\n");
    test.append(inbox, "b\r\n");
    assertThat(test.account("ana").status(MailboxName.INBOX).orElseThrow().recent()).isEqualTo(2);
    assertThat(inbox.recent(inbox.view())).isEqualTo(UidSet.range(1, 2));
    assertThat(inbox.claimRecent(inbox.view())).isEqualTo(UidSet.range(1, 2));
    assertThat(test.inbox("ana").claimRecent(inbox.view()).isEmpty()).isTrue();
    test.append(inbox, "c\r\n");
    assertThat(inbox.claimRecent(inbox.view())).isEqualTo(UidSet.of(3));
    assertThat(test.account("ana").status(MailboxName.INBOX).orElseThrow().recent()).isZero();
  }

  @Test
  void theBellRingsForEveryChange() throws InterruptedException {
    Mailbox inbox = test.inbox("ana");
    Semaphore heard = new Semaphore(0);
    try (Doorbell.Listener _ = test.inbox("ana").listen(heard::release);
        Doorbell.Listener _ = inbox.listen(heard::release)) {
      test.append(inbox, "a\r\n");
      assertThat(heard.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
      inbox.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty());
      assertThat(heard.tryAcquire(2, 10, TimeUnit.SECONDS)).isTrue();
    }
    heard.drainPermits();
    test.append(inbox, "b\r\n");
    assertThat(heard.availablePermits()).isZero();
  }

  @Test
  void aSecondStoreOnTheDirectoryGetsAClearError() {
    assertThatThrownBy(() -> SqlStore.open(StoreSettings.at(directory)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refused.Reason.IN_USE));
  }

  @Test
  void aMailboxDeletedUnderASessionTakesNothingMore() {
    test.account("ana").create(MailboxName.of("Old"), Optional.empty());
    Mailbox old = test.mailbox("ana", "Old");
    test.append(old, "a\r\n");
    test.account("ana").delete(MailboxName.of("Old"));
    assertThat(old.name()).isEmpty();
    assertThat(TestStore.text(old, 1)).isEmpty();
    assertThatThrownBy(() -> test.append(old, "b\r\n"))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refused.Reason.NONEXISTENT));
    assertThatThrownBy(() ->
            old.store(UidSet.ALL, new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty()))
        .isInstanceOf(Refused.class);
  }
}
