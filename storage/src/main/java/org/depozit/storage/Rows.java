package org.depozit.storage;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.depozit.storage.Given.Counter;

/// Changes as rows: the writer's own connection and the switch that turns a [Change] into SQL. All
/// values are absolute and every insert replaces, so that applying a change again after a crash, to
/// a database that runs ahead of it, ends in the same rows. The writer; before it starts, whoever
/// opens the store.
final class Rows implements AutoCloseable {
  private final Dialect dialect;
  private final Statements sql;
  private final MessageRows messages;
  private final TextRows texts;

  private final AccountRows accounts;
  private final Given given;

  /// Of the mailboxes that the replay touches.
  private final Recount recount;

  private final StoreLimits.Bulk limits;
  private final Backlog backlog;
  private final FileSpace fileSpace;

  private Optional<Supplier<Collection<MailboxCounters>>> counters = Optional.empty();

  /// Whether rows are being made from the log alone.
  private boolean fromNothing;

  /// Whether nothing was committed since the last checkpoint.
  private boolean settled;

  /// Whether the open transaction has changed rows.
  private boolean changing;

  /// Of a replay.
  private final LatestFlags latest = new LatestFlags();

  Rows(Db db) {
    this(db, StoreLimits.Bulk.DEFAULTS);
  }

  Rows(Db db, StoreLimits.Bulk limits) {
    this.dialect = db.dialect();
    this.sql = new Statements(db.open());
    this.messages = new MessageRows(dialect, sql);
    this.texts = new TextRows(dialect, sql);
    this.accounts = new AccountRows(dialect, sql);
    this.given = new Given(dialect, sql);
    this.recount = new Recount(dialect, sql);
    this.limits = limits;
    this.backlog = new Backlog(limits, messages, texts);
    try {
      this.fileSpace = dialect.fileSpace(sql);
      sql.connection().setAutoCommit(false);
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// Ends the replay: from now on each transaction writes the counters that the ledger changed, and
  /// what is meant to follow in slices goes to the backlog.
  ///
  /// @param changed the counters of the mailboxes that the open transaction touched
  void live(Supplier<Collection<MailboxCounters>> changed) {
    counters = Optional.of(changed);
  }

  /// Says that the log alone makes the rows, from nothing: carried facts count, and what no message
  /// names stays, since a carried one may come that does.
  void fromNothing() {
    fromNothing = true;
    messages.keepUnnamed();
  }

  /// The writer's connection, for reading what the open transaction sees.
  Statements statements() {
    return sql;
  }

  /// The changes whose rows are pending.
  Backlog backlog() {
    return backlog;
  }

  /// What makes the database's file shorter.
  FileSpace fileSpace() {
    return fileSpace;
  }

  TextRows texts() {
    return texts;
  }

  /// Starts a transaction.
  void begin() {
    given.clear();
    changing = false;
  }

  /// A point in the transaction to which it can be rolled back.
  Dialect.Savepoint savepoint() {
    try {
      return dialect.savepoint(sql);
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// Takes back what was applied since the savepoint.
  void rollback(Dialect.Savepoint savepoint) {
    try {
      savepoint.rollback();
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// Applies a change in the open transaction, or takes it up in the backlog. In a replay, a change
  /// of very many rows is committed in slices.
  void apply(Change change) {
    try {
      changing |= !(change instanceof Change.FlagsSet || change instanceof Change.Expunged);
      write(change);
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  private void write(Change change) throws SQLException {
    switch (change) {
      case Change.Together all -> writeAll(all.changes());
      case Change.AccountCreated made -> {
        given.raise(Counter.ACCOUNT, made.account());
        accounts.write(made);
      }
      case Change.PasswordSet set -> accounts.write(set);
      case Change.AccountRemoved gone -> write(gone);
      case Change.MailboxCreated made -> write(made);
      case Change.MailboxRenamed renamed -> accounts.write(renamed);
      case Change.MailboxDeleted gone -> write(gone);
      case Change.Subscribed subscribed -> accounts.write(subscribed);
      case Change.KeywordNamed named -> accounts.write(named);
      case Change.TextNamed named -> texts.write(named);
      case Change.MessageStored stored -> {
        given.raise(Counter.MESSAGE, stored.message());
        messages.write(stored);
      }
      case Change.MessageFiled filed -> {
        boolean fresh = messages.write(filed);
        if (fromNothing) {
          touched(filed.mailbox(), filed.uid() + 1, filed.modSeq());
        } else if (counters.isEmpty()) {
          recount.filed(filed, fresh);
        }
      }
      case Change.HeaderNoted noted -> messages.write(noted);
      case Change.FlagsSet set -> write(set);
      case Change.Expunged gone -> write(gone);
      case Change.Copied copied -> {
        if (live()) {
          backlog.add(copied, copied.flags().length);
        } else {
          follow(CopiedRows.replayed(copied, messages));
          touched(copied.to(), copied.lastUid() + 1, copied.modSeq());
        }
      }
      case Change.UidlSet set -> accounts.write(set);
      case Change.MaildropAccessed accessed -> accounts.write(accessed);
      case Change.Carried carried -> write(carried);
      case Change.SegmentDropped _ -> {}
      case Change.NumbersGiven numbers -> given.raise(numbers);
      case Change.MailboxReached reached ->
          touched(reached.mailbox(), reached.uidNext(), reached.highestModSeq());
    }
  }

  /// The rows know what is carried; it is only bodies that move, and how far numbers have come is
  /// told again, which never lowers one. Making rows from nothing needs it all.
  private void write(Change.Carried carried) throws SQLException {
    if (fromNothing) {
      writeAll(carried.facts());
      return;
    }
    for (Change fact : carried.facts()) {
      if (fact instanceof Change.MessageStored stored) {
        messages.move(stored.message(), stored.place());
      } else if (fact instanceof Change.NumbersGiven || fact instanceof Change.MailboxReached) {
        write(fact);
      }
    }
  }

  private void writeAll(List<Change> changes) throws SQLException {
    for (Change change : changes) {
      write(change);
    }
  }

  private boolean live() {
    return counters.isPresent();
  }

  private void write(Change.FlagsSet set) throws SQLException {
    if (live()) {
      backlog.add(set, set.uids().length);
    } else if (fromNothing) {
      writeNow(set);
    } else {
      // What comes between says nothing of them, and a message that goes takes them along.
      latest.add(set);
      touched(set.mailbox(), 0, set.modSeq());
    }
  }

  private void writeNow(Change.FlagsSet set) throws SQLException {
    for (int i = 0; i < set.uids().length; i++) {
      messages.flags(set.mailbox(), set.uids()[i], set.flags()[i], set.modSeq());
      if (i % limits.sliceRows() == limits.sliceRows() - 1) {
        commitInReplay();
      }
    }
    touched(set.mailbox(), 0, set.modSeq());
  }

  /// Few messages go at once, unless rows of copies are pending that have to come first.
  private void write(Change.Expunged gone) throws SQLException {
    long count = gone.uids().count();
    if (live() && (count > limits.rowsAtOnce() || backlog.copying(gone.mailbox()))) {
      backlog.add(gone, count);
    } else {
      changing = true;
      follow(new ExpungedRows(gone, Optional.empty(), messages));
      // UIDs that are gone were given.
      touched(gone.mailbox(), gone.uids().last(gone.uids().ranges() - 1) + 1, gone.modSeq());
    }
  }

  /// Writes all rows of a change now; in a replay, where a transaction may end anywhere, in slices.
  private void follow(Pending pending) throws SQLException {
    while (!pending.done()) {
      pending.write(limits.sliceRows());
      if (!live() && !pending.done()) {
        commitInReplay();
      }
    }
  }

  private void commitInReplay() {
    commit();
    if (full()) {
      checkpoint();
    }
  }

  private void write(Change.AccountRemoved gone) throws SQLException {
    accounts.write(gone);
    if (live()) {
      backlog.add(gone, 1);
    } else {
      follow(new DroppedTexts(gone.account(), texts));
    }
  }

  private void write(Change.MailboxCreated made) throws SQLException {
    given.raise(Counter.MAILBOX, made.mailbox());
    given.raise(Counter.UID_VALIDITY, made.uidValidity());
    accounts.write(made);
    touched(made.mailbox(), 1, 1);
  }

  private void write(Change.MailboxDeleted gone) throws SQLException {
    if (live()) {
      backlog.add(gone, messagesOf(gone.mailbox()));
    } else {
      follow(new DeletedRows(gone.mailbox(), 0, messages));
    }
    accounts.write(gone);
    recount.gone(gone.mailbox());
  }

  private long messagesOf(int mailbox) throws SQLException {
    return sql.number("SELECT messages FROM mailbox WHERE id = ?", mailbox).orElse(0);
  }

  private void touched(int mailbox, long uidNext, long modSeq) {
    if (counters.isEmpty()) {
      recount.doubt(mailbox, uidNext, modSeq);
    }
  }

  /// Commits; the database does not force it.
  void commit() {
    if (counters.isPresent() && !changing && given.isEmpty()) {
      // Flags alone, whose rows follow: nothing was written.
      return;
    }
    try {
      given.write();
      if (counters.isPresent() && changing) {
        for (MailboxCounters changed : counters.get().get()) {
          dialect.setCounters(sql, changed);
        }
      } else if (counters.isEmpty()) {
        recount.write();
      }
      dialect.commit(sql);
      settled = false;
      given.clear();
      changing = false;
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// Writes rows that are pending, in a transaction of their own, and the counters with them.
  ///
  /// @param nanos for how long at most
  /// @return how many, about
  /// @throws Refused UNAVAILABLE if the database failed; the rows are pending as before then
  int slice(long nanos) {
    try {
      begin();
      changing = true;
      return backlog.slice(nanos, this::commitSlice);
    } catch (SQLException e) {
      rollback();
      throw Db.failed(e);
    } catch (RuntimeException | Error e) {
      rollback();
      throw e;
    }
  }

  private void commitSlice() {
    CrashPoint.BEFORE_SLICE_COMMIT.pass();
    commit();
  }

  /// Takes back the whole transaction.
  void rollback() {
    try {
      sql.connection().rollback();
      given.clear();
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// Ends the replay: writes all flags that came last, and counts the mailboxes whose counters it
  /// made doubtful by all their rows.
  void recount() {
    var _ = finishFlags(Integer.MAX_VALUE);
    recount(_ -> Optional.empty());
  }

  /// How many flags the replay came upon.
  long flagsRead() {
    return latest.given();
  }

  /// Writes the flags that the replay came upon last, of each message: mailbox by mailbox, those of
  /// which fewest changed first.
  ///
  /// @param most messages
  /// @return what was not written, by mailbox
  Map<Integer, List<Change.FlagsSet>> finishFlags(int most) {
    Map<Integer, List<Change.FlagsSet>> late = new HashMap<>();
    List<List<Change.FlagsSet>> fewestFirst = new ArrayList<>(latest.take().values());
    fewestFirst.sort(Comparator.comparingLong(Rows::messages));
    long left = most;
    try {
      for (List<Change.FlagsSet> sets : fewestFirst) {
        left -= messages(sets);
        if (left < 0) {
          late.put(sets.getFirst().mailbox(), sets);
          continue;
        }
        for (Change.FlagsSet set : sets) {
          writeNow(set);
        }
      }
      commit();
    } catch (SQLException e) {
      throw Db.failed(e);
    }
    return late;
  }

  private static long messages(List<Change.FlagsSet> sets) {
    return sets.stream().mapToLong(set -> set.uids().length).sum();
  }

  /// Ends the replay: counts the mailboxes whose counters it made doubtful.
  ///
  /// @param known the counters of a mailbox whose rows need not be read, by its row
  void recount(Function<MailboxCounters, Optional<MailboxCounters>> known) {
    try {
      recount.finish(known);
      sql.connection().commit();
      settled = false;
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// Whether a body of any message stands in the segment.
  boolean names(long segment) {
    try {
      return sql.number("SELECT id FROM message WHERE segment = ? LIMIT 1", segment).isPresent();
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// Whether no number was ever given: the database is new.
  boolean unused() {
    try {
      return sql.number("SELECT MAX(last_value) FROM counter").orElse(0) == 0;
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// Forces everything committed to the disk.
  ///
  /// @throws Refused UNAVAILABLE if it could not be written: it can be tried again, unless
  ///   [#broken]
  void checkpoint() {
    try {
      dialect.checkpoint(sql);
      sql.connection().commit();
      settled = true;
      fileSpace.forced();
    } catch (SQLException e) {
      throw Db.failed(e);
    } catch (IOException e) {
      throw LogFiles.broken("The database cannot be written now", e);
    }
  }

  /// Whether so much waits in the heap that a checkpoint is due before its time.
  boolean full() {
    long pending = dialect.pending();
    return pending >= PageJournal.PENDING || fileSpace.due(pending);
  }

  /// Nobody has written for a while: the database gives back the room that it can do without.
  void rest() throws IOException {
    dialect.rest();
  }

  /// Whether the database has been closed, by itself: nothing can be done with it any more.
  boolean dead() {
    try {
      return sql.connection().isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  /// Whether no checkpoint can be taken any more.
  boolean broken() {
    return dialect.broken();
  }

  /// Closes the database for everybody. What was committed since the last checkpoint is not kept:
  /// the log has it.
  @Override
  public void close() {
    try {
      dialect.shutdown(sql, settled && !dialect.broken());
      sql.close();
    } catch (SQLException e) {
      throw Db.failed(e);
    } catch (IOException e) {
      throw LogFiles.broken("The database cannot be written now", e);
    }
  }
}
