package org.depozit.imap.command;

import org.depozit.imap.session.State;

/// LOGOUT. RFC 9051 §6.1.3.
final class Logout {
  static final Spec SPEC =
      Spec.bare(
          "LOGOUT",
          State.ANY,
          session -> {
            session.responses().bye("Good bye");
            session.deselect();
            session.logOut();
            return "LOGOUT completed";
          });

  private Logout() {}
}
