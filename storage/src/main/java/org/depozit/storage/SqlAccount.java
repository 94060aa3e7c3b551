package org.depozit.storage;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.depozit.storage.Refused.Reason;

/// An account of a [SqlStore].
final class SqlAccount implements Account {
  private static final Comparator<MailboxEntry> INBOX_FIRST =
      Comparator.comparing((MailboxEntry entry) -> !entry.name().inbox())
          .thenComparing(MailboxEntry::name);

  private final int account;
  private final String name;
  private final int inbox;
  private final Workings workings;
  private final MailboxTree tree;

  SqlAccount(int account, String name, int inbox, Workings workings) {
    this.account = account;
    this.name = name;
    this.inbox = inbox;
    this.workings = workings;
    this.tree = new MailboxTree(account, workings.limits());
  }

  int number() {
    return account;
  }

  /// INBOX's number; it has the same as long as the account lives.
  int inbox() {
    return inbox;
  }

  @Override
  public long id() {
    return account;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<MailboxEntry> mailboxes() {
    return workings.db().read(connection -> Loads.mailboxes(connection, account)).stream()
        .map(row ->
            new MailboxEntry(row.id(), new MailboxName(row.name()), specialUse(row.specialUse())))
        .sorted(INBOX_FIRST)
        .toList();
  }

  private static Optional<SpecialUse> specialUse(String attribute) {
    for (SpecialUse use : SpecialUse.values()) {
      if (use.attribute().substring(1).equals(attribute)) {
        return Optional.of(use);
      }
    }
    return Optional.empty();
  }

  private Optional<Integer> find(MailboxName mailbox) {
    return workings.states().numbers().find(account, mailbox.value());
  }

  @Override
  public Optional<Mailbox> mailbox(MailboxName mailbox) {
    return find(mailbox).flatMap(this::open);
  }

  private Optional<SqlMailbox> open(int mailbox) {
    return workings
        .states()
        .open(mailbox, workings.commits())
        .map(open -> new SqlMailbox(open, account, workings));
  }

  @Override
  public Optional<MailboxStatus> status(MailboxName mailbox) {
    return find(mailbox).flatMap(this::status);
  }

  private Optional<MailboxStatus> status(int mailbox) {
    Optional<OpenMailbox> open = workings.states().find(mailbox).filter(OpenMailbox::loaded);
    return open.isPresent() ? Optional.of(status(open.get())) : cold(mailbox);
  }

  private MailboxStatus status(OpenMailbox open) {
    View view = open.view();
    workings.commits().awaitForced(view.logPosition());
    long recentFrom = workings.states().recentFrom(open.mailbox(), view.uidNext());
    return new MailboxStatus(
        view.count(),
        view.unseen(),
        view.deleted(),
        view.count() - view.ceiling(recentFrom),
        view.uidNext(),
        view.uidValidity(),
        view.highestModSeq(),
        view.octets());
  }

  /// Who had it open a moment ago may have changed flags: what is told is forced first.
  private Optional<MailboxStatus> cold(int mailbox) {
    Optional<MailboxCounters> row =
        workings.db().read(connection -> Loads.counters(connection, mailbox));
    workings.commits().awaitForced(workings.states().logPosition());
    return row.map(now ->
        new MailboxStatus(
            now.messages(),
            now.unseen(),
            now.deleted(),
            coldRecent(now),
            now.uidNext(),
            now.uidValidity(),
            now.highestModSeq(),
            now.octets()));
  }

  private int coldRecent(MailboxCounters now) {
    long from = workings.states().recentFrom(now.mailbox(), now.uidNext());
    return from >= now.uidNext()
        ? 0
        : workings
            .db()
            .read(connection -> Loads.count(connection, now.mailbox(), from, now.uidNext() - 1));
  }

  @Override
  public void create(MailboxName mailbox, Optional<SpecialUse> specialUse) {
    workings.commits().submit(ledger -> tree.create(ledger, mailbox, specialUse));
  }

  @Override
  public void delete(MailboxName mailbox) {
    workings.commits().submit(ledger -> tree.delete(ledger, mailbox));
  }

  @Override
  public void rename(MailboxName from, MailboxName to) {
    if (from.inbox()) {
      // Its messages are read off its index state: somebody must hold it meanwhile.
      SqlMailbox open =
          open(inbox).orElseThrow(() -> new Refused(Reason.NONEXISTENT, "The account is gone"));
      workings.commits().submit(ledger -> tree.renameInbox(ledger, open.state(), to));
    } else {
      workings.commits().submit(ledger -> tree.rename(ledger, from, to));
    }
  }

  @Override
  public void subscribe(MailboxName mailbox) {
    subscribe(mailbox, true);
  }

  @Override
  public void unsubscribe(MailboxName mailbox) {
    subscribe(mailbox, false);
  }

  private void subscribe(MailboxName mailbox, boolean subscribed) {
    workings
        .commits()
        .submit(ledger -> {
          ledger.counters(inbox);
          return Outcome.forced(
              new Change.Subscribed(account, mailbox.value(), subscribed), subscribed);
        });
  }

  @Override
  public Set<MailboxName> subscriptions() {
    Set<MailboxName> names = new TreeSet<>();
    workings
        .db()
        .read(connection -> Loads.subscriptions(connection, account))
        .forEach(subscribed -> names.add(new MailboxName(subscribed)));
    return names;
  }

  @Override
  public Optional<Maildrop> lockMaildrop() {
    Optional<MaildropLocks.Lock> lock = workings.maildropLocks().lock(account);
    return lock.map(this::maildrop);
  }

  private Maildrop maildrop(MaildropLocks.Lock lock) {
    try {
      SqlMailbox open =
          open(inbox).orElseThrow(() -> new Refused(Reason.NONEXISTENT, "The account is gone"));
      return SqlMaildrop.of(account, open, lock, workings);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }
}
