package org.depozit.storage;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.depozit.storage.Given.Counter;

/// The numbers of accounts, mailboxes and messages, and the UIDVALIDITYs, as the writer gives them:
/// none is given twice, and one that was given to what has failed stays given. The writer only.
final class Numbers {
  private final Statements sql;
  private final Map<Counter, Long> last = new EnumMap<>(Counter.class);

  Numbers(Statements sql) {
    this.sql = sql;
  }

  /// A number for a message.
  long nextMessage() {
    return next(Counter.MESSAGE);
  }

  /// A number for a mailbox.
  int nextMailbox() {
    return Math.toIntExact(next(Counter.MAILBOX));
  }

  /// A number for an account.
  int nextAccount() {
    return Math.toIntExact(next(Counter.ACCOUNT));
  }

  private long next(Counter counter) {
    long next = lastGiven(counter) + 1;
    last.put(counter, next);
    return next;
  }

  /// A UIDVALIDITY above all that were given: the time in seconds, or one more than the last.
  long nextUidValidity() {
    long next = Math.max(Instant.now().getEpochSecond(), lastGiven(Counter.UID_VALIDITY) + 1);
    last.put(Counter.UID_VALIDITY, next);
    return next;
  }

  /// A mailbox has this UIDVALIDITY: a restored one brings its own.
  void uidValidityGiven(long uidValidity) {
    last.put(Counter.UID_VALIDITY, Math.max(lastGiven(Counter.UID_VALIDITY), uidValidity));
  }

  private long lastGiven(Counter counter) {
    Long known = last.get(counter);
    return known != null
        ? known
        : sql.ask(c -> Db.number(c, "SELECT last_value FROM counter WHERE name = ?", counter.row()))
            .orElse(0);
  }
}
