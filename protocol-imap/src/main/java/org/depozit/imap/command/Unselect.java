package org.depozit.imap.command;

import org.depozit.imap.session.State;

/// UNSELECT: deselects, and removes nothing. RFC 3691 §2.
final class Unselect {
  static final Spec SPEC =
      Spec.bare(
          "UNSELECT",
          State.WITH_MAILBOX,
          session -> {
            session.deselect();
            return "UNSELECT completed";
          },
          "UNSELECT");

  private Unselect() {}
}
