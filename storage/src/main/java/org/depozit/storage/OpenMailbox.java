package org.depozit.storage;

import java.util.ArrayList;
import java.util.List;
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

  OpenMailbox(int mailbox) {
    this.mailbox = mailbox;
  }

  int mailbox() {
    return mailbox;
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
  void loaded(View rows, long logPosition) {
    lock.lock();
    try {
      View now = rows;
      for (Change change : waiting) {
        now = now.apply(change);
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

  /// The writer tells that the mailbox was deleted; its last version stays for who looks at it.
  void delete() {
    gone = true;
  }
}
