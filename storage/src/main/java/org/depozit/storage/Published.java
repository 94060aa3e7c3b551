package org.depozit.storage;

import java.util.List;
import java.util.Optional;

/// What was told of mailboxes beyond their rows, which may be behind ([Backlog]): asked by the
/// writer within a proposal, changes of the same group included.
interface Published {
  /// Knows rows only.
  Published ROWS =
      new Published() {
        @Override
        public Optional<View> loaded(int mailbox) {
          return Optional.empty();
        }

        @Override
        public List<Change.Copied> copies() {
          return List.of();
        }
      };

  /// The mailbox's view if it is loaded; else its rows are not behind, or it is gone.
  Optional<View> loaded(int mailbox);

  /// The copies whose rows may not be there yet.
  List<Change.Copied> copies();
}
