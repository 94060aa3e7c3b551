package org.depozit.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.depozit.storage.Refused.Reason;

/// INBOX as a POP3 session sees it: the listing of the moment of the lock. See [Maildrop].
final class SqlMaildrop implements Maildrop {
  private final int account;
  private final SqlMailbox inbox;
  private final MaildropLocks.Lock lock;
  private final Workings workings;
  private final List<Item> items;
  private final long octets;

  /// The highest UID that an earlier session has accessed, and that this one has.
  private final long lastUid;

  private long accessed;
  private boolean closed;

  private SqlMaildrop(
      int account,
      SqlMailbox inbox,
      MaildropLocks.Lock lock,
      Workings workings,
      View view,
      Map<Long, String> uidls,
      long lastUid) {
    this.account = account;
    this.inbox = inbox;
    this.lock = lock;
    this.workings = workings;
    this.items = items(view, uidls);
    this.octets = view.octets();
    this.lastUid = lastUid;
    this.accessed = lastUid;
  }

  static SqlMaildrop of(int account, SqlMailbox inbox, MaildropLocks.Lock lock, Workings workings) {
    View view = inbox.view();
    Map<Long, String> uidls =
        workings.db().read(connection -> Loads.uidls(connection, (int) inbox.id()));
    long lastUid = workings.db().read(connection -> Loads.lastAccessed(connection, account));
    return new SqlMaildrop(account, inbox, lock, workings, view, uidls, lastUid);
  }

  private static List<Item> items(View view, Map<Long, String> uidls) {
    List<Item> items = new ArrayList<>(view.count());
    for (int position = 0; position < view.count(); position++) {
      long uid = view.uid(position);
      String imported = uidls.get(uid);
      String uidl = imported != null ? imported : uidl(view.uidValidity(), uid);
      items.add(new Item(uid, view.size(position), uidl));
    }
    return List.copyOf(items);
  }

  /// Sixteen hexadecimal digits: UIDVALIDITY and UID, which together are never given twice.
  private static String uidl(long uidValidity, long uid) {
    return String.format(Locale.ROOT, "%08x%08x", uidValidity, uid);
  }

  @Override
  public List<Item> items() {
    return items;
  }

  @Override
  public long octets() {
    return octets;
  }

  @Override
  public int lastAccessed() {
    int number = 0;
    while (number < items.size() && items.get(number).uid() <= lastUid) {
      number++;
    }
    return number;
  }

  @Override
  public void accessed(int number) {
    if (number > 0) {
      accessed = Math.max(accessed, items.get(number - 1).uid());
    }
  }

  @Override
  public Optional<Content> content(Item item) {
    return inbox.content(item.uid());
  }

  @Override
  public void seen(Item item) {
    inbox.store(UidSet.of(item.uid()), new FlagChange.Add(Set.of(Flag.SEEN)), OptionalLong.empty());
  }

  @Override
  public void remove(Set<Item> gone) {
    if (closed) {
      throw new Refused(Reason.CANNOT, "The maildrop is no longer locked");
    }
    UidSet uids = UidSet.of(gone.stream().mapToLong(Item::uid).toArray());
    workings
        .commits()
        .submit(ledger -> inbox.remove(ledger, ledger.view((int) inbox.id()).present(uids)));
  }

  /// Notes what was accessed, if that is news, and gives the lock back.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (accessed > lastUid) {
        long uid = accessed;
        workings.commits().submit(ledger -> noted(ledger, uid));
      }
    } finally {
      lock.close();
    }
  }

  /// Of an account that was removed meanwhile nothing is kept.
  private Outcome<Long> noted(Ledger ledger, long uid) {
    if (!inbox.exists(ledger)) {
      return Outcome.nothing(uid);
    }
    return Outcome.logged(new Change.MaildropAccessed(account, uid), uid);
  }
}
