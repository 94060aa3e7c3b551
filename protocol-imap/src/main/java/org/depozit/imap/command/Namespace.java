package org.depozit.imap.command;

import org.depozit.imap.session.State;

/// NAMESPACE: one's own mailboxes, without a prefix. RFC 2342 §5.
final class Namespace {
  static final Spec SPEC =
      Spec.bare(
          "NAMESPACE",
          State.AFTER_LOGIN,
          session -> {
            session.responses().untagged("NAMESPACE ((\"\" \"/\")) NIL NIL");
            return "NAMESPACE completed";
          },
          "NAMESPACE");

  private Namespace() {}
}
