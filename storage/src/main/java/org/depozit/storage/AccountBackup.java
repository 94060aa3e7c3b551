package org.depozit.storage;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.depozit.storage.Change.Dictionary;

/// One account into a backup, as it was at one moment: the views of all its mailboxes are taken at
/// once in the writer, then written out ([MailboxBackup]). What goes meanwhile cannot be written
/// any more; then the views are taken again and the difference follows, until one moment is there
/// whole. So a message that is moved during the backup is in one mailbox or the other. One thread,
/// once.
final class AccountBackup {
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
  private final Map<Integer, MailboxBackup> written = new LinkedHashMap<>();
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

  private boolean write(Loads.MailboxRow row, View now) throws IOException {
    MailboxBackup known = written.get(row.id());
    if (known == null) {
      known = new MailboxBackup(workings, log, stored, jump, row.id(), damaged);
      known.make(row, now);
      written.put(row.id(), known);
    }
    messages += now.count() - known.view().count();
    octets += now.octets() - known.view().octets();
    return known.write(row.name(), now);
  }

  private void gone(Captured now) throws IOException {
    Set<Integer> gone = new HashSet<>(written.keySet());
    now.mailboxes.forEach(row -> gone.remove(row.id()));
    for (int mailbox : gone) {
      View view = Objects.requireNonNull(written.remove(mailbox)).view();
      messages -= view.count();
      octets -= view.octets();
      held.remove(mailbox);
      log.add(new Change.MailboxDeleted(mailbox));
    }
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
