package org.depozit.storage;

import java.io.OutputStream;
import org.depozit.mime.Octets;

/// Where a message's octets wait while they come in: in the heap up to [StoreLimits#smallBody],
/// beyond it in a file of the store's own (mode 0600). A bare LF or bare CR becomes CRLF here, once
/// (RFC 5321 §2.3.8); sizes are counted after that. Used by one thread. Closing it without handing
/// it to the store lets the octets go. Writing never fails: if the disk does, the rest is dropped
/// and the store refuses the message with UNAVAILABLE.
public abstract sealed class Spool extends OutputStream permits HeapOrFileSpool {
  Spool() {}

  /// Octets taken so far, as they will be served.
  public abstract long length();

  /// Whether more came than [StoreLimits#messageOctets]; the rest was read and dropped, and the
  /// store will refuse it.
  public abstract boolean tooBig();

  /// What was taken, readable until the spool is closed. The last held-back CR is settled by this
  /// call: no write after it.
  public abstract Octets octets();
}
