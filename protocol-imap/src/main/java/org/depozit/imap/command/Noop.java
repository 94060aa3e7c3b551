package org.depozit.imap.command;

import org.depozit.imap.session.State;

/// NOOP: the client asks what is new, which every command is told at its end. RFC 9051 §6.1.2.
final class Noop {
  static final Spec SPEC = Spec.bare("NOOP", State.ANY, _ -> "NOOP completed");

  private Noop() {}
}
