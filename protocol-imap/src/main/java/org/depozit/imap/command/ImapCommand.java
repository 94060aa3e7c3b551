package org.depozit.imap.command;

import java.io.IOException;
import org.depozit.imap.session.Session;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Refused;

/// A command that has been read, and can be run once. RFC 9051 §6.
///
/// One command, one file: its RFC in the doc comment, its [Spec], its reading, its effect, its
/// answer.
@FunctionalInterface
public interface ImapCommand {
  /// The answer of a command that has answered by itself, or does so later ([Session#later]).
  String ANSWERED = "";

  /// Does what is asked, and writes the untagged responses that belong to it. Changes of the
  /// mailbox are told by [org.depozit.imap.session.Updates] afterwards.
  ///
  /// @return the text of the tagged OK, with a response code in front if there is one
  /// @throws Rejected for NO or BAD
  /// @throws Refused when the store says no
  /// @throws IOException if the peer is gone
  String run(Session session) throws IOException;
}
