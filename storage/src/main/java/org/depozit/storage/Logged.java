package org.depozit.storage;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits by way of the log, for H2: log first, database second (`docs/adr/0002-log-first.md`).
/// There is one writer at any time, whoever has the *turn*. What waits is taken as a group
/// ([GroupCommit]); while one is on its way to the disk the next one gathers by itself.
///
/// Who finds nobody before him takes the turn and commits what he brings on his own thread: nobody
/// has to be woken for it. Everybody else stands in the [Line] and joins his group, or the next one
/// of the writer's own thread, a platform thread that nobody interrupts. Between groups that thread
/// writes rows of flag changes, and of changes of very many rows, in slices ([PendingRows],
/// `docs/adr/0008-bulk-changes.md`), forces what was answered without a force ([Forcing]), and
/// takes the [Checkpoints].
///
/// A disk error takes the group back and refuses its callers; reading goes on, and writing when the
/// log can go on ([Forcing]). Only a failure of the database itself stops writing until the store
/// is opened again ([Stop]).
final class Logged implements Commits {
  private static final Logger LOGGER = LoggerFactory.getLogger(Logged.class);

  private static final long REST_AGAIN = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long IDLE = TimeUnit.HOURS.toNanos(1);

  /// The writer's thread is not woken to be at something so little earlier.
  private static final long EARLIER = TimeUnit.MICROSECONDS.toNanos(500);

  private final Log log;
  private final Rows rows;
  private final StoreLimits limits;
  private final long quietNanos;
  private final Line line = new Line();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final Stop stop = new Stop();
  private final Forcing forcing;
  private final PendingRows pending;
  private final Checkpoints checkpoints;
  private final GroupCommit groups;

  /// Held by the writer, but while its thread waits for something to do. Everything that belongs to
  /// the writer is guarded by it.
  private final ReentrantLock turn = new ReentrantLock();

  /// Until when the writer's thread waits if nobody comes, by [System#nanoTime].
  private long waitsUntil = System.nanoTime();

  private long rested = -1;

  /// Starts the writer.
  ///
  /// @param log recovered; closed with this
  /// @param flagsForced whether flag changes wait for the force too
  Logged(Log log, Rows rows, Ledger ledger, StoreLimits limits, boolean flagsForced) {
    this.log = log;
    this.rows = rows;
    this.limits = limits;
    this.quietNanos = TimeUnit.MILLISECONDS.toNanos(limits.space().quietMillis());
    this.forcing = new Forcing(log, stop);
    this.pending = new PendingRows(rows, ledger, limits.bulk(), stop);
    this.checkpoints = new Checkpoints(log, rows, limits, forcing, pending, stop);
    this.groups =
        new GroupCommit(
            line, log, rows, ledger, limits, flagsForced, forcing, pending, checkpoints);
    Thread.ofPlatform().daemon().name("depozit-writer").start(this::write);
  }

  @Override
  public <R> R submit(Proposal<R> proposal) {
    if (stop.closing()) {
      // Else callers who go on and on would keep the writer from its end.
      throw stop.refusal();
    }
    Waiting<R> waiting = new Waiting<>(proposal);
    if (!committedHere(waiting)) {
      line.add(waiting);
      // The writer empties the line after it has said that it stopped: one of the two sees the
      // other.
      if (stop.stopped() && line.remove(waiting)) {
        throw stop.refusal();
      }
    }
    return waiting.await();
  }

  /// Commits on the caller's thread if the writer has nothing to do.
  ///
  /// @return false if it has, or has ended
  private boolean committedHere(Waiting<?> waiting) {
    if (turn.isHeldByCurrentThread()) {
      throw new IllegalStateException("a proposal proposes nothing itself");
    }
    // Who waits for the turn was here before. A thread that is interrupted would have its files
    // closed under it.
    if (!line.isEmpty()
        || turn.hasQueuedThreads()
        || Thread.currentThread().isInterrupted()
        || !turn.tryLock()) {
      return false;
    }
    try {
      return !stop.stopped() && committed(waiting);
    } finally {
      turn.unlock();
    }
  }

  /// Has the turn. What fails here is the writer's failure, as on its own thread.
  private boolean committed(Waiting<?> waiting) {
    try {
      groups.commit(waiting);
      pending.came();
      if (wanted()) {
        wake();
      }
    } catch (Throwable e) {
      try {
        failed(e);
      } finally {
        wake();
      }
    }
    return true;
  }

  /// Whether the writer's thread has something to do before it looks by itself: what came may have
  /// filled the heap or the log, be the first that is to be forced soon, or have failed. And a wake
  /// that stood in the line may have been taken out of it with the others who wait.
  private boolean wanted() {
    return stop.closing()
        || log.broken()
        || checkpoints.dueNow()
        || waitsUntil - System.nanoTime() > longestWait() + EARLIER;
  }

  /// Has the writer's thread go round although nobody proposes anything.
  private void wake() {
    line.add(new Waiting<>(_ -> Outcome.nothing(true)));
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

  /// The life of the writer's thread.
  private void write() {
    boolean inOrder = false;
    turn.lock();
    try {
      while (!stop.stopped() && !(stop.closing() && line.isEmpty())) {
        round();
      }
      if (!stop.stopped() && forcing.forcedAll()) {
        pending.finish(TimeUnit.MILLISECONDS.toNanos(limits.bulk().closeMillis()));
        checkpoints.take(true);
        inOrder = true;
      }
    } catch (Throwable e) {
      failed(e);
    } finally {
      end();
      turn.unlock();
      ended.complete(inOrder);
    }
  }

  private void failed(Throwable e) {
    stop.fail(e);
    try {
      // Lets the rows go that the open transaction has locked.
      groups.takeBack();
    } catch (RuntimeException also) {
      LOGGER.error("The database has failed too", also);
    }
  }

  private void end() {
    stop.end();
    groups.fail(stop.refusal());
    line.all().forEach(late -> late.fail(stop.refusal()));
    forcing.tell();
    try {
      log.close();
    } catch (IOException e) {
      LOGGER.warn("The log could not be closed", e);
    }
  }

  private void round() {
    Waiting<?> first = next();
    if (first != null && stop.stopped()) {
      // Whoever had the turn meanwhile has failed.
      first.fail(stop.refusal());
    } else if (first != null) {
      groups.commit(first);
      pending.came();
    }
    if (!stop.stopped() && (forcing.due() || quiet() || log.broken())) {
      boolean _ = forcing.forcedAll();
    }
    if (!stop.stopped() && pending.due(!line.isEmpty()) == 0) {
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

  /// The next who waits. Others may have the turn while nobody does.
  private @Nullable Waiting<?> next() {
    Waiting<?> first = line.next();
    if (first != null) {
      return first;
    }
    long nanos = longestWait();
    waitsUntil = System.nanoTime() + nanos;
    turn.unlock();
    try {
      line.await(nanos);
    } finally {
      turn.lock();
    }
    return line.next();
  }

  private long longestWait() {
    long slice = pending.due(!line.isEmpty());
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
    return line.isEmpty() && forcing.dueIfQuiet() <= 0;
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
}
