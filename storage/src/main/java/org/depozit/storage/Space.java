package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives space back while serving: a thread of its own that now and then looks for segments that
/// are dead for a good part, has what still holds carried forward, and deletes them once the
/// database on the disk knows the bodies' new places; and for big bodies that no row names
/// (`docs/adr/0009-space.md`, `docs/operating.md`).
///
/// A file that somebody reads is read to its end whatever becomes of its name. Who has read a row
/// and not opened the file yet reads the row again ([Bodies]).
final class Space implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Space.class);

  /// How long a segment's checkpoint is waited for before the next look.
  private static final long CHECKPOINT_WAIT = TimeUnit.SECONDS.toNanos(10);

  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(20);

  /// How many times as long as a look it rests after it: a look asks how much of each segment is
  /// named.
  private static final int REST = 50;

  /// The same for surveys, which ask about every message of a segment, but only if much of it went.
  private static final int SURVEY_REST = 4;

  /// Octets carried forward after which what they leave is deleted before more is carried: the log
  /// gets longer by them first.
  private static final long AT_ONCE = 64L << 20;

  /// A survey is made again when the log has grown by this part of all segments.
  private static final int GROWN = 4;

  /// The database's file is made shorter again when what is dead has grown by this part.
  private static final int LEFT_GROWN = 8;

  private final Workings workings;
  private final LogFiles files;
  private final SpaceLimits limits;
  private final FileSpace file;
  private final CopyTrail trail;
  private final BigBodies bigBodies;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();
  private volatile boolean closing;

  // The thread's own.
  private final Map<Long, Known> known = new HashMap<>();

  /// Segments whose facts were carried, with the position up to which the database must be stored.
  private final TreeMap<Long, Emptied> emptied = new TreeMap<>();

  /// Octets carried since segments were last deleted.
  private long carried;

  /// Octets of the database's file that were dead after it was last made shorter.
  private long left;

  private long lookedAt = -1;

  /// Whether the last look did not do all it was there for: the next one does, though nobody writes
  /// meanwhile.
  private boolean again;

  /// What fails, by what it is.
  private final Map<String, Trouble> troubles = new HashMap<>();

  /// How long to rest after the last look, in nanoseconds.
  private long rest;

  /// What a survey found, and when.
  private record Known(Survey survey, Loads.Bodies bodies, long newest) {
    /// Octets that lived for each body, beside it: what tells of the message.
    long perBody() {
      return Math.max(0, survey.alive() - bodies.octets()) / bodies.count();
    }
  }

  /// @param told whether the log says already that it is gone
  private record Emptied(Change.SegmentDropped dropped, long position, boolean told) {}

  /// Something that may fail by itself.
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /// Starts looking.
  ///
  /// @param file the database's
  Space(Workings workings, LogFiles files, FileSpace file) {
    this.workings = workings;
    this.files = files;
    this.file = file;
    this.trail = new CopyTrail(files);
    this.bigBodies = new BigBodies(workings, files);
    this.limits = workings.limits().space();
    Thread.ofPlatform().daemon().name("depozit-space").start(this::run);
  }

  @Override
  public void close() {
    closing = true;
    lock.lock();
    try {
      ended.signalAll();
    } finally {
      lock.unlock();
    }
    done.join();
  }

  private void run() {
    try {
      while (!closing) {
        await(Math.max(TimeUnit.MILLISECONDS.toNanos(limits.lookMillis()), rest));
        if (!closing) {
          lookSafely();
        }
      }
    } finally {
      done.complete(true);
    }
  }

  private void await(long nanos) {
    long left = nanos;
    lock.lock();
    try {
      while (!closing && left > 0) {
        left = ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody here interrupts a thread; the mark is cleared.
      LOGGER.debug("Looking for space early", e);
    } finally {
      lock.unlock();
    }
  }

  private void lookSafely() {
    String what = "No space can be given back";
    try {
      look();
      over(what);
    } catch (IOException | RuntimeException e) {
      // No room for what is carried, or the writer has stopped: there will be another time.
      seen(what, e);
    }
  }

  /// Does one thing of several.
  ///
  /// @param otherwise what is said if it fails
  /// @return false if it failed: the others are done all the same
  /// @throws Refused UNAVAILABLE: nothing can be read or written, the others neither
  private boolean tried(String otherwise, Work work) {
    try {
      work.run();
      over(otherwise);
      return true;
    } catch (Refused e) {
      if (e.reason() == Refused.Reason.UNAVAILABLE) {
        throw e;
      }
      seen(otherwise, e);
    } catch (IOException | RuntimeException e) {
      seen(otherwise, e);
    }
    return false;
  }

  private void seen(String what, Exception why) {
    troubles.computeIfAbsent(what, Trouble::new).seen(why);
  }

  private void over(String what) {
    Optional.ofNullable(troubles.remove(what)).ifPresent(Trouble::over);
  }

  /// One look, if there is news since the last one.
  private void look() throws IOException {
    Checkpoint confirmed = workings.commits().confirmed();
    boolean quiet = confirmed.sequence() == lookedAt;
    if (!quiet || again || !emptied.isEmpty() || bigBodies.waiting()) {
      lookAtLog(confirmed);
    }
    if (!closing) {
      shrink(quiet ? limits.fileDeadPercent() : 2 * limits.fileDeadPercent());
    }
  }

  /// What the last run could not give back is no reason for another one.
  private void shrink(int deadPercent) {
    FileSpace.Share share = file.share();
    if (share.deadPercent() >= deadPercent && share.dead() > left + left / LEFT_GROWN) {
      if (new Shrinking(workings, file, this::await, () -> closing).run()) {
        left = file.share().dead();
      }
    }
  }

  private void lookAtLog(Checkpoint confirmed) throws IOException {
    lookedAt = confirmed.sequence();
    again = true;
    rest = 0;
    long start = System.nanoTime();
    boolean all = tried("Big bodies cannot be removed", () -> bigBodies.remove(confirmed));
    rest += REST * (System.nanoTime() - start);
    for (long segment : sealed(confirmed)) {
      if (closing) {
        return;
      }
      all &= tried("Segment " + segment + " stays as it is", () -> look(segment));
      if (carried >= AT_ONCE) {
        dropEmptied();
      }
    }
    dropEmptied();
    again = !all;
  }

  private void dropEmptied() throws IOException {
    carried = 0;
    if (!emptied.isEmpty()) {
      awaitCheckpoint();
      drop();
    }
  }

  private void look(long segment) throws IOException {
    if (!emptied.containsKey(segment) && isWorthIt(segment)) {
      // If it fails half-way it is read whole before anything of it is carried once more.
      known.remove(segment);
      carry(segment);
    }
  }

  /// The segments that neither the writer nor recovery needs.
  private List<Long> sealed(Checkpoint confirmed) throws IOException {
    return files.segments().stream().filter(number -> number < confirmed.segment()).toList();
  }

  private boolean isOldest(long segment) throws IOException {
    return files.segments().getFirst() == segment;
  }

  private boolean isWorthIt(long segment) throws IOException {
    long start = System.nanoTime();
    long size = files.length(segment);
    Loads.Bodies bodies = workings.db().read(c -> Loads.bodiesIn(c, segment));
    rest += REST * (System.nanoTime() - start);
    if (100 * (size - aliveAtLeast(bodies)) < limits.deadPercent() * size) {
      return false;
    }
    Known before = known.get(segment);
    if (before == null || isOld(before, bodies, size)) {
      Optional<Survey> survey = survey(segment);
      if (survey.isEmpty()) {
        return false;
      }
      before = new Known(survey.get(), bodies, files.last());
      known.put(segment, before);
    }
    return !before.survey.damaged() && before.survey.deadPercent() >= limits.deadPercent();
  }

  /// Without a survey: with each body lives at least what did where the least was found so far.
  private long aliveAtLeast(Loads.Bodies bodies) {
    long perBody =
        known.values().stream()
            .filter(each -> each.bodies.count() > 0)
            .mapToLong(Known::perBody)
            .min()
            .orElse(0);
    return bodies.octets() + bodies.count() * perBody;
  }

  /// @return empty if the store is closed meanwhile
  private Optional<Survey> survey(long segment) throws IOException {
    long start = System.nanoTime();
    Optional<Survey> survey;
    try {
      survey = Survey.of(workings.db(), files, segment, isOldest(segment), () -> closing);
    } finally {
      rest += SURVEY_REST * (System.nanoTime() - start);
    }
    LOGGER.debug("Segment {}: {}", segment, survey);
    if (survey.filter(Survey::damaged).isPresent()) {
      LOGGER.warn("Segment {} is damaged and stays as it is", segment);
    }
    return survey;
  }

  /// Bodies went, or so much was written that other facts may be old by now.
  private boolean isOld(Known before, Loads.Bodies bodies, long size) throws IOException {
    return 16 * (before.bodies.octets() - bodies.octets()) > size
        || GROWN * (files.last() - before.newest) > files.segments().size() + 16L;
  }

  private void carry(long segment) throws IOException {
    long start = System.nanoTime();
    Carrying carrying =
        new Carrying(workings, files, trail, segment, isOldest(segment), () -> closing);
    boolean whole = carrying.run();
    carried += carrying.carried();
    if (whole) {
      CrashPoint.AFTER_CARRYING.pass();
      long position = workings.states().logPosition();
      emptied.put(segment, new Emptied(carrying.dropped(), position, false));
      LOGGER.info(
          "Segment {}: {} octets carried forward in {} ms",
          segment,
          carrying.carried(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }
  }

  private void awaitCheckpoint() {
    long last = emptied.values().stream().mapToLong(Emptied::position).max().orElse(0);
    long until = System.nanoTime() + CHECKPOINT_WAIT;
    while (!closing && workings.commits().stored() < last && System.nanoTime() < until) {
      await(POLL);
    }
  }

  /// Deletes the segments that the database has left behind: said in the log first, so that none
  /// that is missing was let go without a word. A confirmed checkpoint lay behind each before
  /// anything of it was carried, so what a recovery replays, rows that are pending now included,
  /// names none of them.
  private void drop() throws IOException {
    long stored = workings.commits().stored();
    List<Emptied> ready =
        emptied.values().stream().filter(each -> each.position <= stored).toList();
    if (!ready.isEmpty()) {
      CrashPoint.AFTER_CARRYING_CHECKPOINT.pass();
    }
    for (Emptied each : ready) {
      if (workings.bodies().pinned()) {
        return;
      }
      long segment = each.dropped.segment();
      boolean _ = tried("Segment " + segment + " cannot be deleted", () -> drop(each));
    }
  }

  private void drop(Emptied each) throws IOException {
    long segment = each.dropped.segment();
    if (!each.told) {
      cutUndone(segment);
      if (!workings.commits().submit(ledger -> dropped(ledger, each.dropped))) {
        LOGGER.warn("Segment {} stays: rows name what could not be carried", segment);
        emptied.remove(segment);
        known.remove(segment);
        return;
      }
      emptied.put(segment, new Emptied(each.dropped, each.position, true));
      CrashPoint.AFTER_SEGMENT_DROPPED.pass();
    }
    delete(segment);
    CrashPoint.AFTER_SEGMENT_DELETED.pass();
    emptied.remove(segment);
    known.remove(segment);
  }

  private static Outcome<Boolean> dropped(Ledger ledger, Change.SegmentDropped dropped) {
    boolean named = ledger.ask(c -> Loads.named(c, dropped.segment()));
    return named ? Outcome.nothing(false) : Outcome.forced(dropped, true);
  }

  /// Groups at the end of the segment before were undone if this one starts with their numbers: who
  /// reads the log without this one must not find them.
  private void cutUndone(long segment) throws IOException {
    Optional<Long> before =
        files.segments().stream().filter(number -> number < segment).max(Long::compare);
    if (before.isPresent()) {
      SegmentScan.cutUndone(files, before.get());
    }
  }

  private void delete(long segment) throws IOException {
    workings.bodies().forget(segment);
    trail.forget(segment);
    Files.deleteIfExists(files.segment(segment));
    files.force();
  }
}
