package org.depozit.storage;

import java.io.IOException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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
/// Rows of flag changes, and of changes of very many rows, follow between groups, in slices
/// ([Backlog], `docs/adr/0008-bulk-changes.md`).
///
/// The same thread takes the checkpoints, between groups: the log forced, the database forced, the
/// checkpoint's file, which names the place before the oldest change whose rows are pending.
///
/// A disk error takes the group back and refuses its callers; reading goes on. After a failed force
/// nobody knows what is on the disk: the log goes on in another segment ([Log#mend]), at once if
/// the disk takes it, else when it does, which is tried once a second. Only a failure of the
/// database itself stops writing until the store is opened again.
final class Logged implements Commits {
  private static final Logger LOGGER = LoggerFactory.getLogger(Logged.class);

  /// How long flag changes may wait for their force while other changes keep coming.
  private static final long FLAGS_WAIT = TimeUnit.MILLISECONDS.toNanos(50);

  /// How much the log may run ahead of the last checkpoint; for how long say its limits.
  private static final long CHECKPOINT_OCTETS = 64L << 20;

  /// How long nothing may come until flag changes are forced: who sends one after the other, each
  /// answered first, shares a force with himself.
  private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(2);

  /// How long the writer writes pending rows at a time; their commit takes half as long again.
  private static final long SLICE = TimeUnit.MICROSECONDS.toNanos(600);

  /// The same when nothing else is to be done before them.
  private static final long LONG_SLICE = TimeUnit.MILLISECONDS.toNanos(25);

  /// How often who waits for pending rows looks.
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(2);

  /// Pending rows written after which the database is forced, so that no checkpoint has so many
  /// pages to write that those who wait for it notice.
  private static final int CHECKPOINT_ROWS = 5_000;

  private static final long REST_AGAIN = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long IDLE = TimeUnit.HOURS.toNanos(1);

  private final Log log;
  private final Rows rows;
  private final Ledger ledger;
  private final StoreLimits limits;
  private final boolean flagsForced;
  private final LinkedBlockingQueue<Waiting<?>> queue = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final CompletableFuture<String> failure = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition forcedMore = lock.newCondition();

  private final long quietNanos;

  private volatile boolean closing;
  private volatile Optional<String> stopped = Optional.empty();
  private volatile long wanted;
  private volatile Checkpoint confirmed;
  private volatile long stored;

  /// Rows pending, about.
  private volatile long pending;

  /// Flags that a replay would have to read again.
  private volatile long flagsTold;

  /// The log's position up to which all rows are written.
  private volatile long rowsUpTo = Long.MAX_VALUE;

  private final Pace pace = new Pace();

  /// Whether the log failed and cannot go on yet.
  private volatile boolean failing;

  // The writer's own.
  private final List<Waiting<?>> group = new ArrayList<>();
  private boolean groupForced;
  private long unforcedSince;
  private long dirtySince;
  private long checkpointed;
  private long checkpointedOctets;
  private boolean postponed;
  private long sliced;
  private long mendTried = System.nanoTime() - Log.AGAIN;
  private final Trouble logTrouble = new Trouble("The log cannot be written");
  private final Trouble checkpointTrouble = new Trouble("No checkpoint can be taken");
  private long rested = -1;
  private long appendedAt = System.nanoTime();

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
    this.stored = log.position();
    this.confirmed = rows.backlog().replayFrom(log.checkpoint(false));
    this.checkpointed = confirmed.sequence();
    sayPending();
    Thread.ofPlatform().daemon().name("depozit-writer").start(this::write);
  }

  @Override
  public <R> R submit(Proposal<R> proposal) {
    if (closing) {
      // Else callers who go on and on would keep the writer from its end.
      throw refusal();
    }
    Waiting<R> waiting = new Waiting<>(proposal);
    queue.add(waiting);
    // The writer empties the queue after it has said that it stopped: one of the two sees the
    // other.
    if (stopped.isPresent() && queue.remove(waiting)) {
      throw refusal();
    }
    return waiting.await();
  }

  private Refused refusal() {
    return new Refused(Refused.Reason.UNAVAILABLE, stopped.orElse("The store cannot write now"));
  }

  @Override
  public void awaitForced(long logPosition) {
    if (log.forced() >= logPosition) {
      return;
    }
    lock.lock();
    try {
      wanted = Math.max(wanted, logPosition);
      // The writer may be waiting for more flag changes to force with these.
      queue.add(new Waiting<>(_ -> Outcome.nothing(true)));
      while (log.forced() < logPosition) {
        if (stopped.isPresent() || failing) {
          throw refusal();
        }
        forcedMore.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitRows() {
    long position = submit(ledger -> Outcome.nothing(log.position()));
    await(() -> rowsUpTo >= position);
  }

  @Override
  public void awaitRoom() {
    await(() -> {
      if (pace.failing()) {
        throw refusal();
      }
      return pending <= 2L * limits.bulk().backlogRows();
    });
  }

  @Override
  public void awaitFlagsRoom() {
    // If the database fails there is room in the log all the same.
    await(() -> pace.failing() || flagsTold <= limits.bulk().flagsTold());
  }

  /// Asking the writer would look like somebody who sends one change after the other.
  private void await(BooleanSupplier there) {
    if (there.getAsBoolean()) {
      return;
    }
    pace.hurry();
    try {
      while (!there.getAsBoolean()) {
        if (stopped.isPresent() || closing) {
          throw refusal();
        }
        LockSupport.parkNanos(LOOK);
      }
    } finally {
      pace.leave();
    }
  }

  @Override
  public CompletableFuture<String> failure() {
    return failure;
  }

  @Override
  public Checkpoint confirmed() {
    return confirmed;
  }

  @Override
  public long stored() {
    return stored;
  }

  @Override
  public void close() {
    closing = true;
    queue.add(new Waiting<>(_ -> Outcome.nothing(true)));
    boolean inOrder = ended.join();
    LOGGER.debug("The writer has ended, in order: {}", inOrder);
  }

  /// The writer's life.
  private void write() {
    boolean inOrder = false;
    try {
      while (stopped.isEmpty() && !(closing && queue.isEmpty())) {
        round();
      }
      if (stopped.isEmpty() && forcedAll()) {
        finishRows();
        checkpoint(true);
        inOrder = true;
      }
    } catch (Throwable e) {
      stop(e);
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
    if (stopped.isEmpty()) {
      stopped = Optional.of("The store is closed");
    }
    fail(group, refusal());
    List<Waiting<?>> late = new ArrayList<>();
    queue.drainTo(late);
    fail(late, refusal());
    tellForced();
    try {
      log.close();
    } catch (IOException e) {
      LOGGER.warn("The log could not be closed", e);
    }
  }

  private void round() throws IOException {
    Waiting<?> first = next();
    if (first != null) {
      commit(first);
      pace.came();
    }
    if (stopped.isEmpty() && (forceDue() || quiet() || log.broken())) {
      boolean _ = forcedAll();
    }
    if (stopped.isEmpty() && slicesDue() == 0) {
      boolean _ = slice(SLICE);
    }
    if (stopped.isEmpty() && checkpointDue()) {
      checkpoint(false);
    }
    if (stopped.isEmpty() && restDue()) {
      rest();
    }
  }

  private boolean restDue() {
    return rested != log.position()
        && log.position() == checkpointed
        && rows.backlog().isEmpty()
        && !log.broken()
        && System.nanoTime() - appendedAt >= quietNanos;
  }

  private @Nullable Waiting<?> next() {
    try {
      return queue.poll(Math.max(0, longestWait()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Nobody here interrupts a thread; whoever around us did may not have stopped the writer. The
      // mark is cleared.
      return null;
    }
  }

  private long longestWait() {
    boolean dirty = log.position() > checkpointed || postponed;
    long rest = Math.max(REST_AGAIN, appendedAt + quietNanos - System.nanoTime());
    long idle = rested == log.position() ? IDLE : rest;
    long longest = dirty ? dirtySince + checkpointWait() - System.nanoTime() : idle;
    longest = Math.min(longest, slicesDue());
    if (log.broken()) {
      longest = Math.min(slicesDue(), Log.AGAIN);
    } else if (log.forced() < log.position()) {
      longest = Math.min(longest, appendedAt + QUIET - System.nanoTime());
    }
    return longest;
  }

  /// Whether what is in the log and not forced has nobody coming behind it.
  private boolean quiet() {
    return log.forced() < log.position()
        && queue.isEmpty()
        && System.nanoTime() - appendedAt >= QUIET;
  }

  /// How many nanoseconds from now the next pending rows are to be written.
  private long slicesDue() {
    return pace.due(rows.backlog(), !queue.isEmpty());
  }

  /// @return whether it was written
  private boolean slice(long nanos) {
    long start = System.nanoTime();
    boolean written = false;
    try {
      sliced += rows.slice(nanos);
      ledger.written();
      CrashPoint.AFTER_SLICE.pass();
      written = true;
    } catch (Refused refused) {
      LOGGER.error("Rows cannot be written now", refused);
      stopIfDead(refused);
      ledger.unwritten();
    }
    pace.sliced(start, written);
    sayPending();
    return written;
  }

  private void sayPending() {
    pending = rows.backlog().rows();
    flagsTold = rows.backlog().flagsTold();
    rowsUpTo = rows.backlog().oldest().map(Checkpoint::sequence).orElse(Long.MAX_VALUE);
  }

  /// The store is closing: brings the rows that are pending, for a while. What is left the log has.
  private void finishRows() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.bulk().closeMillis());
    boolean written = true;
    while (written && !rows.backlog().isEmpty() && System.nanoTime() < end) {
      written = slice(LONG_SLICE);
    }
  }

  /// Nobody has written for a while: the unused end of the log is given back, and the journal of
  /// the database's pages.
  private void rest() {
    rested = log.position();
    try {
      if (log.rest()) {
        write(log.checkpoint(false));
      }
      rows.rest();
    } catch (IOException e) {
      LOGGER.warn("The room that the log and the database do not use cannot be given back", e);
    }
  }

  private void commit(Waiting<?> first) {
    group.add(first);
    try {
      mendIfBroken();
      log.begin();
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
      sayPending();
      CrashPoint.AFTER_PUBLISH.pass();
      answer();
    }
  }

  /// Works out the first and what else waits, up to the bounds of a group.
  private void gather(Waiting<?> first) {
    groupForced = flagsForced;
    propose(first);
    Waiting<?> each;
    while (group.size() < limits.groupChanges()
        && log.group().length() < limits.groupOctets()
        && (each = queue.poll()) != null) {
      group.add(each);
      propose(each);
    }
  }

  /// Works out one proposal and applies it; takes back what it did if it fails, and fails its
  /// caller alone.
  private void propose(Waiting<?> waiting) {
    Group.Mark mark = log.group().mark();
    Object before = ledger.mark();
    int pending = rows.backlog().mark();
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
      rows.backlog().truncate(pending);
      ledger.rollback(before);
      log.group().truncate(mark);
      group.removeLast();
      waiting.fail(e);
    }
  }

  private boolean append() {
    CrashPoint.BEFORE_APPEND.pass();
    boolean forcedSoFar = log.forced() == log.position();
    try {
      long position = log.append();
      long now = System.nanoTime();
      appendedAt = now;
      unforcedSince = forcedSoFar ? now : unforcedSince;
      dirtySince = position == checkpointed + 1 ? now : dirtySince;
    } catch (IOException e) {
      takeBack();
      if (!log.broken()) {
        log.group().clear();
      }
      refuse(e);
      return false;
    }
    CrashPoint.AFTER_APPEND.pass();
    return true;
  }

  /// @return false if the force failed: the group is in the log, perhaps, and nowhere else
  private boolean forceIfNeeded() {
    if (!groupForced && !forceDue()) {
      log.tell();
      return true;
    }
    try {
      force();
      CrashPoint.AFTER_FORCE.pass();
      return true;
    } catch (IOException e) {
      takeBack();
      refuse(e);
      return false;
    }
  }

  /// The log failed: refuses the callers of the group.
  private void refuse(IOException e) {
    logTrouble.seen(e);
    fail(group, LogFiles.broken("The store cannot write now", e));
  }

  /// Goes on after a failed force, if it is time to try.
  private void mendIfBroken() throws IOException {
    if (!log.broken()) {
      return;
    }
    if (System.nanoTime() - mendTried < Log.AGAIN) {
      throw new IOException("the disk has failed");
    }
    mendTried = System.nanoTime();
    log.mend();
    logTrouble.over();
    failing = false;
    tellForced();
  }

  /// @return false if the log cannot be forced now
  private boolean forcedAll() {
    try {
      mendIfBroken();
      force();
    } catch (IOException e) {
      logTrouble.seen(e);
      mendOrSay();
    }
    return !log.broken();
  }

  private void mendOrSay() {
    try {
      mendIfBroken();
    } catch (IOException e) {
      failing = true;
      tellForced();
    }
  }

  private void takeBack() {
    rows.rollback();
    ledger.discard();
  }

  /// Whether what is in the log must go to the disk now although more waits.
  private boolean forceDue() {
    return log.forced() < log.position()
        && (wanted > log.forced() || System.nanoTime() - unforcedSince > FLAGS_WAIT);
  }

  private void force() throws IOException {
    if (log.forced() < log.position()) {
      log.force();
      logTrouble.over();
      tellForced();
    }
  }

  private void tellForced() {
    lock.lock();
    try {
      forcedMore.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean checkpointDue() {
    if (log.broken()) {
      return false;
    }
    // One that was refused is tried again although nobody writes: the heap has its pages.
    if ((log.position() > checkpointed || postponed)
        && System.nanoTime() - dirtySince >= checkpointWait()) {
      return true;
    }
    return !postponed
        && (rows.full()
            || sliced >= CHECKPOINT_ROWS
            || log.octets() - checkpointedOctets >= CHECKPOINT_OCTETS);
  }

  private long checkpointWait() {
    return TimeUnit.MILLISECONDS.toNanos(limits.checkpointMillis());
  }

  private void checkpoint(boolean clean) throws IOException {
    long start = System.nanoTime();
    boolean slices = sliced > 0;
    if (!forcedAll() || !databaseForced()) {
      return;
    }
    if (slices) {
      pace.forced(start);
    }
    CrashPoint.BEFORE_CHECKPOINT_FILE.pass();
    Checkpoint now = log.checkpoint(clean);
    stored = now.sequence();
    Checkpoint place = rows.backlog().replayFrom(now);
    checkpointed = place.sequence();
    checkpointedOctets = log.octets();
    dirtySince = System.nanoTime();
    write(place);
    CrashPoint.AFTER_CHECKPOINT_FILE.pass();
  }

  private void write(Checkpoint place) {
    try {
      place.write(log.files());
      confirmed = place;
      checkpointTrouble.over();
    } catch (IOException e) {
      // The one before still holds: recovery only has more to replay.
      checkpointTrouble.seen(e);
    }
  }

  /// @return false if the disk is full, say: the log has it all, and the time for a checkpoint
  ///   comes again
  private boolean databaseForced() {
    try {
      rows.checkpoint();
      postponed = false;
      sliced = 0;
    } catch (Refused e) {
      stopIfDead(e);
      checkpointTrouble.seen(e);
      postponed = true;
      dirtySince = System.nanoTime();
    }
    return !postponed;
  }

  private void answer() {
    group.forEach(Waiting::answer);
    group.clear();
  }

  private static void fail(List<Waiting<?>> waiting, RuntimeException why) {
    waiting.forEach(each -> each.fail(why));
    waiting.clear();
  }

  /// H2 has closed its database, as it does when it finds itself broken: trying again does not
  /// help.
  private void stopIfDead(Refused e) {
    if (rows.dead()) {
      stop(e);
    }
  }

  private void stop(Throwable cause) {
    String why = "The store has failed and cannot write until it is opened again";
    LOGGER.error(why, cause);
    stopped = Optional.of(why);
    failure.complete(why);
  }
}
