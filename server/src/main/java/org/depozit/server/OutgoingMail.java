package org.depozit.server;

import java.io.InputStream;
import java.util.List;
import org.depozit.storage.InternalDate;

/// A message on its way out.
///
/// @param uid in its mailbox
/// @param flags names of flags, system flags with their backslash
/// @param date the internal date
/// @param size octets that the stream brings
/// @param octets the message as it is served; read once, by whoever takes the message
record OutgoingMail(
    long uid, List<String> flags, InternalDate date, long size, InputStream octets) {
  OutgoingMail {
    flags = List.copyOf(flags);
  }
}
