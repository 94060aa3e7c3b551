package org.depozit.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/// What people do with their mail, at random: the same for the same seed.
final class RandomWork {
  private static final List<Flag> FLAGS =
      List.of(Flag.SEEN, Flag.FLAGGED, Flag.DELETED, Flag.of("work"), Flag.of("Home"));

  private final TestStore store;
  private final Random random;
  private int made;

  RandomWork(TestStore store, long seed) {
    this.store = store;
    this.random = new Random(seed);
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
  }

  private String name() {
    return "user" + random.nextInt(3);
  }

  private Account account() {
    return store.account(name());
  }

  private static MailboxName any(Account account, Random random) {
    List<MailboxEntry> all = account.mailboxes();
    return all.get(random.nextInt(all.size())).name();
  }

  private Mailbox mailbox(Account account) {
    return account.mailbox(any(account, random)).orElseThrow();
  }

  private UidSet uids(Mailbox mailbox) {
    long last = mailbox.view().uidNext();
    long first = 1 + (long) (random.nextDouble() * last);
    return UidSet.range(first, first + random.nextInt(12));
  }

  private String mail() {
    made++;
    String text = TestStore.mail("P" + random.nextInt(20) + " <p@example.org>", "subject " + made);
    return switch (random.nextInt(12)) {
      case 0 -> text + "x".repeat(70_000 + random.nextInt(50_000));
      case 1 ->
          "List-Id: <l" + made + ">\r\nSubject: " + "long ".repeat(1_500) + made + "\r\n" + text;
      default -> text + "y".repeat(random.nextInt(6_000));
    };
  }

  private void step() {
    Account account = account();
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> store.deliver(mail(), "Received: by x\r\n", account, account());
      case 5, 6, 7 ->
          store.append(mailbox(account), mail(), FLAGS.get(random.nextInt(FLAGS.size())));
      case 8, 9, 10 -> flag(mailbox(account));
      case 11, 12 -> {
        Mailbox from = mailbox(account);
        from.copy(uids(from), mailbox(account));
      }
      case 13 -> {
        Mailbox from = mailbox(account);
        from.move(uids(from), mailbox(account));
      }
      case 14, 15 -> {
        Mailbox mailbox = mailbox(account);
        mailbox.store(
            uids(mailbox), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
        mailbox.expunge(UidSet.ALL);
      }
      default -> names(account);
    }
  }

  private void flag(Mailbox mailbox) {
    Set<Flag> flags = new java.util.HashSet<>(Set.of(FLAGS.get(random.nextInt(FLAGS.size()))));
    FlagChange change =
        switch (random.nextInt(3)) {
          case 0 -> new FlagChange.Replace(flags);
          case 1 -> new FlagChange.Remove(flags);
          default -> new FlagChange.Add(flags);
        };
    mailbox.store(uids(mailbox), change, OptionalLong.empty());
  }

  private void names(Account account) {
    MailboxName name = any(account, random);
    MailboxName fresh = MailboxName.of("box " + ++made);
    switch (random.nextInt(9)) {
      case 0, 1 -> account.create(fresh, Optional.empty());
      case 2 -> account.rename(name, fresh);
      case 3 -> {
        if (!name.equals(MailboxName.INBOX)) {
          account.delete(name);
        }
      }
      case 4 -> account.subscribe(fresh);
      case 5 -> {
        List<MailboxName> subscribed = new ArrayList<>(account.subscriptions());
        if (!subscribed.isEmpty()) {
          account.unsubscribe(subscribed.getFirst());
        }
      }
      case 6 -> store.store().setPassword(account.name(), ("pw" + made).toCharArray());
      case 7 -> pop(account);
      default -> {
        if (random.nextInt(4) == 0) {
          store.store().removeAccount(account.name());
        }
      }
    }
  }

  private static void pop(Account account) {
    try (Maildrop drop = account.lockMaildrop().orElseThrow()) {
      int count = drop.items().size();
      drop.accessed(count);
      if (count > 3) {
        drop.remove(Set.of(drop.items().getFirst()));
      }
    }
  }
}
