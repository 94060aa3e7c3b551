package org.depozit.imap.command;

import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Rejected;

/// STARTTLS. RFC 9051 §6.2.1. Plaintext behind it is thrown away with the connection
/// (CVE-2021-33515).
final class StartTls {
  static final Spec SPEC =
      Spec.bare(
          "STARTTLS",
          State.BEFORE_LOGIN,
          session -> {
            if (!session.connection().startTlsOffered()) {
              throw Rejected.bad("TLS is not to be had here, or is on already");
            }
            session.connection().startTls(session.tag() + " OK Begin TLS negotiation now");
            return ImapCommand.ANSWERED;
          },
          "STARTTLS");

  private StartTls() {}
}
