package org.depozit.storage;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Holds the mailboxes that were opened last, within a bound of octets, so that the next session of
/// somebody who was here a moment ago finds them loaded, whatever the garbage collector does in
/// between. Any thread.
final class UsedLately {
  /// What a mailbox takes beside its rows, and what a row takes.
  private static final long MAILBOX = 2_048;

  private static final long ROW = 40;

  private final long most;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, Held> held = new LinkedHashMap<>(16, 0.75f, true);
  private long octets;

  private record Held(OpenMailbox mailbox, long octets) {}

  /// @param most octets held
  UsedLately(long most) {
    this.most = most;
  }

  /// A loaded mailbox was opened.
  ///
  /// @return those that are let go for it, or itself if it is too large
  List<OpenMailbox> used(OpenMailbox mailbox) {
    long size = MAILBOX + ROW * mailbox.view().count();
    List<OpenMailbox> cold = new ArrayList<>();
    lock.lock();
    try {
      drop(held.remove(mailbox.mailbox()));
      held.put(mailbox.mailbox(), new Held(mailbox, size));
      octets += size;
      Iterator<Held> eldest = held.values().iterator();
      while (octets > most && eldest.hasNext()) {
        Held next = eldest.next();
        octets -= next.octets;
        eldest.remove();
        cold.add(next.mailbox);
      }
    } finally {
      lock.unlock();
    }
    return cold;
  }

  private void drop(@Nullable Held gone) {
    octets -= gone == null ? 0 : gone.octets;
  }

  /// The mailbox is gone for ever.
  void forget(int mailbox) {
    lock.lock();
    try {
      drop(held.remove(mailbox));
    } finally {
      lock.unlock();
    }
  }
}
