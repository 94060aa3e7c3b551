package org.depozit.imap.command;

import org.depozit.imap.session.Selected;
import org.depozit.imap.session.State;
import org.depozit.storage.UidSet;

/// CLOSE: removes what is marked `\Deleted`, without a word, and deselects. RFC 9051 §6.4.1.
final class Close {
  static final Spec SPEC =
      Spec.bare(
          "CLOSE",
          State.WITH_MAILBOX,
          session -> {
            Selected selected = session.selected();
            if (!selected.readOnly()) {
              selected.mailbox().expunge(UidSet.ALL);
            }
            session.deselect();
            return "CLOSE completed";
          });

  private Close() {}
}
