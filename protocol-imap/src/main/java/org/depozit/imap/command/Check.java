package org.depozit.imap.command;

import org.depozit.imap.session.State;

/// CHECK: as NOOP, since everything answered is on disk already. RFC 3501 §6.4.1.
final class Check {
  static final Spec SPEC = Spec.bare("CHECK", State.WITH_MAILBOX, _ -> "CHECK completed");

  private Check() {}
}
