package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.depozit.storage.TestStore.assertRefused;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.depozit.storage.Refused.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every store does, whatever database it stands on: accounts, mailbox names, maildrops.
final class AccountContractTests {
  @TempDir Path directory;
  private TestStore test;
  private Account ana;

  @BeforeEach
  void open() {
    test = new TestStore(directory);
    ana = test.account("ana");
  }

  @AfterEach
  void close() {
    test.close();
  }

  private static MailboxName name(String name) {
    return MailboxName.of(name);
  }

  private List<String> names() {
    return test.account("ana").mailboxes().stream().map(entry -> entry.name().value()).toList();
  }

  private void create(String name) {
    ana.create(name(name), Optional.empty());
  }

  @Test
  void aNewAccountHasTheUsualMailboxesSubscribed() {
    assertThat(names()).containsExactly("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash");
    assertThat(ana.mailboxes().get(2).specialUse()).contains(SpecialUse.DRAFTS);
    assertThat(ana.mailboxes().get(0).specialUse()).isEmpty();
    assertThat(ana.subscriptions()).hasSize(6);
  }

  @Test
  void onlyTheRightPasswordLogsIn() {
    assertThat(test.store().login("ana", TestStore.PASSWORD)).isPresent();
    assertThat(test.store().login("ANA", TestStore.PASSWORD)).isPresent();
    assertThat(test.store().login("ana", "wrong".toCharArray())).isEmpty();
    assertThat(test.store().login("nobody", TestStore.PASSWORD)).isEmpty();
    assertThat(test.store().login("' OR 1=1--", TestStore.PASSWORD)).isEmpty();
    assertThat(test.store().login("ana\0", TestStore.PASSWORD)).isEmpty();
    test.store().setPassword("ana", "other".toCharArray());
    assertThat(test.store().login("ana", TestStore.PASSWORD)).isEmpty();
    assertThat(test.store().login("ana", "other".toCharArray())).isPresent();
  }

  @Test
  void aPasswordMayBeComposedEitherWay() {
    test.store().setPassword("ana", "p\u00e2rvu".toCharArray());
    assertThat(test.store().login("ana", "pa\u0302rvu".toCharArray())).isPresent();
  }

  @Test
  void accountNamesAreTakenOnce() {
    assertRefused(
        Reason.ALREADY_EXISTS, () -> test.store().createAccount("Ana", TestStore.PASSWORD));
    assertRefused(Reason.CANNOT, () -> test.store().createAccount("", TestStore.PASSWORD));
    assertRefused(Reason.CANNOT, () -> test.store().createAccount("a\rb", TestStore.PASSWORD));
    assertRefused(Reason.NONEXISTENT, () -> test.store().setPassword("nobody", TestStore.PASSWORD));
    assertRefused(Reason.NONEXISTENT, () -> test.store().removeAccount("nobody"));
    test.account("Ion");
    assertThat(test.store().accountNames()).containsExactly("ana", "Ion");
  }

  @Test
  void anAddressFindsItsAccountByTheWholeOrByTheLocalPart() {
    test.account("ion@example.org");
    assertThat(test.store().recipient("ana@example.org").map(Account::name)).contains("ana");
    assertThat(test.store().recipient("ion@example.org").map(Account::name))
        .contains("ion@example.org");
    assertThat(test.store().recipient("\"ana\"@example.org").map(Account::name)).contains("ana");
    assertThat(test.store().recipient("ion@elsewhere.org")).isEmpty();
    assertThat(test.store().recipient("\"\"@example.org")).isEmpty();
  }

  @Test
  void aRemovedAccountLeavesNothingAndItsNumberIsNotGivenAgain() {
    long id = test.account("ion").id();
    test.append(test.inbox("ion"), TestStore.mail("a@b.c", "x"));
    test.store().removeAccount("ion");
    assertThat(test.store().account("ion")).isEmpty();
    test.reopen();
    Account again = test.account("ion");
    assertThat(again.id()).isGreaterThan(id);
    assertThat(test.inbox("ion").view().count()).isZero();
  }

  @Test
  void creatingAMailboxMakesItsParents() {
    ana.create(name("a/b/c"), Optional.of(SpecialUse.ARCHIVE));
    assertThat(names()).contains("a", "a/b", "a/b/c");
    assertThat(
            ana.mailboxes().stream()
                .filter(e -> e.name().equals(name("a/b/c")))
                .findFirst()
                .orElseThrow()
                .specialUse())
        .contains(SpecialUse.ARCHIVE);
    assertRefused(Reason.ALREADY_EXISTS, () -> create("a/b"));
    assertRefused(Reason.ALREADY_EXISTS, () -> create("inbox"));
  }

  @Test
  void deletingAMailboxLeavesItsChildrenAndTheNameIsThenImplied() {
    create("a/b");
    ana.delete(name("a"));
    assertThat(names()).contains("a/b").doesNotContain("a");
    assertThat(ana.mailbox(name("a"))).isEmpty();
    assertThat(ana.status(name("a"))).isEmpty();
    assertRefused(Reason.HAS_CHILDREN, () -> ana.delete(name("a")));
    assertRefused(Reason.NONEXISTENT, () -> ana.delete(name("zzz")));
    assertRefused(Reason.CANNOT, () -> ana.delete(name("INBOX")));
    create("a");
    assertThat(names()).contains("a");
  }

  @Test
  void aMailboxMadeAgainHasAHigherUidValidity() {
    create("a");
    long first = test.mailbox("ana", "a").view().uidValidity();
    ana.delete(name("a"));
    create("a");
    assertThat(test.mailbox("ana", "a").view().uidValidity()).isGreaterThan(first);
    test.reopen();
    assertThat(test.mailbox("ana", "a").view().uidValidity()).isGreaterThan(first);
  }

  @Test
  void renamingMovesTheWholeTreeWithItsUids() {
    create("a/b/c");
    test.append(test.mailbox("ana", "a/b"), "x\r\n");
    View before = test.mailbox("ana", "a/b").view();
    ana.rename(name("a"), name("x/y"));
    assertThat(names())
        .contains("x", "x/y", "x/y/b", "x/y/b/c")
        .doesNotContain("a", "a/b", "a/b/c");
    View after = test.mailbox("ana", "x/y/b").view();
    assertThat(after.uidValidity()).isEqualTo(before.uidValidity());
    assertThat(after.uid(0)).isEqualTo(before.uid(0));
  }

  @Test
  void anImpliedParentIsRenamedWithItsChildren() {
    create("a/b");
    ana.delete(name("a"));
    ana.rename(name("a"), name("z"));
    assertThat(names()).contains("z/b").doesNotContain("a/b", "z");
  }

  @Test
  void namesThatAreTakenOrImpossibleAreRefused() {
    create("a/b");
    create("c/b");
    assertRefused(Reason.NONEXISTENT, () -> ana.rename(name("nothing"), name("x")));
    assertRefused(Reason.ALREADY_EXISTS, () -> ana.rename(name("a"), name("c")));
    assertRefused(Reason.ALREADY_EXISTS, () -> ana.rename(name("a"), name("INBOX")));
    assertRefused(Reason.CANNOT, () -> ana.rename(name("a"), name("a/b/x")));
    ana.delete(name("c"));
    assertRefused(Reason.ALREADY_EXISTS, () -> ana.rename(name("a"), name("c")));
    assertThat(names()).contains("a", "a/b", "c/b");
  }

  @Test
  void renamingInboxMovesItsMessagesAndLeavesItEmpty() {
    create("INBOX/sub");
    test.append(test.inbox("ana"), "one\r\n", Flag.of("work"));
    test.append(test.inbox("ana"), "two\r\n");
    long validity = test.inbox("ana").view().uidValidity();
    ana.rename(MailboxName.INBOX, name("old/mail"));
    assertThat(names()).contains("INBOX", "INBOX/sub", "old", "old/mail");
    assertThat(test.inbox("ana").view().count()).isZero();
    assertThat(test.inbox("ana").view().uidValidity()).isEqualTo(validity);
    Mailbox moved = test.mailbox("ana", "old/mail");
    assertThat(moved.view().count()).isEqualTo(2);
    assertThat(moved.view().flags(moved.view().flagBits(0))).containsExactly(Flag.of("work"));
    assertThat(TestStore.text(moved, 2)).contains("two\r\n");
    assertThat(test.append(test.inbox("ana"), "three\r\n").uid()).isEqualTo(3);
  }

  @Test
  void subscriptionsOutliveTheirMailboxes() {
    ana.subscribe(name("not there"));
    create("a");
    ana.subscribe(name("a"));
    ana.delete(name("a"));
    ana.unsubscribe(name("Sent"));
    ana.unsubscribe(name("never"));
    test.reopen();
    assertThat(test.account("ana").subscriptions())
        .contains(name("a"), name("not there"))
        .doesNotContain(name("Sent"), name("never"));
  }

  @Test
  void oneSessionHoldsTheMaildrop() {
    Maildrop drop = ana.lockMaildrop().orElseThrow();
    assertThat(test.account("ana").lockMaildrop()).isEmpty();
    drop.close();
    drop.close();
    try (Maildrop again = ana.lockMaildrop().orElseThrow()) {
      assertThat(again.items()).isEmpty();
      assertThat(ana.lockMaildrop()).isEmpty();
    }
  }

  @Test
  void theListingStaysPutAndTheUpdateRemovesInOneStep() {
    test.deliver("one\r\n", "Return-Path: <>\r\n", ana);
    test.deliver("two\r\n", "", ana);
    Maildrop drop = ana.lockMaildrop().orElseThrow();
    test.deliver("three\r\n", "", ana);
    assertThat(drop.items()).hasSize(2);
    assertThat(drop.octets()).isEqualTo(17 + 5 + 5);
    Maildrop.Item first = drop.items().getFirst();
    assertThat(first.uidl()).matches("[0-9a-f]{16}");
    assertThat(TestStore.text(drop.content(first).orElseThrow()))
        .isEqualTo("Return-Path: <>\r\none\r\n");
    drop.remove(Set.of(first));
    drop.close();
    assertThat(test.inbox("ana").view().count()).isEqualTo(2);
    try (Maildrop next = ana.lockMaildrop().orElseThrow()) {
      assertThat(next.items()).extracting(Maildrop.Item::uid).containsExactly(2L, 3L);
      assertThat(next.items().getFirst().uidl()).isEqualTo(drop.items().get(1).uidl());
    }
  }

  @Test
  void whatImapExpungesUnderAMaildropIsGoneAndTheNumbersStay() {
    test.append(test.inbox("ana"), "one\r\n", Flag.DELETED);
    test.append(test.inbox("ana"), "two\r\n");
    try (Maildrop drop = ana.lockMaildrop().orElseThrow()) {
      test.inbox("ana").expunge(UidSet.ALL);
      assertThat(drop.content(drop.items().get(0))).isEmpty();
      assertThat(drop.items().get(1).uid()).isEqualTo(2);
      drop.remove(Set.copyOf(drop.items()));
    }
    assertThat(test.inbox("ana").view().count()).isZero();
  }

  @Test
  void theLastMessageAccessedIsRememberedOverSessionsAndReopening() {
    test.deliver("one\r\n", "", ana);
    test.deliver("two\r\n", "", ana);
    test.deliver("three\r\n", "", ana);
    try (Maildrop drop = ana.lockMaildrop().orElseThrow()) {
      assertThat(drop.lastAccessed()).isZero();
      drop.accessed(2);
      drop.accessed(1);
    }
    test.reopen();
    try (Maildrop drop = test.account("ana").lockMaildrop().orElseThrow()) {
      assertThat(drop.lastAccessed()).isEqualTo(2);
      drop.seen(drop.items().get(0));
    }
    assertThat(test.inbox("ana").view().unseen()).isEqualTo(2);
  }
}
