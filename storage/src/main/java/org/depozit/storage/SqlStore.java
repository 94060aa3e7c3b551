package org.depozit.storage;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.depozit.mime.Casemap;
import org.depozit.storage.Refused.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The store on an embedded H2 database behind a log of its own, in one data directory:
/// `depozit.mv.db` holds what can be asked, `log` the changes of the last minutes and all bodies,
/// `index` copies of large mailboxes' index states, `depozit.lock` keeps a second server out.
///
/// What a call acknowledges is in the log and forced; the database follows, unforced, and is
/// brought up to date from the log when the store is opened again.
public final class SqlStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(SqlStore.class);

  /// Made for each account. RFC 6154.
  private static final List<SpecialUse> SPECIAL =
      List.of(
          SpecialUse.DRAFTS,
          SpecialUse.SENT,
          SpecialUse.JUNK,
          SpecialUse.TRASH,
          SpecialUse.ARCHIVE);

  private final Path directory;
  private final LogFiles files;
  private final Workings workings;
  private final Passwords passwords = new Passwords();
  private final boolean hashesUpgraded;
  private final Deque<AutoCloseable> parts;

  /// One account is restored at a time.
  private final Semaphore restoring = new Semaphore(1);

  private SqlStore(
      StoreSettings settings, LogFiles files, Workings workings, Deque<AutoCloseable> parts) {
    this.directory = settings.directory();
    this.hashesUpgraded = settings.hashesUpgraded();
    this.files = files;
    this.workings = workings;
    this.parts = parts;
  }

  /// Opens the store of a data directory, or makes one.
  ///
  /// @throws Refused IN_USE if somebody else has it open; UNAVAILABLE if it cannot be read or its
  ///   log is damaged
  public static SqlStore open(StoreSettings settings) {
    return open(settings, true);
  }

  /// Opens the store for those who compare it with its log: no space is given back meanwhile, so
  /// that no segment goes and no body moves under them.
  static SqlStore openAsItIs(StoreSettings settings) {
    return open(settings, false);
  }

  private static SqlStore open(StoreSettings settings, boolean space) {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    try {
      return open(settings, space, parts);
    } catch (RuntimeException | Error e) {
      closeAll(parts).ifPresent(e::addSuppressed);
      throw e;
    }
  }

  private static SqlStore open(StoreSettings settings, boolean space, Deque<AutoCloseable> parts) {
    Path directory = settings.directory();
    StoreLimits limits = settings.limits();
    parts.push(StoreLock.lock(directory));
    if (space) {
      Repair.mustNotBeHalfway(directory);
    }
    PageJournal pages = Schema.open(directory, limits);
    parts.push(pages);
    Dialect dialect = new H2Dialect(pages);
    Db db = new Db(dialect, dialect.url(), limits.readers());
    Rows rows = new Rows(db, limits.bulk());
    parts.push(rows);
    parts.push(db);
    LogFiles files = new LogFiles(directory.resolve("log"));
    FlatSaves saves = new FlatSaves(directory, limits);
    States states = new States(db, saves, limits);
    Log log = Recovery.recover(files, limits, rows, states);
    Dictionaries dictionaries = new Dictionaries(db);
    Doorbell doorbell = new Doorbell();
    Ledger ledger = new Ledger(rows, states, dictionaries, doorbell, log.group());
    rows.live(ledger::changed);
    Bodies bodies = new Bodies(files, limits);
    parts.push(bodies);
    Commits commits = new Logged(log, rows, ledger, limits, settings.flagsForced());
    saves.start(db, commits);
    parts.push(() -> {
      states.cool();
      saves.close();
    });
    parts.push(commits);
    Workings workings =
        new Workings(
            db,
            states,
            dictionaries,
            commits,
            bodies,
            new Delivery(limits),
            doorbell,
            new MaildropLocks(),
            new Scans(),
            limits);
    if (space) {
      parts.push(new Space(workings, files, rows.fileSpace()));
      AccountRestore.removeUnfinished(workings, directory);
    }
    return new SqlStore(settings, files, workings, parts);
  }

  @Override
  public Optional<Account> login(String name, char[] password) {
    Optional<Loads.AccountRow> row = row(name);
    boolean fits = passwords.fits(password, row.map(Loads.AccountRow::passwordHash));
    if (fits && hashesUpgraded) {
      row.filter(known -> !passwords.current(known.passwordHash()))
          .ifPresent(known -> upgrade(known, password));
    }
    return fits ? row.flatMap(this::handle) : Optional.empty();
  }

  /// Replaces a hash that came from another server, unless the password was changed meanwhile. A
  /// store that cannot write lets its user in all the same.
  private void upgrade(Loads.AccountRow known, char[] password) {
    String hash = passwords.hash(password);
    try {
      workings
          .commits()
          .submit(ledger -> {
            boolean same = find(ledger, known.name()).filter(known::equals).isPresent();
            return same
                ? Outcome.forced(new Change.PasswordSet(known.id(), hash), known.id())
                : Outcome.nothing(known.id());
          });
    } catch (Refused e) {
      LOG.warn("The password hash of account {} stays as it was: {}", known.id(), e.getMessage());
    }
  }

  @Override
  public Optional<Account> account(String name) {
    return row(name).flatMap(this::handle);
  }

  private Optional<Loads.AccountRow> row(String name) {
    if (!nameable(name)) {
      return Optional.empty();
    }
    String folded = Casemap.fold(name);
    return workings.db().read(connection -> Loads.account(connection, folded));
  }

  private Optional<Account> handle(Loads.AccountRow row) {
    return workings
        .db()
        .read(connection -> Loads.mailbox(connection, row.id(), MailboxName.INBOX.value()))
        .map(inbox -> new SqlAccount(row.id(), row.name(), inbox.id(), workings));
  }

  @Override
  public Optional<Account> recipient(String address) {
    return account(address).or(() -> account(localPart(address)));
  }

  private static String localPart(String address) {
    int at = address.lastIndexOf('@');
    String local = at < 0 ? address : address.substring(0, at);
    boolean quoted = local.length() > 1 && local.startsWith("\"") && local.endsWith("\"");
    return quoted ? local.substring(1, local.length() - 1).replaceAll("\\\\(.)", "$1") : local;
  }

  @Override
  public List<String> accountNames() {
    return workings.db().read(Loads::accountNames);
  }

  @Override
  public Account createAccount(String name, char[] password) {
    return createAccount(name, new PasswordHash(passwords.hash(password)));
  }

  @Override
  public Account createAccount(String name, PasswordHash hash) {
    if (!nameable(name)) {
      throw new Refused(Reason.CANNOT, "Not an account name");
    }
    return workings.commits().submit(ledger -> create(ledger, name, hash.text()));
  }

  /// The hash that is kept for an account.
  Optional<String> passwordHash(String name) {
    return row(name).map(Loads.AccountRow::passwordHash);
  }

  private boolean nameable(String name) {
    return !name.isBlank()
        && name.length() <= workings.limits().accountNameLength()
        && name.codePoints().noneMatch(SqlStore::unfit);
  }

  private static boolean unfit(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
  }

  private Outcome<Account> create(Ledger ledger, String name, String hash) {
    if (find(ledger, name).isPresent()) {
      throw new Refused(Reason.ALREADY_EXISTS, "There is such an account already");
    }
    Draft draft = new Draft(ledger, workings.limits());
    int account = ledger.nextAccount();
    draft.add(new Change.AccountCreated(account, name, hash, Instant.now().getEpochSecond()));
    int inbox = create(ledger, draft, account, MailboxName.INBOX.value(), "");
    for (SpecialUse use : SPECIAL) {
      String called = use.attribute().substring(1);
      create(ledger, draft, account, called, called);
    }
    return new Outcome<>(draft.change(), new SqlAccount(account, name, inbox, workings), true);
  }

  private static int create(Ledger ledger, Draft draft, int account, String name, String use) {
    int mailbox = ledger.nextMailbox();
    draft.create(new Change.MailboxCreated(mailbox, account, name, ledger.nextUidValidity(), use));
    draft.add(new Change.Subscribed(account, name, true));
    return mailbox;
  }

  private static Optional<Loads.AccountRow> find(Ledger ledger, String name) {
    return ledger.ask(connection -> Loads.account(connection, Casemap.fold(name)));
  }

  private static Loads.AccountRow found(Ledger ledger, String name) {
    return find(ledger, name)
        .orElseThrow(() -> new Refused(Reason.NONEXISTENT, "There is no such account"));
  }

  @Override
  public void setPassword(String name, char[] password) {
    String hash = passwords.hash(password);
    workings
        .commits()
        .submit(ledger -> {
          int account = found(ledger, name).id();
          return Outcome.forced(new Change.PasswordSet(account, hash), account);
        });
  }

  @Override
  public void removeAccount(String name) {
    workings
        .commits()
        .submit(ledger -> remove(ledger, found(ledger, name).id(), workings.limits()));
  }

  /// Removes an account and all its mailboxes.
  static Outcome<Integer> remove(Ledger ledger, int account, StoreLimits limits) {
    Draft draft = new Draft(ledger, limits);
    ledger
        .ask(connection -> Loads.mailboxes(connection, account))
        .forEach(mailbox -> draft.add(new Change.MailboxDeleted(mailbox.id())));
    draft.add(new Change.AccountRemoved(account));
    return new Outcome<>(draft.change(), account, true);
  }

  @Override
  public Spool spool() {
    return new HeapOrFileSpool(files, workings.limits());
  }

  @Override
  public List<Delivered> deliver(IncomingMessage message, List<Recipient> recipients) {
    try {
      Prepared prepared = workings.delivery().prepare(message);
      List<Delivery.Target> targets = recipients.stream().map(SqlStore::target).toList();
      return workings
          .commits()
          .submit(ledger -> workings.delivery().deliver(ledger, prepared, targets));
    } catch (Refused refused) {
      return recipients.stream()
          .<Delivered>map(recipient -> new Delivered.NotKept(refused))
          .toList();
    }
  }

  private static Delivery.Target target(Recipient recipient) {
    if (recipient.account() instanceof SqlAccount account) {
      return new Delivery.Target(account.number(), account.inbox(), recipient.traceHeaders());
    }
    throw new IllegalArgumentException("an account of another store");
  }

  /// Looks whether everything in the store fits everything else, while it serves: the log, every
  /// index, every counter, every row, every body. Reads all of it.
  ///
  /// @param progress is told what comes next, in a few words
  /// @return what is wrong; empty if nothing is
  public List<Fault> check(Consumer<String> progress) {
    return Check.run(workings, files, progress);
  }

  /// Checks a store that nobody has open: all of [#check(Consumer)], the files themselves, and the
  /// database row by row against one made from the log alone.
  ///
  /// @param progress is told what comes next, in a few words
  /// @return what is wrong; empty if nothing is
  /// @throws Refused IN_USE if somebody has the store open
  public static List<Fault> check(StoreSettings settings, Consumer<String> progress) {
    return new ClosedCheck(settings, progress).run();
  }

  /// Saves all accounts, or one, in a new folder, while the store serves. What is there when this
  /// returns is forced and whole.
  ///
  /// @param target is not there yet
  /// @param account whose mail; empty for everybody's
  /// @param step is told what comes next, in a few words
  /// @return what was saved
  /// @throws Refused ALREADY_EXISTS, NONEXISTENT, UNAVAILABLE
  public Manifest backup(Path target, Optional<String> account, Consumer<String> step) {
    return new Backup(workings, step).run(target, account);
  }

  /// Makes a store of a backup in a new data directory, which has its name only when all is there.
  ///
  /// @param settings of a directory that is not there, or empty
  /// @return what was restored
  /// @throws Refused ALREADY_EXISTS; UNAVAILABLE if the backup is damaged or there is no room
  public static Manifest restore(Path backup, StoreSettings settings, Consumer<String> step) {
    return Restore.whole(backup, settings, step);
  }

  /// Restores one account of a backup into this store, while it serves.
  ///
  /// @param name in the backup
  /// @param as its name from now on
  /// @return how many messages it has
  /// @throws Refused ALREADY_EXISTS if that name is taken; CANNOT if it cannot be a name;
  ///   NONEXISTENT if the backup has no such account; IN_USE if another is restored now;
  ///   UNAVAILABLE
  public long restore(Path backup, String name, String as, Consumer<String> step) {
    if (!nameable(as)) {
      throw new Refused(Reason.CANNOT, "Not an account name");
    }
    if (!restoring.tryAcquire()) {
      throw new Refused(Reason.IN_USE, "Another account is being restored");
    }
    try {
      return AccountRestore.run(backup, workings, files, directory, name, as, step);
    } finally {
      restoring.release();
    }
  }

  List<Fault> checkRows(Consumer<String> progress) {
    return Check.rows(workings, files, progress);
  }

  /// Makes a store whole again that nobody has open, keeps whatever can be kept, and says what
  /// could not; what was damaged is moved aside.
  ///
  /// @param step is told what comes next, in a few words
  /// @param told is told what was done and what is lost, a line each
  /// @throws Refused IN_USE if somebody has the store open; UNAVAILABLE if it cannot be repaired
  public static void repair(StoreSettings settings, Consumer<String> step, Consumer<String> told) {
    new Repair(settings, step, told).run();
  }

  Workings workings() {
    return workings;
  }

  /// The door to the rows that are committed.
  Db db() {
    return workings.db();
  }

  /// Tells why if the store has failed for good: what is asked of it from then on is refused, and
  /// it has to be closed and opened again; nothing that was answered is lost. Who is told must not
  /// wait for anything.
  public CompletableFuture<String> failure() {
    return workings.commits().failure();
  }

  @Override
  public Doorbell doorbell() {
    return workings.doorbell();
  }

  @Override
  public void close() {
    closeAll(parts)
        .ifPresent(e -> {
          throw new Refused(Reason.UNAVAILABLE, "The store did not close cleanly", e);
        });
  }

  /// Closes what was opened, the last first, and goes on when one fails.
  private static Optional<Exception> closeAll(Deque<AutoCloseable> parts) {
    Optional<Exception> first = Optional.empty();
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        first = first.isPresent() ? first : Optional.of(e);
      }
    }
    return first;
  }
}
