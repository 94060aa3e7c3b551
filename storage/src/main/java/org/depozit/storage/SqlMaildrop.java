package org.depozit.storage;

import java.util.AbstractList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.RandomAccess;
import java.util.Set;
import org.depozit.storage.Refused.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// INBOX as a POP3 session sees it: the listing of the moment of the lock. See [Maildrop].
final class SqlMaildrop implements Maildrop {
  private static final Logger LOGGER = LoggerFactory.getLogger(SqlMaildrop.class);
  private static final HexFormat HEX = HexFormat.of();

  private final int account;
  private final SqlMailbox inbox;
  private final MaildropLocks.Lock lock;
  private final Workings workings;
  private final View view;
  private final List<Item> items;

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
    this.view = view;
    this.items = new Listing(view, uidls);
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

  /// The listing of a version: an item is made when it is asked for, since most sessions look at
  /// the last ones only.
  private static final class Listing extends AbstractList<Item> implements RandomAccess {
    private final View view;
    private final Map<Long, String> imported;

    Listing(View view, Map<Long, String> imported) {
      this.view = view;
      this.imported = imported;
    }

    @Override
    public int size() {
      return view.count();
    }

    @Override
    public Item get(int position) {
      Objects.checkIndex(position, size());
      long uid = view.uid(position);
      Optional<String> uidl =
          imported.isEmpty() ? Optional.empty() : Optional.ofNullable(imported.get(uid));
      return new Item(
          uid, view.size(position), uidl.orElseGet(() -> uidl(view.uidValidity(), uid)));
    }
  }

  /// Sixteen hexadecimal digits: UIDVALIDITY and UID, which together are never given twice.
  private static String uidl(long uidValidity, long uid) {
    return HEX.toHexDigits((int) uidValidity) + HEX.toHexDigits((int) uid);
  }

  @Override
  public List<Item> items() {
    return items;
  }

  @Override
  public long octets() {
    return view.octets();
  }

  @Override
  public int lastAccessed() {
    return view.ceiling(lastUid + 1);
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
    } catch (Refused e) {
      // A store that cannot write now: LAST tells less the next time, and nothing else is lost.
      LOGGER.debug("What was accessed is not noted", e);
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
