package org.depozit.storage;

import java.util.Set;

/// A message on its way in: what APPEND, delivery and import give.
///
/// @param content its octets, CRLF-normalised by the spool; the giver closes the spool after the
///   call
/// @param flags the flags to start with
/// @param internalDate RFC 9051 §2.3.3
public record IncomingMessage(Spool content, Set<Flag> flags, InternalDate internalDate) {
  public IncomingMessage {
    flags = Set.copyOf(flags);
  }
}
