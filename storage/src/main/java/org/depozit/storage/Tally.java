package org.depozit.storage;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.depozit.storage.Refused.Reason;

/// The counters of all mailboxes as the writer knows them: those of the group that is being built,
/// those of committed groups that are not in their rows yet, and those that are. The writer only.
final class Tally {
  /// Counters of mailboxes kept between groups.
  private static final int KEPT = 4_096;

  private final Statements sql;
  private final States states;
  private final Undo undo;

  private final Map<Integer, MailboxCounters> committed = new Recent<>(KEPT);

  /// Of mailboxes that this group changed; empty if it deleted them.
  private final Map<Integer, Optional<MailboxCounters>> changed = new LinkedHashMap<>();

  /// Counters that are not in their rows yet, since nothing else of their mailboxes was written:
  /// they go with the next rows that are.
  private final Map<Integer, MailboxCounters> owed = new LinkedHashMap<>();

  /// Whether the open transaction was given what it has to write.
  private boolean offered;

  Tally(Statements sql, States states, Undo undo) {
    this.sql = sql;
    this.states = states;
    this.undo = undo;
  }

  /// The counters of a mailbox, pending changes included.
  ///
  /// @throws Refused NONEXISTENT
  MailboxCounters of(int mailbox) {
    return find(mailbox)
        .orElseThrow(() -> new Refused(Reason.NONEXISTENT, "There is no such mailbox"));
  }

  /// Those of a mailbox, pending changes included; empty if there is no such mailbox.
  Optional<MailboxCounters> find(int mailbox) {
    Optional<MailboxCounters> pending = changed.get(mailbox);
    if (pending != null) {
      return pending;
    }
    MailboxCounters kept = owed.getOrDefault(mailbox, committed.get(mailbox));
    return kept != null ? Optional.of(kept) : read(mailbox);
  }

  private Optional<MailboxCounters> read(int mailbox) {
    Optional<MailboxCounters> row = sql.ask(connection -> Loads.counters(connection, mailbox));
    row.ifPresent(found -> {
      committed.put(mailbox, found);
      states.seen(mailbox, found.uidNext());
    });
    return row;
  }

  /// The group has changed the counters of a mailbox.
  void put(MailboxCounters now) {
    put(now.mailbox(), Optional.of(now));
  }

  /// The group has deleted a mailbox.
  void delete(int mailbox) {
    put(mailbox, Optional.empty());
  }

  private void put(int mailbox, Optional<MailboxCounters> now) {
    undo.replaced(changed, mailbox, changed.put(mailbox, now));
  }

  /// The group has changed a view.
  void count(View before, View after) {
    put(
        of(after.mailbox())
            .plus(
                after.highestModSeq(),
                after.count() - before.count(),
                after.unseen() - before.unseen(),
                after.deleted() - before.deleted(),
                after.octets() - before.octets())
            .raised(after.uidNext(), after.highestModSeq()));
  }

  /// The mailboxes that this group changed.
  Set<Integer> mailboxes() {
    return changed.keySet();
  }

  /// The counters that the open transaction has to write, now that it writes some.
  Collection<MailboxCounters> offer() {
    offered = true;
    Map<Integer, MailboxCounters> all = new LinkedHashMap<>(owed);
    changed.forEach((mailbox, now) -> {
      all.remove(mailbox);
      now.ifPresent(here -> all.put(mailbox, here));
    });
    return all.values();
  }

  /// The transaction is committed: what it was given stands in the rows.
  void written() {
    if (offered) {
      owed.clear();
      offered = false;
    }
  }

  /// The transaction was rolled back: what it was given does not stand in the rows.
  void unwritten() {
    offered = false;
  }

  /// The group is committed.
  void publish() {
    boolean inRows = offered;
    written();
    changed.forEach((mailbox, now) -> settle(mailbox, now, inRows));
  }

  private void settle(int mailbox, Optional<MailboxCounters> now, boolean inRows) {
    if (now.isPresent()) {
      committed.put(mailbox, now.get());
      if (!inRows) {
        owed.put(mailbox, now.get());
      }
    } else {
      owed.remove(mailbox);
      committed.remove(mailbox);
      states.find(mailbox).ifPresent(OpenMailbox::delete);
      states.forget(mailbox);
    }
  }

  /// The group is done with.
  void clear() {
    changed.clear();
  }
}
