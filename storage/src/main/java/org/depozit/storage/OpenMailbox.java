package org.depozit.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.depozit.storage.Refused.Reason;
import org.jspecify.annotations.Nullable;

/// The index state of one mailbox that somebody has open: its latest [View], which readers take
/// without a lock.
///
/// While its rows are being loaded, what the writer publishes waits here, in order; then it is
/// applied to what was loaded. A change that the rows already bear changes nothing.
final class OpenMailbox {
  private final int mailbox;

  /// Held while loading by who loads, and shortly by who publishes.
  private final ReentrantLock lock = new ReentrantLock();

  /// Held by who loads: others who want the mailbox wait for it.
  private final ReentrantLock loading = new ReentrantLock();

  private final List<Change> waiting = new ArrayList<>();
  private volatile @Nullable View view;
  private volatile boolean gone;

  /// Rows that the mailbox's flat save does not have right.
  private final AtomicInteger behind = new AtomicInteger();

  private final AtomicBoolean queued = new AtomicBoolean();

  /// Copies whose rows are on their way, in the order in which they came.
  private volatile List<CopyRun> copies = List.of();

  OpenMailbox(int mailbox) {
    this.mailbox = mailbox;
  }

  /// A mailbox that was just made.
  static OpenMailbox empty(int mailbox, long uidValidity) {
    OpenMailbox open = new OpenMailbox(mailbox);
    open.view = View.empty(mailbox, uidValidity);
    return open;
  }

  int mailbox() {
    return mailbox;
  }

  /// Copies in this mailbox whose rows may not be there yet. Who has a view and then asks this
  /// knows of all that are in the view; and who then reads first the rows of the originals and then
  /// those of the copies finds each in one of them.
  List<CopyRun> copies() {
    return copies;
  }

  /// Copies are about to be published, before their rows are there: the writer.
  void copying(CopyRun run) {
    List<CopyRun> more = new ArrayList<>(copies);
    more.add(run);
    copies = List.copyOf(more);
  }

  /// The rows of copies are there: the writer.
  void copied(CopyRun run) {
    copies = copies.stream().filter(other -> !other.equals(run)).toList();
  }

  /// The latest version.
  View view() {
    View now = view;
    if (now == null) {
      throw new Refused(Reason.UNAVAILABLE, "The mailbox could not be loaded");
    }
    return now;
  }

  /// Whether there is a version yet.
  boolean loaded() {
    return view != null;
  }

  /// Whether the mailbox was deleted.
  boolean gone() {
    return gone;
  }

  ReentrantLock loading() {
    return loading;
  }

  /// Ends the loading: what was published meanwhile comes on top.
  ///
  /// @param rows what was loaded
  /// @param missing rows that the flat save does not have right
  void loaded(View rows, int missing, long logPosition) {
    lock.lock();
    try {
      View now = rows;
      behind.set(missing);
      for (Change change : waiting) {
        now = now.apply(change);
        behind.addAndGet(rows(change));
      }
      waiting.clear();
      view = now.stamped(Math.max(logPosition, now.logPosition()));
    } finally {
      lock.unlock();
    }
  }

  /// The writer tells what has happened.
  ///
  /// @param changes of this mailbox, in order
  /// @param from the version that the writer worked from, and
  /// @param to what it made of it; the changes are applied anew if another version stands here
  void publish(List<Change> changes, @Nullable View from, @Nullable View to, long logPosition) {
    lock.lock();
    try {
      View now = view;
      if (now == null) {
        waiting.addAll(changes);
        return;
      }
      changes.forEach(change -> behind.addAndGet(rows(change)));
      View next = now == from && to != null ? to : now;
      if (next == now) {
        for (Change change : changes) {
          next = next.apply(change);
        }
      }
      view = next.stamped(logPosition);
    } finally {
      lock.unlock();
    }
  }

  /// How many rows of a mailbox a change touches.
  private static int rows(Change change) {
    return switch (change) {
      case Change.MessageFiled _ -> 1;
      case Change.FlagsSet set -> set.uids().length;
      case Change.Copied copied -> copied.flags().length;
      case Change.Expunged expunged -> (int) Math.min(expunged.uids().count(), 1 << 24);
      case Change.Together all -> all.changes().stream().mapToInt(OpenMailbox::rows).sum();
      case Change.KeywordNamed _,
          Change.AccountCreated _,
          Change.PasswordSet _,
          Change.AccountRemoved _,
          Change.MailboxCreated _,
          Change.MailboxRenamed _,
          Change.MailboxDeleted _,
          Change.Subscribed _,
          Change.TextNamed _,
          Change.MessageStored _,
          Change.HeaderNoted _,
          Change.UidlSet _,
          Change.MaildropAccessed _,
          // What is carried forward was so before.
          Change.Carried _,
          Change.SegmentDropped _,
          Change.NumbersGiven _,
          Change.MailboxReached _ ->
          0;
    };
  }

  /// How many rows of the latest version the flat save does not have right.
  int behind() {
    return behind.get();
  }

  /// So many of them were written.
  void caughtUp(int written) {
    behind.addAndGet(-written);
  }

  /// Puts it into the queue of those to be saved.
  ///
  /// @return false if it is there already
  boolean queue() {
    return queued.compareAndSet(false, true);
  }

  /// It is taken out of the queue: changes from now on may put it there again.
  void unqueue() {
    queued.set(false);
  }

  /// The writer tells that the mailbox was deleted; its last version stays for who looks at it.
  void delete() {
    gone = true;
  }
}
