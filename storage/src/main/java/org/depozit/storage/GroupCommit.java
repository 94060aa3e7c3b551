package org.depozit.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a group is committed: each proposal is worked out and applied in a savepoint of one
/// transaction; the group is appended to the log and forced once; the transaction is committed,
/// which forces nothing; the new views are published; then all are answered.
///
/// A disk error takes the group back and refuses its callers. For who has the writer's turn only.
final class GroupCommit {
  private final Line line;
  private final Log log;
  private final Rows rows;
  private final Ledger ledger;
  private final StoreLimits limits;
  private final boolean flagsForced;
  private final Forcing forcing;
  private final PendingRows pending;
  private final Checkpoints checkpoints;

  private final List<Waiting<?>> group = new ArrayList<>();
  private final Company company = new Company();
  private boolean forced;

  /// @param line where others may join a group
  /// @param flagsForced whether flag changes wait for the force too
  GroupCommit(
      Line line,
      Log log,
      Rows rows,
      Ledger ledger,
      StoreLimits limits,
      boolean flagsForced,
      Forcing forcing,
      PendingRows pending,
      Checkpoints checkpoints) {
    this.line = line;
    this.log = log;
    this.rows = rows;
    this.ledger = ledger;
    this.limits = limits;
    this.flagsForced = flagsForced;
    this.forcing = forcing;
    this.pending = pending;
    this.checkpoints = checkpoints;
  }

  /// Commits a group of the first and of those who wait in the line, and answers them.
  ///
  /// @throws RuntimeException if the database has failed: the group is still to be refused
  void commit(Waiting<?> first) {
    group.add(first);
    try {
      forcing.begin();
    } catch (IOException e) {
      refuse(e);
      return;
    }
    Checkpoint before = log.checkpoint(false);
    rows.begin();
    gather(first);
    if (log.group().isEmpty()) {
      rows.rollback();
      answer();
    } else if (append() && forceIfNeeded()) {
      rows.commit();
      CrashPoint.AFTER_COMMIT.pass();
      ledger.publish(before, log.position());
      pending.counted();
      CrashPoint.AFTER_PUBLISH.pass();
      answer();
    }
  }

  /// Works out the first and what else waits, up to the bounds of a group.
  private void gather(Waiting<?> first) {
    forced = flagsForced;
    company.gathering();
    propose(first);
    Waiting<?> each;
    while (group.size() < limits.groupChanges()
        && log.group().length() < limits.groupOctets()
        && (each = another()) != null) {
      group.add(each);
      propose(each);
    }
  }

  private @Nullable Waiting<?> another() {
    Waiting<?> each = line.next();
    boolean worth = each == null && forced && !log.group().isEmpty();
    long wait = worth ? company.worth(group.size()) : 0;
    if (wait > 0) {
      line.await(wait);
      each = line.next();
    }
    return each;
  }

  /// Works out one proposal and applies it; takes back what it did if it fails, and fails its
  /// caller alone.
  private void propose(Waiting<?> waiting) {
    Group.Mark mark = log.group().mark();
    int before = ledger.mark();
    int late = rows.backlog().mark();
    Optional<Dialect.Savepoint> savepoint = Optional.empty();
    try {
      Outcome<?> outcome = waiting.propose(ledger);
      if (outcome.change().isPresent()) {
        Change change = outcome.change().get();
        // Flags alone write no row now.
        savepoint =
            change instanceof Change.FlagsSet ? Optional.empty() : Optional.of(rows.savepoint());
        rows.apply(change);
        ledger.apply(change);
        log.group().add(change);
        forced |= outcome.forced();
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      savepoint.ifPresent(rows::rollback);
      rows.backlog().truncate(late);
      ledger.rollback(before);
      log.group().truncate(mark);
      group.removeLast();
      waiting.fail(e);
    }
  }

  /// @return false if the group could not be written: it is nowhere, unless the log is broken
  private boolean append() {
    CrashPoint.BEFORE_APPEND.pass();
    try {
      forcing.append();
    } catch (IOException e) {
      takeBack();
      if (!log.broken()) {
        log.group().clear();
      }
      refuse(e);
      return false;
    }
    checkpoints.appended();
    CrashPoint.AFTER_APPEND.pass();
    return true;
  }

  /// @return false if the force failed: the group is in the log, perhaps, and nowhere else
  private boolean forceIfNeeded() {
    if (!forced && !forcing.due()) {
      log.tell();
      return true;
    }
    try {
      long start = System.nanoTime();
      forcing.force();
      company.forced(System.nanoTime() - start);
      CrashPoint.AFTER_FORCE.pass();
      return true;
    } catch (IOException e) {
      takeBack();
      refuse(e);
      return false;
    }
  }

  /// Lets go what the open transaction and the ledger have of the group.
  void takeBack() {
    rows.rollback();
    ledger.discard();
  }

  /// The log failed: refuses the callers of the group.
  private void refuse(IOException e) {
    forcing.seen(e);
    fail(LogFiles.broken("The store cannot write now", e));
  }

  /// Refuses the callers of the group, if there is one.
  void fail(RuntimeException why) {
    group.forEach(each -> each.fail(why));
    group.clear();
  }

  private void answer() {
    company.answered(group.size(), line.size());
    group.forEach(Waiting::answer);
    group.clear();
  }
}
