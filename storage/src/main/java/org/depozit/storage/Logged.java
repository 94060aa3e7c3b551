package org.depozit.storage;

import java.io.IOException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits by way of the log, for H2: log first, database second (`docs/adr/0002-log-first.md`).
/// One writer, a platform thread that nobody interrupts, takes what waits as a group: each proposal
/// is worked out and applied in a savepoint of one transaction; the group is appended to the log
/// and forced once; the transaction is committed, which forces nothing; the new views are
/// published; then all are answered. While a group is on its way to the disk the next one gathers
/// by itself.
///
/// Between groups the same thread writes rows of flag changes, and of changes of very many rows, in
/// slices ([PendingRows], `docs/adr/0008-bulk-changes.md`), forces what was answered without a
/// force ([Forcing]), and takes the [Checkpoints].
///
/// A disk error takes the group back and refuses its callers; reading goes on, and writing when the
/// log can go on ([Forcing]). Only a failure of the database itself stops writing until the store
/// is opened again ([Stop]).
final class Logged implements Commits {
  private static final Logger LOGGER = LoggerFactory.getLogger(Logged.class);

  private static final long REST_AGAIN = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long IDLE = TimeUnit.HOURS.toNanos(1);

  private final Log log;
  private final Rows rows;
  private final Ledger ledger;
  private final StoreLimits limits;
  private final boolean flagsForced;
  private final long quietNanos;
  private final LinkedBlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final Stop stop = new Stop();
  private final Forcing forcing;
  private final PendingRows pending;
  private final Checkpoints checkpoints;

  // The writer's own.
  private final List<Waiting<?>> group = new ArrayList<>();
  private final Company company = new Company();
  private boolean groupForced;
  private long rested = -1;

  /// Starts the writer.
  ///
  /// @param log recovered; closed with this
  /// @param flagsForced whether flag changes wait for the force too
  Logged(Log log, Rows rows, Ledger ledger, StoreLimits limits, boolean flagsForced) {
    this.log = log;
    this.rows = rows;
    this.ledger = ledger;
    this.limits = limits;
    this.flagsForced = flagsForced;
    this.quietNanos = TimeUnit.MILLISECONDS.toNanos(limits.space().quietMillis());
    this.forcing = new Forcing(log, stop);
    this.pending = new PendingRows(rows, ledger, limits.bulk(), stop);
    this.checkpoints = new Checkpoints(log, rows, limits, forcing, pending, stop);
    Thread.ofPlatform().daemon().name("depozit-writer").start(this::write);
  }

  @Override
  public <R> R submit(Proposal<R> proposal) {
    if (stop.closing()) {
      // Else callers who go on and on would keep the writer from its end.
      throw stop.refusal();
    }
    Waiting<R> waiting = new Waiting<>(proposal);
    queue.add(waiting);
    // The writer empties the queue after it has said that it stopped: one of the two sees the
    // other.
    if (stop.stopped() && queue.remove(waiting)) {
      throw stop.refusal();
    }
    return waiting.await();
  }

  /// Has the writer go round although nobody proposes anything.
  private void wake() {
    queue.add(new Waiting<>(_ -> Outcome.nothing(true)));
  }

  @Override
  public void awaitForced(long logPosition) {
    if (log.forced() < logPosition) {
      forcing.want(logPosition);
      // The writer may be waiting for more flag changes to force with these.
      wake();
      forcing.await(logPosition);
    }
  }

  @Override
  public void awaitRows() {
    pending.await(submit(_ -> Outcome.nothing(log.position())));
  }

  @Override
  public void awaitRoom() {
    pending.awaitRoom();
  }

  @Override
  public void awaitFlagsRoom() {
    pending.awaitFlagsRoom();
  }

  @Override
  public CompletableFuture<String> failure() {
    return stop.failure();
  }

  @Override
  public Checkpoint confirmed() {
    return checkpoints.confirmed();
  }

  @Override
  public long stored() {
    return checkpoints.stored();
  }

  @Override
  public void close() {
    stop.close();
    wake();
    boolean inOrder = ended.join();
    LOGGER.debug("The writer has ended, in order: {}", inOrder);
  }

  /// The writer's life.
  private void write() {
    boolean inOrder = false;
    try {
      while (!stop.stopped() && !(stop.closing() && queue.isEmpty())) {
        round();
      }
      if (!stop.stopped() && forcing.forcedAll()) {
        pending.finish(TimeUnit.MILLISECONDS.toNanos(limits.bulk().closeMillis()));
        checkpoints.take(true);
        inOrder = true;
      }
    } catch (Throwable e) {
      stop.fail(e);
      giveUp();
    } finally {
      end();
      ended.complete(inOrder);
    }
  }

  /// Lets the rows go that the open transaction has locked.
  private void giveUp() {
    try {
      takeBack();
    } catch (RuntimeException e) {
      LOGGER.error("The database has failed too", e);
    }
  }

  private void end() {
    stop.end();
    fail(group, stop.refusal());
    List<Waiting<?>> late = new ArrayList<>();
    queue.drainTo(late);
    fail(late, stop.refusal());
    forcing.tell();
    try {
      log.close();
    } catch (IOException e) {
      LOGGER.warn("The log could not be closed", e);
    }
  }

  private void round() {
    Waiting<?> first = next(longestWait());
    if (first != null) {
      commit(first);
      pending.came();
    }
    if (!stop.stopped() && (forcing.due() || quiet() || log.broken())) {
      boolean _ = forcing.forcedAll();
    }
    if (!stop.stopped() && pending.due(!queue.isEmpty()) == 0) {
      pending.slice();
    }
    if (!stop.stopped() && checkpoints.dueNow()) {
      checkpoints.take(false);
      // Its pages stand in their journal, also those of a file that was made shorter.
      rested = -1;
    }
    if (!stop.stopped() && restDue()) {
      rest();
    }
  }

  private @Nullable Waiting<?> next(long nanos) {
    try {
      return queue.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Nobody here interrupts a thread; whoever around us did may not have stopped the writer. The
      // mark is cleared.
      return null;
    }
  }

  private long longestWait() {
    long slice = pending.due(!queue.isEmpty());
    if (log.broken()) {
      return Math.min(slice, Log.AGAIN);
    }
    long later = checkpoints.due().orElseGet(this::restWait);
    return Math.min(Math.min(slice, later), forcing.dueIfQuiet());
  }

  private long restWait() {
    return rested == log.position() ? IDLE : Math.max(REST_AGAIN, quietNanos - forcing.calm());
  }

  /// Whether what is in the log and not forced has nobody coming behind it.
  private boolean quiet() {
    return queue.isEmpty() && forcing.dueIfQuiet() <= 0;
  }

  private boolean restDue() {
    return rested != log.position()
        && checkpoints.due().isEmpty()
        && rows.backlog().isEmpty()
        && !rows.fileSpace().running()
        && !log.broken()
        && forcing.calm() >= quietNanos;
  }

  /// Nobody has written for a while: the unused end of the log is given back, and the journal of
  /// the database's pages.
  private void rest() {
    rested = log.position();
    try {
      if (log.rest()) {
        checkpoints.moved();
      }
      rows.rest();
    } catch (IOException e) {
      LOGGER.warn("The room that the log and the database do not use cannot be given back", e);
    }
  }

  private void commit(Waiting<?> first) {
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
    groupForced = flagsForced;
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
    Waiting<?> each = queue.poll();
    boolean worth = each == null && groupForced && !log.group().isEmpty();
    long wait = worth ? company.worth(group.size()) : 0;
    return wait == 0 ? each : next(wait);
  }

  /// Works out one proposal and applies it; takes back what it did if it fails, and fails its
  /// caller alone.
  private void propose(Waiting<?> waiting) {
    Group.Mark mark = log.group().mark();
    int before = ledger.mark();
    int late = rows.backlog().mark();
    Optional<Savepoint> savepoint = Optional.empty();
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
        groupForced |= outcome.forced();
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
    if (!groupForced && !forcing.due()) {
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

  private void takeBack() {
    rows.rollback();
    ledger.discard();
  }

  /// The log failed: refuses the callers of the group.
  private void refuse(IOException e) {
    forcing.seen(e);
    fail(group, LogFiles.broken("The store cannot write now", e));
  }

  private void answer() {
    company.answered(group.size(), queue.size());
    group.forEach(Waiting::answer);
    group.clear();
  }

  private static void fail(List<Waiting<?>> waiting, RuntimeException why) {
    waiting.forEach(each -> each.fail(why));
    waiting.clear();
  }
}
