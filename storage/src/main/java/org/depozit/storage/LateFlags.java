package org.depozit.storage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Flags that a replay came upon and that are too many for the opening of the store to wait for
/// their rows. Their mailboxes are opened with them instead, and the rows follow while the store
/// serves, as if the changes had just come ([Backlog]). Until then the log is replayed from the
/// same place again if the process ends.
///
/// One thread, once.
final class LateFlags {
  private final States states;
  private final Map<Integer, List<Change.FlagsSet>> sets;
  private final Map<Integer, OpenMailbox> opened = new HashMap<>();

  /// @param sets by mailbox; each message once
  LateFlags(States states, Map<Integer, List<Change.FlagsSet>> sets) {
    this.states = states;
    this.sets = sets;
  }

  /// Opens a mailbox with its late flags.
  ///
  /// @param least its row, with the lowest UIDNEXT and HIGHESTMODSEQ that it must have
  /// @return the counters with them; empty if the mailbox has none
  Optional<MailboxCounters> counted(MailboxCounters least) {
    List<Change.FlagsSet> late = sets.get(least.mailbox());
    if (late == null) {
      return Optional.empty();
    }
    OpenMailbox open = states.recovered(least, late);
    opened.put(least.mailbox(), open);
    View view = open.view();
    return Optional.of(
        least
            .raised(view.uidNext(), view.highestModSeq())
            .counted(view.count(), view.unseen(), view.deleted(), view.octets()));
  }

  /// Has the rows follow. A mailbox that is gone was not opened, and has none.
  ///
  /// @param before the place from which the log was replayed
  void follow(Backlog backlog, Checkpoint before) {
    opened.forEach((mailbox, open) -> {
      for (Change.FlagsSet set : sets.getOrDefault(mailbox, List.of())) {
        backlog.add(set, set.uids().length);
      }
      backlog.publish(before, _ -> open);
    });
  }
}
