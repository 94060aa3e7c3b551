package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.depozit.mime.Casemap;
import org.depozit.mime.Octets;
import org.depozit.storage.Change.Dictionary;
import org.depozit.storage.Refused.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One account out of a backup into an open store, while it serves. The backup is made a store of
/// its own aside, and the account is copied from there: it gets new numbers for itself, its
/// mailboxes and messages, and keeps UIDVALIDITY, UIDs, mod-sequences, texts and all else. It has
/// its name and can be logged into only when all is there. One thread, once.
final class AccountRestore {
  private static final Logger LOGGER = LoggerFactory.getLogger(AccountRestore.class);
  private static final int PAGE = 200;
  private static final long PAGE_OCTETS = 4L << 20;
  private static final int TEXTS = 500;
  private static final int BITS = 12;

  /// No password fits it.
  private static final String NO_PASSWORD = "*";

  /// What the name of an account starts with that is not all there.
  private static final String UNFINISHED = "restoring ";

  /// Where the backup is made a store.
  private static final String ASIDE = "restoring";

  private final Workings to;
  private final Workings from;
  private final LogFiles files;
  private final Consumer<String> step;

  /// The new numbers of messages by their old ones, in blocks: one array for 4,096 of them.
  private final Map<Long, long[]> numbers = new HashMap<>();

  private long messages;

  private AccountRestore(Workings to, Workings from, LogFiles files, Consumer<String> step) {
    this.to = to;
    this.from = from;
    this.files = files;
    this.step = step;
  }

  /// Restores an account.
  ///
  /// @param to the open store
  /// @param files of its log
  /// @param directory the store's, in which the backup is made a store aside
  /// @param name in the backup
  /// @param as its name from now on
  /// @throws Refused ALREADY_EXISTS if that name is taken; NONEXISTENT if the backup has no such
  ///   account; UNAVAILABLE
  static long run(
      Path backup,
      Workings to,
      LogFiles files,
      Path directory,
      String name,
      String as,
      Consumer<String> step) {
    mustBeFree(to.db().read(connection -> Loads.account(connection, Casemap.fold(as))));
    Path aside = directory.resolve(ASIDE);
    try {
      Rebuilding.removeAll(aside);
      try {
        Restore.open(backup, aside, to.limits(), step);
        try (SqlStore store = SqlStore.open(new StoreSettings(aside, to.limits(), false))) {
          return new AccountRestore(to, store.workings(), files, step).copy(name, as);
        }
      } finally {
        Rebuilding.removeAll(aside);
      }
    } catch (IOException e) {
      throw new Refused(
          Reason.UNAVAILABLE, "The backup cannot be restored: " + ClosedCheck.told(e), e);
    }
  }

  /// Takes away what a restore has left that the end of the process cut off: the store aside, and
  /// the account, which nobody has been told of.
  static void removeUnfinished(Workings workings, Path directory) {
    try {
      Rebuilding.removeAll(directory.resolve(ASIDE));
      for (int account : workings.db().read(AccountRestore::unfinished)) {
        LOGGER.info("Account {}, whose restore was cut off, is removed", account);
        removeUnfinished(workings, account);
      }
    } catch (IOException | Refused e) {
      LOGGER.warn("What a restore has left cannot be removed now: {}", e.getMessage());
    }
  }

  private static List<Integer> unfinished(Connection connection) throws SQLException {
    return Db.list(
        connection,
        row -> row.getInt(1),
        "SELECT id FROM account WHERE password_hash = ? AND name LIKE ? ORDER BY id",
        NO_PASSWORD,
        UNFINISHED + "%");
  }

  private static void removeUnfinished(Workings workings, int account) {
    workings.commits().submit(ledger -> Accounts.remove(ledger, account, workings.limits()));
  }

  private static void mustBeFree(Optional<Loads.AccountRow> row) {
    if (row.isPresent()) {
      throw new Refused(Reason.ALREADY_EXISTS, "There is such an account already");
    }
  }

  private long copy(String name, String as) throws IOException {
    int old =
        from.db()
            .read(connection -> Loads.account(connection, Casemap.fold(name)))
            .orElseThrow(() -> new Refused(Reason.NONEXISTENT, "The backup has no such account"))
            .id();
    AccountBackup.Owner owner =
        from.db().read(connection -> AccountBackup.Owner.load(connection, old)).orElseThrow();
    String working = UNFINISHED + UUID.randomUUID();
    int account =
        to.commits()
            .submit(ledger -> {
              int id = ledger.numbers().nextAccount();
              return Outcome.forced(
                  new Change.AccountCreated(id, working, NO_PASSWORD, owner.createdAt()), id);
            });
    try {
      fill(old, account);
      finish(old, account, as, owner);
    } catch (IOException | RuntimeException e) {
      giveUp(account, e);
      throw e;
    }
    return messages;
  }

  /// What cannot be removed now the next opening removes.
  private void giveUp(int account, Exception why) {
    try {
      removeUnfinished(to, account);
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  private void fill(int old, int account) throws IOException {
    texts(old, account);
    List<Loads.MailboxRow> mailboxes = from.db().read(c -> Loads.mailboxes(c, old));
    for (Loads.MailboxRow mailbox : mailboxes) {
      step.accept("mailbox %s, %,d messages so far".formatted(mailbox.name(), messages));
      mailbox(account, mailbox);
    }
  }

  /// The name, the password and what hangs on the account itself.
  private void finish(int old, int account, String as, AccountBackup.Owner owner) {
    List<String> subscriptions = from.db().read(c -> Loads.subscriptions(c, old));
    long accessed = from.db().read(c -> Loads.lastAccessed(c, old));
    to.commits()
        .submit(ledger -> {
          mustBeFree(ledger.ask(c -> Loads.account(c, Casemap.fold(as))));
          List<Change> changes = new ArrayList<>();
          subscriptions.forEach(name -> changes.add(new Change.Subscribed(account, name, true)));
          if (accessed > 0) {
            changes.add(new Change.MaildropAccessed(account, accessed));
          }
          changes.add(
              new Change.AccountCreated(account, as, owner.passwordHash(), owner.createdAt()));
          return Outcome.forced(new Change.Together(changes), account);
        });
  }

  private void texts(int old, int account) {
    Map<Dictionary, Long> after = new EnumMap<>(Dictionary.class);
    for (Dictionary dictionary : Dictionary.values()) {
      List<Change.TextNamed> page;
      do {
        long last = after.getOrDefault(dictionary, Packed.first(old));
        page = from.db().read(c -> Loads.texts(c, old, dictionary, last, TEXTS));
        List<Change> named = new ArrayList<>();
        for (Change.TextNamed text : page) {
          named.add(new Change.TextNamed(account, dictionary, text.id(), text.text()));
          after.put(dictionary, Packed.of(old, text.id()));
        }
        submit(named);
      } while (page.size() == TEXTS);
    }
  }

  private void submit(List<Change> changes) {
    if (!changes.isEmpty()) {
      to.commits().submit(ledger -> Outcome.forced(new Change.Together(changes), changes.size()));
    }
  }

  private void mailbox(int account, Loads.MailboxRow old) throws IOException {
    MailboxCounters counters = from.db().read(c -> Loads.counters(c, old.id())).orElseThrow();
    List<Keywords.Keyword> keywords = from.db().read(c -> Loads.keywords(c, old.id()));
    int mailbox =
        to.commits()
            .submit(ledger -> {
              int id = ledger.numbers().nextMailbox();
              List<Change> made = new ArrayList<>();
              made.add(
                  new Change.MailboxCreated(
                      id, account, old.name(), counters.uidValidity(), old.specialUse()));
              keywords.forEach(keyword ->
                  made.add(new Change.KeywordNamed(id, keyword.bit(), keyword.flag().name())));
              return Outcome.forced(new Change.Together(made), id);
            });
    // Held, since what goes from a mailbox is worked out on its view.
    OpenMailbox open = to.states().open(mailbox, to.commits()).orElseThrow();
    Tombstones.tell(from.db(), old.id(), mailbox, Long.MAX_VALUE, this::submit);
    messages(old.id(), mailbox);
    submit(
        List.of(
            new Change.MailboxReached(
                open.mailbox(), counters.uidNext(), counters.highestModSeq())));
  }

  private void messages(int old, int mailbox) throws IOException {
    View view = from.states().open(old, from.commits()).orElseThrow().view();
    for (int position = 0; position < view.count(); ) {
      int end = position;
      long octets = 0;
      while (end < view.count() && end - position < PAGE && octets < PAGE_OCTETS) {
        octets += view.size(end++);
      }
      long[] uids = new long[end - position];
      for (int i = 0; i < uids.length; i++) {
        uids[i] = view.uid(position + i);
      }
      page(old, mailbox, uids);
      messages += uids.length;
      position = end;
    }
  }

  private void page(int old, int mailbox, long[] uids) throws IOException {
    List<Change.MessageFiled> filed = from.db().read(c -> MessageLoads.filed(c, old, uids));
    Map<Long, Map<NotedField, String>> noted =
        from.db().read(c -> MessageLoads.noted(c, old, uids));
    Map<Long, String> uidls =
        from.db().read(c -> Loads.uidls(c, old, uids[0], uids[uids.length - 1]));
    Map<Long, Body> bodies = new LinkedHashMap<>();
    try {
      for (Change.MessageFiled row : filed) {
        if (number(row.message()) == 0 && !bodies.containsKey(row.message())) {
          bodies.put(row.message(), body(row.message()));
        }
      }
      Map<Long, Long> given =
          to.commits().submit(ledger -> file(ledger, mailbox, filed, bodies, noted, uidls));
      given.forEach(this::number);
    } finally {
      for (Body body : bodies.values()) {
        body.spool.close();
      }
    }
  }

  /// A body on its way, and its row in the backup.
  private record Body(HeapOrFileSpool spool, Change.MessageStored row) {}

  private Body body(long message) throws IOException {
    Change.MessageStored row = from.db().read(c -> MessageLoads.stored(c, message)).orElseThrow();
    HeapOrFileSpool spool = new HeapOrFileSpool(files, to.limits());
    try (Content content = from.bodies().content(row.place(), new byte[0])) {
      Octets body = content.body();
      body.stream().transferTo(spool);
    }
    spool.seal();
    return new Body(spool, row);
  }

  private Outcome<Map<Long, Long>> file(
      Ledger ledger,
      int mailbox,
      List<Change.MessageFiled> filed,
      Map<Long, Body> bodies,
      Map<Long, Map<NotedField, String>> noted,
      Map<Long, String> uidls) {
    Map<Long, Long> given = new HashMap<>();
    List<Change> changes = new ArrayList<>();
    for (Map.Entry<Long, Body> each : bodies.entrySet()) {
      long id = ledger.numbers().nextMessage();
      given.put(each.getKey(), id);
      Change.MessageStored row = each.getValue().row;
      changes.add(
          new Change.MessageStored(
              id,
              ledger.keep(each.getValue().spool),
              row.sha256(),
              row.structure(),
              row.messageId(),
              row.baseSubject()));
    }
    for (Change.MessageFiled row : filed) {
      long message = given.getOrDefault(row.message(), number(row.message()));
      changes.add(row.numbered(mailbox, message));
      Map<NotedField, String> texts = noted.get(row.uid());
      if (texts != null) {
        changes.add(new Change.HeaderNoted(mailbox, row.uid(), texts));
      }
      String uidl = uidls.get(row.uid());
      if (uidl != null) {
        changes.add(new Change.UidlSet(mailbox, row.uid(), uidl));
      }
    }
    return Outcome.forced(new Change.Together(changes), given);
  }

  private long number(long old) {
    long[] block = numbers.get(old >>> BITS);
    return block == null ? 0 : block[(int) old & ((1 << BITS) - 1)];
  }

  private void number(long old, long now) {
    Objects.requireNonNull(numbers.computeIfAbsent(old >>> BITS, block -> new long[1 << BITS]))[
            (int) old & ((1 << BITS) - 1)] =
        now;
  }
}
