package org.depozit.imap.command;

import org.depozit.imap.session.State;

/// CAPABILITY. RFC 9051 §6.1.1.
final class Capability {
  static final Spec SPEC =
      Spec.bare(
          "CAPABILITY",
          State.ANY,
          session -> {
            session.responses().untagged("CAPABILITY " + Capabilities.of(session));
            return "CAPABILITY completed";
          });

  private Capability() {}
}
