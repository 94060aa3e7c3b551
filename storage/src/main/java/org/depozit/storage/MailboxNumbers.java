package org.depozit.storage;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The numbers of mailboxes by their names, as asked for lately: each APPEND, STATUS and SELECT
/// names its mailbox anew. Forgotten when any mailbox is made, renamed or deleted, which is rare.
/// Any thread.
final class MailboxNumbers {
  private static final int MOST = 10_000;

  private final Db db;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Named, Integer> known = new Recent<>(MOST);

  /// How often names have changed.
  private long changes;

  private record Named(int account, String name) {}

  MailboxNumbers(Db db) {
    this.db = db;
  }

  /// The number of the account's mailbox of this name, if there is one.
  Optional<Integer> find(int account, String name) {
    Named named = new Named(account, name);
    long before;
    lock.lock();
    try {
      Integer number = known.get(named);
      if (number != null) {
        return Optional.of(number);
      }
      before = changes;
    } finally {
      lock.unlock();
    }
    Optional<Integer> found =
        db.read(connection -> Loads.mailbox(connection, account, name)).map(Loads.MailboxRow::id);
    found.ifPresent(number -> keep(named, number, before));
    return found;
  }

  /// Unless names have changed since the row was read.
  private void keep(Named named, int number, long before) {
    lock.lock();
    try {
      if (changes == before) {
        known.put(named, number);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The rows of mailboxes have changed and are committed.
  void forget() {
    lock.lock();
    try {
      changes++;
      known.clear();
    } finally {
      lock.unlock();
    }
  }
}
