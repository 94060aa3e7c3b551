package org.depozit.storage;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.depozit.storage.Refused.Reason;

/// The store on an embedded H2 database behind a log of its own, in one data directory:
/// `depozit.mv.db` holds what can be asked, `log` the changes of the last minutes and all bodies,
/// `index` copies of large mailboxes' index states, `depozit.lock` keeps a second server out.
///
/// What a call acknowledges is in the log and forced; the database follows, unforced, and is
/// brought up to date from the log when the store is opened again.
public final class SqlStore implements Store {
  private final Path directory;
  private final LogFiles files;
  private final Workings workings;
  private final Accounts accounts;
  private final Deque<AutoCloseable> parts;

  /// One account is restored at a time.
  private final Semaphore restoring = new Semaphore(1);

  private SqlStore(
      StoreSettings settings, LogFiles files, Workings workings, Deque<AutoCloseable> parts) {
    this.directory = settings.directory();
    this.files = files;
    this.workings = workings;
    this.accounts = new Accounts(workings, settings.hashesUpgraded());
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
    return accounts.login(name, password);
  }

  @Override
  public Optional<Account> account(String name) {
    return accounts.named(name);
  }

  @Override
  public Optional<Account> recipient(String address) {
    return accounts.recipient(address);
  }

  @Override
  public List<String> accountNames() {
    return accounts.names();
  }

  @Override
  public Account createAccount(String name, char[] password) {
    return accounts.create(name, password);
  }

  @Override
  public Account createAccount(String name, PasswordHash hash) {
    return accounts.create(name, hash);
  }

  /// The hash that is kept for an account.
  Optional<String> passwordHash(String name) {
    return accounts.passwordHash(name);
  }

  @Override
  public void setPassword(String name, char[] password) {
    accounts.setPassword(name, password);
  }

  @Override
  public void removeAccount(String name) {
    accounts.remove(name);
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
    accounts.mustBeName(as);
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
