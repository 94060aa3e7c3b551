package org.depozit.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.depozit.mime.Octets;
import org.depozit.storage.Change.Dictionary;

/// One account into a backup, as it was at one moment: the views of all its mailboxes are taken at
/// once in the writer, then written out page by page. What goes meanwhile cannot be written any
/// more; then the views are taken again and the difference follows, until one moment is there
/// whole. So a message that is moved during the backup is in one mailbox or the other. One thread,
/// once.
final class AccountBackup {
  private static final int PAGE = 500;
  private static final int TEXTS = 2_000;
  private static final int PASSES = 200;
  private static final long BETWEEN_PASSES = TimeUnit.MILLISECONDS.toNanos(50);

  private final Workings workings;
  private final BackupLog log;
  private final Backup.Stored stored;
  private final long jump;
  private final int account;
  private final Consumer<String> step;
  private final List<String> damaged = new ArrayList<>();

  private final Map<Integer, OpenMailbox> held = new HashMap<>();
  private final Map<Integer, Written> written = new LinkedHashMap<>();
  private final Map<Dictionary, Long> texts = new EnumMap<>(Dictionary.class);
  private Set<String> subscribed = new HashSet<>();
  private Optional<Owner> owner = Optional.empty();
  private long messages;
  private long octets;

  /// An account's row.
  record Owner(int id, String name, String passwordHash, long createdAt) {
    static Optional<Owner> load(Connection connection, int account) throws SQLException {
      return Db.first(
          connection,
          row -> new Owner(account, row.getString(1), row.getString(2), row.getLong(3)),
          "SELECT name, password_hash, created_at FROM account WHERE id = ?",
          account);
    }
  }

  /// One moment of the account.
  private record Captured(
      Optional<Owner> owner,
      List<Loads.MailboxRow> mailboxes,
      Map<Integer, View> views,
      Set<String> subscriptions,
      long lastAccessed) {}

  /// What of a mailbox is in the backup: a version, but for those messages that could not be read.
  private static final class Written {
    private String name = "";
    private View view;
    private final TreeSet<Long> missed = new TreeSet<>();
    private final Set<Integer> keywords = new HashSet<>();

    Written(View view) {
      this.view = view;
    }
  }

  /// What the rows say of a page of messages.
  private record Page(
      List<Change.MessageFiled> filed,
      Map<Long, Change.MessageStored> shared,
      Map<Long, Map<NotedField, String>> noted,
      Map<Long, String> uidls) {}

  AccountBackup(
      Workings workings,
      BackupLog log,
      Backup.Stored stored,
      long jump,
      int account,
      Consumer<String> step) {
    this.workings = workings;
    this.log = log;
    this.stored = stored;
    this.jump = jump;
    this.account = account;
    this.step = step;
  }

  /// Writes the account.
  ///
  /// @return what was written; empty if there is no such account any more
  /// @throws Refused UNAVAILABLE if it changes so much that no moment of it can be caught
  Optional<Backup.Saved> run() throws IOException {
    for (int pass = 0; pass < PASSES; pass++) {
      Captured now = captured();
      // Rows of bulk changes come later than what is told of them, and with them the memory of what
      // is gone.
      workings.commits().awaitRows();
      if (write(now)) {
        log.add(counted());
        return owner.map(
            row -> new Backup.Saved(row.name(), written.size(), messages, octets, damaged));
      }
      LockSupport.parkNanos(BETWEEN_PASSES);
    }
    throw new Refused(
        Refused.Reason.UNAVAILABLE, "The account changes so much that it cannot be saved now");
  }

  /// The views of all mailboxes at one moment.
  private Captured captured() {
    while (true) {
      for (Loads.MailboxRow row : mailboxes()) {
        if (!held.containsKey(row.id())) {
          workings
              .states()
              .open(row.id(), workings.commits())
              .ifPresent(open -> held.put(row.id(), open));
        }
      }
      Optional<Captured> all =
          workings.commits().submit(ledger -> Outcome.nothing(captured(ledger)));
      if (all.isPresent()) {
        return all.get();
      }
    }
  }

  private List<Loads.MailboxRow> mailboxes() {
    return workings.db().read(connection -> Loads.mailboxes(connection, account));
  }

  private Optional<Captured> captured(Ledger ledger) {
    Map<Integer, View> views = new HashMap<>();
    List<Loads.MailboxRow> rows = ledger.ask(connection -> Loads.mailboxes(connection, account));
    for (Loads.MailboxRow row : rows) {
      OpenMailbox open = held.get(row.id());
      if (open == null || !open.loaded()) {
        return Optional.empty();
      }
      views.put(row.id(), open.view());
    }
    return Optional.of(
        ledger.ask(connection ->
            new Captured(
                Owner.load(connection, account),
                rows,
                views,
                new HashSet<>(Loads.subscriptions(connection, account)),
                Loads.lastAccessed(connection, account))));
  }

  /// Writes what has changed since the moment before.
  ///
  /// @return whether all of it could be
  private boolean write(Captured now) throws IOException {
    if (now.owner.isEmpty()) {
      owner = Optional.empty();
      for (int gone : written.keySet()) {
        log.add(new Change.MailboxDeleted(gone));
      }
      written.clear();
      log.add(new Change.AccountRemoved(account));
      return true;
    }
    if (!now.owner.equals(owner)) {
      Owner row = now.owner.get();
      log.add(new Change.AccountCreated(account, row.name(), row.passwordHash(), row.createdAt()));
      owner = now.owner;
    }
    gone(now);
    boolean whole = true;
    for (Loads.MailboxRow row : now.mailboxes) {
      step.accept(
          "account %s, mailbox %s, %,d messages so far"
              .formatted(now.owner.get().name(), row.name(), messages));
      whole &= write(row, Objects.requireNonNull(now.views.get(row.id())));
    }
    texts();
    subscriptions(now.subscriptions);
    if (now.lastAccessed > 0) {
      log.add(new Change.MaildropAccessed(account, now.lastAccessed));
    }
    return whole;
  }

  private void gone(Captured now) throws IOException {
    Set<Integer> gone = new HashSet<>(written.keySet());
    now.mailboxes.forEach(row -> gone.remove(row.id()));
    for (int mailbox : gone) {
      View view = Objects.requireNonNull(written.remove(mailbox)).view;
      messages -= view.count();
      octets -= view.octets();
      held.remove(mailbox);
      log.add(new Change.MailboxDeleted(mailbox));
    }
  }

  private boolean write(Loads.MailboxRow row, View now) throws IOException {
    int mailbox = row.id();
    Written known = written.get(mailbox);
    if (known == null) {
      known = new Written(View.empty(mailbox, now.uidValidity()));
      known.name = row.name();
      written.put(mailbox, known);
      log.add(
          new Change.MailboxCreated(
              mailbox, account, row.name(), now.uidValidity(), row.specialUse()));
      expunged(mailbox, now.highestModSeq());
    } else if (!known.name.equals(row.name())) {
      known.name = row.name();
      log.add(new Change.MailboxRenamed(mailbox, row.name()));
    }
    messages += now.count() - known.view.count();
    octets += now.octets() - known.view.octets();
    keywords(mailbox, known);
    differences(mailbox, known, now);
    known.view = now;
    log.add(
        new Change.Carried(
            List.of(
                new Change.MailboxReached(
                    mailbox, uidNext(now.uidNext()), now.highestModSeq() + jump))));
    return known.missed.isEmpty();
  }

  /// UIDs stay below 2^31: a mailbox that has given nearly all of them gets no more.
  private long uidNext(long now) {
    return Math.max(now, Math.min(now + jump, 1L << 31));
  }

  private void keywords(int mailbox, Written known) throws IOException {
    for (Keywords.Keyword keyword :
        workings.db().read(connection -> Loads.keywords(connection, mailbox))) {
      if (known.keywords.add(keyword.bit())) {
        log.add(new Change.KeywordNamed(mailbox, keyword.bit(), keyword.flag().name()));
      }
    }
  }

  /// What went before: each mod-sequence with its UIDs.
  private void expunged(int mailbox, long highest) throws IOException {
    long after = Packed.first(mailbox) - 1;
    List<long[]> page;
    do {
      long from = after;
      page =
          workings
              .db()
              .read(connection ->
                  Db.list(
                      connection,
                      row -> new long[] {row.getLong(1), row.getLong(2)},
                      "SELECT id, mod_seq FROM expunged WHERE id > ? AND id <= ? AND mod_seq <= ?"
                          + " ORDER BY id LIMIT ?",
                      from,
                      Packed.last(mailbox),
                      highest,
                      PAGE));
      Map<Long, UidSet.Builder> gone = new LinkedHashMap<>();
      for (long[] row : page) {
        long uid = Packed.number(row[0]);
        gone.computeIfAbsent(row[1], modSeq -> new UidSet.Builder()).add(uid, uid);
        after = row[0];
      }
      for (Map.Entry<Long, UidSet.Builder> each : gone.entrySet()) {
        log.add(new Change.Expunged(mailbox, each.getKey(), each.getValue().build()));
      }
    } while (page.size() == PAGE);
  }

  /// Compares two versions UID by UID.
  private void differences(int mailbox, Written known, View now) throws IOException {
    View before = known.view;
    Batch fresh = new Batch(uids -> file(mailbox, known, now, uids));
    Batch flagged = new Batch(uids -> flag(mailbox, now, uids));
    Batch gone = new Batch(uids -> expunge(mailbox, now, uids));
    Set<Long> missed = new TreeSet<>(known.missed);
    known.missed.clear();
    int old = 0;
    for (int position = 0; position < now.count(); position++) {
      long uid = now.uid(position);
      while (old < before.count() && before.uid(old) < uid) {
        gone.add(before.uid(old++));
      }
      boolean there = old < before.count() && before.uid(old) == uid;
      if (!there || missed.contains(uid)) {
        fresh.add(uid);
      } else if (before.modSeq(old) != now.modSeq(position)
          || before.flagBits(old) != now.flagBits(position)) {
        flagged.add(uid);
      }
      old += there ? 1 : 0;
    }
    while (old < before.count()) {
      gone.add(before.uid(old++));
    }
    gone.end();
    fresh.end();
    flagged.end();
  }

  /// Gathers UIDs and hands them on page by page.
  private static final class Batch {
    private final Pages pages;
    private final long[] uids = new long[PAGE];
    private int count;

    interface Pages {
      void page(long[] uids) throws IOException;
    }

    Batch(Pages pages) {
      this.pages = pages;
    }

    void add(long uid) throws IOException {
      uids[count++] = uid;
      if (count == PAGE) {
        end();
      }
    }

    void end() throws IOException {
      if (count > 0) {
        pages.page(Arrays.copyOf(uids, count));
        count = 0;
      }
    }
  }

  private void expunge(int mailbox, View now, long[] uids) throws IOException {
    log.add(new Change.Expunged(mailbox, now.highestModSeq() + jump, UidSet.of(uids)));
  }

  private void flag(int mailbox, View now, long[] uids) throws IOException {
    long[] flags = new long[uids.length];
    for (int i = 0; i < uids.length; i++) {
      flags[i] = now.flagBits(now.position(uids[i]));
    }
    log.add(new Change.FlagsSet(mailbox, modSeq(now, jump), uids, flags));
  }

  /// Without a jump every message keeps its own; flags that changed during the backup get the
  /// highest.
  private static long modSeq(View now, long jump) {
    return now.highestModSeq() + jump;
  }

  private void file(int mailbox, Written known, View now, long[] uids) throws IOException {
    Page page = workings.db().read(connection -> page(connection, mailbox, uids));
    Set<Long> found = new HashSet<>();
    for (Change.MessageFiled row : page.filed) {
      Change.MessageStored shared = page.shared.get(row.message());
      if (stored.has(row.message()) || (shared != null && store(shared, mailbox, row.uid()))) {
        found.add(row.uid());
        int position = now.position(row.uid());
        log.add(
            with(
                row,
                jump > 0 ? now.highestModSeq() + jump : now.modSeq(position),
                now.flagBits(position)));
        beside(mailbox, row.uid(), page);
      }
    }
    for (long uid : uids) {
      if (!found.contains(uid)) {
        known.missed.add(uid);
      }
    }
  }

  private void beside(int mailbox, long uid, Page page) throws IOException {
    Map<NotedField, String> noted = page.noted.get(uid);
    if (noted != null) {
      log.add(new Change.HeaderNoted(mailbox, uid, noted));
    }
    String uidl = page.uidls.get(uid);
    if (uidl != null) {
      log.add(new Change.UidlSet(mailbox, uid, uidl));
    }
  }

  private Page page(Connection connection, int mailbox, long[] uids) throws SQLException {
    List<Change.MessageFiled> filed = MessageLoads.filed(connection, mailbox, uids);
    Map<Long, Change.MessageStored> shared = new HashMap<>();
    for (Change.MessageFiled row : filed) {
      if (!stored.has(row.message()) && !shared.containsKey(row.message())) {
        MessageLoads.stored(connection, row.message())
            .ifPresent(message -> shared.put(row.message(), message));
      }
    }
    Map<Long, String> uidls = new HashMap<>();
    Db.list(
        connection,
        row -> uidls.put(Packed.number(row.getLong(1)), row.getString(2)),
        "SELECT id, uidl FROM uidl WHERE id BETWEEN ? AND ?",
        Packed.of(mailbox, uids[0]),
        Packed.of(mailbox, uids[uids.length - 1]));
    return new Page(filed, shared, MessageLoads.noted(connection, mailbox, uids), uidls);
  }

  /// Copies a body; a body that cannot be read any more may have moved.
  private boolean store(Change.MessageStored shared, int mailbox, long uid) throws IOException {
    try (Content content = workings.bodies().content(shared.place(), new byte[0])) {
      Octets body = content.body();
      Change.BodyPlace place = log.body(body);
      if (!Arrays.equals(hash(body), shared.sha256())) {
        damaged.add(
            "mailbox " + mailbox + ", UID " + uid + ": its octets are not those it came with");
      }
      log.add(
          new Change.MessageStored(
              shared.message(),
              place,
              shared.sha256(),
              shared.structure(),
              shared.messageId(),
              shared.baseSubject()));
      stored.add(shared.message());
      return true;
    } catch (Refused | UncheckedIOException e) {
      return unreadable(shared, mailbox, uid, e);
    }
  }

  private boolean unreadable(
      Change.MessageStored shared, int mailbox, long uid, RuntimeException why) {
    Optional<Change.MessageStored> now =
        workings.db().read(connection -> MessageLoads.stored(connection, shared.message()));
    if (now.isPresent() && now.get().place().equals(shared.place())) {
      throw new Refused(
          Refused.Reason.UNAVAILABLE,
          "Message %d of mailbox %d cannot be read; `depozit check --repair` says which mail is lost"
              .formatted(uid, mailbox),
          why);
    }
    return false;
  }

  private static byte[] hash(Octets body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] slice = new byte[1 << 16];
      for (long at = 0; at < body.length(); ) {
        int count = body.read(at, slice, 0, slice.length);
        digest.update(slice, 0, count);
        at += count;
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static Change.MessageFiled with(Change.MessageFiled row, long modSeq, long flags) {
    return new Change.MessageFiled(
        row.mailbox(),
        row.uid(),
        modSeq,
        row.message(),
        flags,
        row.internalDate(),
        row.savedAt(),
        row.sentDay(),
        row.size(),
        row.prefix(),
        row.envelope(),
        row.from(),
        row.to(),
        row.cc(),
        row.bcc(),
        row.subject());
  }

  /// The texts that came since the last time: all that the rows written so far name.
  private void texts() throws IOException {
    for (Dictionary dictionary : Dictionary.values()) {
      List<Change.TextNamed> page;
      do {
        long after = texts.getOrDefault(dictionary, Packed.first(account));
        page =
            workings
                .db()
                .read(connection -> Loads.texts(connection, account, dictionary, after, TEXTS));
        for (Change.TextNamed named : page) {
          log.add(named);
          texts.put(dictionary, Packed.of(account, named.id()));
        }
      } while (page.size() == TEXTS);
    }
  }

  private void subscriptions(Set<String> now) throws IOException {
    for (String name : now) {
      if (!subscribed.contains(name)) {
        log.add(new Change.Subscribed(account, name, true));
      }
    }
    for (String name : subscribed) {
      if (!now.contains(name)) {
        log.add(new Change.Subscribed(account, name, false));
      }
    }
    subscribed = now;
  }

  /// The numbers of accounts, mailboxes and messages are never given again either.
  private Change counted() {
    return workings
        .db()
        .read(connection ->
            new Change.Carried(
                List.of(
                    new Change.NumbersGiven(
                        given(connection, "account"),
                        given(connection, "mailbox"),
                        given(connection, "message"),
                        given(connection, "uid_validity")))));
  }

  private static long given(Connection connection, String counter) throws SQLException {
    return Db.number(connection, "SELECT last_value FROM counter WHERE name = ?", counter)
        .orElse(0);
  }
}
