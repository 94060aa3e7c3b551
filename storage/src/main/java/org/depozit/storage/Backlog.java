package org.depozit.storage;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// Changes that are in the log and published while their rows are pending: flag changes, and
/// changes of very many rows. The writer brings the rows in slices, in the order of the changes, so
/// that nobody's delivery waits for a hundred thousand rows (`docs/adr/0008-bulk-changes.md`).
///
/// Each knows the log's place before its group: recovery starts there as long as rows are pending.
/// The mailboxes whose rows are behind are held, so that they stay loaded and nobody reads them off
/// their rows. The writer only.
final class Backlog {
  /// Rows between looks at the clock, in a short turn and in a long one.
  private static final int STEP = 4;

  private static final int LONG_STEP = 32;

  private static final long LONG_TURN = TimeUnit.MILLISECONDS.toNanos(10);

  /// Rows are urgent when they are late so many times.
  private static final int URGENT = 6;

  private final StoreLimits.Bulk limits;
  private final MessageRows messages;
  private final TextRows texts;

  /// Of the group that is being built.
  private final List<Draft> drafts = new ArrayList<>();

  private Deque<Entry> queue = new ArrayDeque<>();
  private final Map<Integer, FlagRows> flags = new HashMap<>();
  private long rows;

  /// Those of them that are of copies.
  private long copied;

  /// Flags that the log has told since the store was opened.
  private long told;

  private record Draft(Change change, long rows) {}

  /// @param told the flags that the log had told when it came, since the store was opened
  private record Entry(Pending pending, Checkpoint before, long since, long told) {}

  Backlog(StoreLimits.Bulk limits, MessageRows messages, TextRows texts) {
    this.limits = limits;
    this.messages = messages;
    this.texts = texts;
  }

  /// Whether the rows of a removal have to wait for those of copies into the mailbox or out of it.
  boolean copying(int mailbox) {
    return drafts.stream().anyMatch(draft -> concerns(draft.change, mailbox))
        || queue.stream()
            .anyMatch(entry ->
                entry.pending instanceof CopiedRows copies && concerns(copies.change(), mailbox));
  }

  /// The copies whose rows may not be there yet.
  List<Change.Copied> copies() {
    List<Change.Copied> all = new ArrayList<>();
    for (Entry entry : queue) {
      if (entry.pending instanceof CopiedRows copies) {
        all.add(copies.change());
      }
    }
    for (Draft draft : drafts) {
      if (draft.change instanceof Change.Copied copied) {
        all.add(copied);
      }
    }
    return all;
  }

  private static boolean concerns(Change change, int mailbox) {
    return change instanceof Change.Copied copied
        && (copied.from() == mailbox || copied.to() == mailbox);
  }

  /// Takes a change of the group that is being built.
  ///
  /// @param count how many rows it changes, about
  void add(Change change, long count) {
    drafts.add(new Draft(change, count));
  }

  /// How many changes the group has added so far, for [#truncate].
  int mark() {
    return drafts.size();
  }

  /// Takes back what was added since the mark.
  void truncate(int mark) {
    drafts.subList(mark, drafts.size()).clear();
  }

  /// The group is in the log and is about to be published: its rows are pending from now on.
  ///
  /// @param before the log's place before the group
  /// @param open the mailboxes that it changed
  void publish(Checkpoint before, IntFunction<OpenMailbox> open) {
    for (Draft draft : drafts) {
      publish(draft, before, open);
    }
    drafts.clear();
  }

  private void publish(Draft draft, Checkpoint before, IntFunction<OpenMailbox> open) {
    switch (draft.change) {
      case Change.FlagsSet set -> {
        FlagRows known = flags.get(set.mailbox());
        if (known == null || !known.takes()) {
          known = new FlagRows(open.apply(set.mailbox()), messages);
          flags.put(set.mailbox(), known);
          enqueue(known, before);
        }
        long were = known.rows();
        known.add(set.uids());
        told += set.uids().length;
        rows += known.rows() - were;
      }
      case Change.Expunged gone ->
          enqueue(
              new ExpungedRows(gone, Optional.of(open.apply(gone.mailbox())), messages), before);
      case Change.MailboxDeleted gone ->
          enqueue(new DeletedRows(gone.mailbox(), draft.rows, messages), before);
      case Change.AccountRemoved gone -> enqueue(new DroppedTexts(gone.account(), texts), before);
      case Change.Copied copied ->
          enqueue(
              CopiedRows.following(
                  copied, open.apply(copied.from()), open.apply(copied.to()), messages),
              before);
      case Change.Together _,
          Change.AccountCreated _,
          Change.PasswordSet _,
          Change.MailboxCreated _,
          Change.MailboxRenamed _,
          Change.Subscribed _,
          Change.KeywordNamed _,
          Change.TextNamed _,
          Change.MessageStored _,
          Change.MessageFiled _,
          Change.HeaderNoted _,
          Change.UidlSet _,
          Change.MaildropAccessed _,
          Change.Carried _,
          Change.SegmentDropped _,
          Change.NumbersGiven _,
          Change.MailboxReached _ ->
          throw new IllegalStateException("its rows are written at once");
    }
  }

  private void enqueue(Pending pending, Checkpoint before) {
    queue.add(new Entry(pending, before, System.nanoTime(), told));
    rows += pending.rows();
    copied += copied(pending);
  }

  /// The group has failed.
  void discard() {
    drafts.clear();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /// How many nanoseconds from now the next rows are to be written; 0 if at once, empty if none are
  /// pending.
  Optional<Long> due() {
    if (queue.isEmpty()) {
      return Optional.empty();
    }
    long start = TimeUnit.MILLISECONDS.toNanos(limits.startMillis());
    return Optional.of(rows > limits.backlogRows() ? 0 : Math.max(0, start - age()));
  }

  /// How many nanoseconds from now the oldest rows are late, 0 if they are; empty if none are
  /// pending.
  Optional<Long> late() {
    long late = TimeUnit.MILLISECONDS.toNanos(limits.lateMillis());
    return queue.isEmpty() ? Optional.empty() : Optional.of(Math.max(0, late - age()));
  }

  /// Whether there are so many rows, or such old ones, that others have to wait for them.
  boolean urgent() {
    return !queue.isEmpty()
        && (rows > limits.backlogRows()
            || age() > URGENT * TimeUnit.MILLISECONDS.toNanos(limits.lateMillis()));
  }

  private long age() {
    return System.nanoTime() - queue.getFirst().since;
  }

  /// How many rows are pending, about.
  long rows() {
    return rows;
  }

  /// How many rows of copies are pending, about.
  long rowsCopied() {
    return copied;
  }

  /// The replay that has just ended has read so many flags, which the next would read again.
  void read(long flags) {
    told = Math.max(told, flags);
  }

  private static long copied(Pending pending) {
    return pending instanceof CopiedRows ? pending.rows() : 0;
  }

  /// How many flags the log tells since the oldest change whose rows are pending.
  long flagsTold() {
    return queue.isEmpty() ? 0 : told - queue.getFirst().told;
  }

  /// The log's place before the oldest change whose rows are pending.
  Optional<Checkpoint> oldest() {
    return queue.isEmpty() ? Optional.empty() : Optional.of(queue.getFirst().before);
  }

  /// Where a replay starts: at a place up to which the database has all rows that are not pending,
  /// or before the oldest change whose rows are.
  Checkpoint replayFrom(Checkpoint now) {
    return oldest().map(now::from).orElse(now);
  }

  /// Writes the next rows in a transaction.
  ///
  /// @param nanos for how long at most, but at least some
  /// @param commit commits the transaction
  /// @return how many, about
  /// @throws SQLException then nothing of it was written, once the caller has rolled back
  int slice(long nanos, Runnable commit) throws SQLException {
    List<Entry> done = new ArrayList<>();
    Deque<Entry> before = new ArrayDeque<>(queue);
    int count;
    try {
      count = write(nanos, done);
      commit.run();
    } catch (SQLException | RuntimeException | Error e) {
      queue = before;
      queue.forEach(entry -> entry.pending.restart());
      rows = queue.stream().mapToLong(entry -> entry.pending.rows()).sum();
      copied = queue.stream().mapToLong(entry -> copied(entry.pending)).sum();
      throw e;
    }
    for (Entry entry : done) {
      entry.pending.committed();
      if (entry.pending instanceof FlagRows written) {
        flags.remove(written.mailbox(), written);
      }
    }
    return count;
  }

  private int write(long nanos, List<Entry> done) throws SQLException {
    long end = System.nanoTime() + nanos;
    int step = nanos < LONG_TURN ? STEP : LONG_STEP;
    int left = limits.sliceRows();
    while (left > 0
        && !queue.isEmpty()
        && (left == limits.sliceRows() || System.nanoTime() < end)) {
      Pending first = queue.getFirst().pending;
      long were = first.rows();
      long copies = copied(first);
      left -= Math.max(1, first.done() ? 0 : first.write(Math.min(step, left)));
      boolean last = first.done();
      rows -= were - (last ? 0 : first.rows());
      copied -= copies - (last ? 0 : copied(first));
      if (last) {
        done.add(queue.removeFirst());
      }
    }
    return limits.sliceRows() - left;
  }
}
