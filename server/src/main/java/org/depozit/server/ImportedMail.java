package org.depozit.server;

import java.util.List;
import org.depozit.storage.InternalDate;

/// A message as an import finds it.
///
/// @param mailbox the whole name of the mailbox it goes to; made and subscribed if it is missing
/// @param flags names of flags, system flags with their backslash
/// @param date what becomes the internal date
/// @param octets the message, line ends as found. Not to be written to
record ImportedMail(String mailbox, List<String> flags, InternalDate date, byte[] octets) {
  ImportedMail {
    flags = List.copyOf(flags);
  }

  /// What people may know it by, when it could not be taken.
  String named() {
    return "a message of " + octets.length + " octets, " + date.dateTime();
  }
}
