package org.depozit.imap.session;

import org.depozit.storage.Flag;
import org.depozit.storage.FlagChange;
import org.depozit.storage.UidSet;
import org.depozit.storage.View;

/// A change of flags that the running command has made itself, so that [Updates] knows what the
/// client can work out without being told. RFC 9051 §6.4.6.
///
/// @param uids the messages that the command named
/// @param change what it did
/// @param silent whether the client does not want to be told of it (`.SILENT`, or told already by
///   FETCH)
/// @param conditional whether the client is owed a mod-sequence of each of them, changed or not
///   (UNCHANGEDSINCE, RFC 7162 §3.1.3)
public record OwnChange(UidSet uids, FlagChange change, boolean silent, boolean conditional) {
  /// The flags that the client expects now.
  ///
  /// @param before the flags that it knows of
  /// @param view the version whose bits these are
  long expected(long before, View view) {
    long mask = 0;
    for (Flag flag : change.flags()) {
      mask |= view.mask(flag);
    }
    return switch (change) {
      case FlagChange.Replace _ -> mask;
      case FlagChange.Add _ -> before | mask;
      case FlagChange.Remove _ -> before & ~mask;
    };
  }
}
