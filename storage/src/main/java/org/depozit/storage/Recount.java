package org.depozit.storage;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The counters of mailboxes while the log is replayed. A row and what it does to the counters come
/// in one transaction, so the counters are right for the rows that are there, and a message that
/// was not there before counts one more: nothing else of the mailbox is read. Where flags changed,
/// messages went or rows follow behind the log, the counters are doubtful, and the mailbox is
/// counted at the end: by its flat save and what is newer if it has one, else by all its rows.
///
/// The thread that replays.
final class Recount {
  private final Dialect dialect;
  private final Statements sql;

  /// Of the mailboxes whose counters follow the replay.
  private final Map<Integer, MailboxCounters> followed = new HashMap<>();

  /// Those of them that the open transaction changed.
  private final Set<Integer> changed = new HashSet<>();

  /// Mailboxes to be counted, with the lowest UIDNEXT and HIGHESTMODSEQ they must have.
  private final Map<Integer, Floor> doubtful = new HashMap<>();

  private record Floor(long uidNext, long modSeq) {
    Floor raised(Floor other) {
      return new Floor(Math.max(uidNext, other.uidNext), Math.max(modSeq, other.modSeq));
    }
  }

  Recount(Dialect dialect, Statements sql) {
    this.dialect = dialect;
    this.sql = sql;
  }

  /// A message was filed.
  ///
  /// @param fresh whether it was not there before
  void filed(Change.MessageFiled filed, boolean fresh) throws SQLException {
    int mailbox = filed.mailbox();
    MailboxCounters now = doubtful.containsKey(mailbox) ? null : followed(mailbox);
    if (now == null) {
      doubt(mailbox, filed.uid() + 1, filed.modSeq());
      return;
    }
    MailboxCounters next = fresh ? now.plus(filed) : now.raised(filed.uid() + 1, filed.modSeq());
    followed.put(mailbox, next);
    changed.add(mailbox);
  }

  private @Nullable MailboxCounters followed(int mailbox) throws SQLException {
    MailboxCounters known = followed.get(mailbox);
    return known != null ? known : Loads.counters(sql.connection(), mailbox).orElse(null);
  }

  /// The counters of a mailbox may be wrong.
  void doubt(int mailbox, long uidNext, long modSeq) {
    MailboxCounters known = followed.get(mailbox);
    Floor least = new Floor(uidNext, modSeq);
    if (known != null) {
      // What the open transaction filed is not written any more.
      least = least.raised(new Floor(known.uidNext(), known.highestModSeq()));
      followed.remove(mailbox);
      changed.remove(mailbox);
    }
    doubtful.merge(mailbox, least, Floor::raised);
  }

  /// The mailbox is gone.
  void gone(int mailbox) {
    followed.remove(mailbox);
    changed.remove(mailbox);
    doubtful.remove(mailbox);
  }

  /// Writes what the transaction that is about to be committed has changed.
  void write() throws SQLException {
    for (int mailbox : changed) {
      MailboxCounters now = followed.get(mailbox);
      if (now != null) {
        dialect.setCounters(sql, now);
      }
    }
    changed.clear();
  }

  /// Counts the doubtful ones, after the replay is committed.
  ///
  /// @param known the counters of a mailbox whose rows need not be read, by its row
  void finish(Function<MailboxCounters, Optional<MailboxCounters>> known) throws SQLException {
    for (Map.Entry<Integer, Floor> mailbox : doubtful.entrySet()) {
      Optional<MailboxCounters> row = Loads.counters(sql.connection(), mailbox.getKey());
      if (row.isPresent()) {
        Floor floor = mailbox.getValue();
        MailboxCounters least = row.get().raised(floor.uidNext, floor.modSeq);
        Optional<MailboxCounters> counted = known.apply(least);
        dialect.setCounters(
            sql, counted.isPresent() ? counted.get() : Loads.recounted(sql.connection(), least));
      }
    }
    doubtful.clear();
    followed.clear();
  }
}
