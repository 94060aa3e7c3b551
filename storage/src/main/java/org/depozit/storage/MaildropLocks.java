package org.depozit.storage;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Who holds a maildrop: one POP3 session for each account. In the heap, since on H2 all sessions
/// live in one process.
final class MaildropLocks {
  private final Set<Integer> held = ConcurrentHashMap.newKeySet();

  /// One held lock.
  final class Lock implements AutoCloseable {
    private final int account;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Lock(int account) {
      this.account = account;
    }

    /// Gives it back, once.
    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        held.remove(account);
      }
    }
  }

  /// The lock of the account's maildrop; empty if somebody holds it.
  Optional<Lock> lock(int account) {
    return held.add(account) ? Optional.of(new Lock(account)) : Optional.empty();
  }
}
