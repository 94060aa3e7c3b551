package org.depozit.storage;

import org.depozit.mime.Octets;

/// See [Spool].
final class HeapOrFileSpool extends Spool {
  HeapOrFileSpool(LogFiles files, StoreLimits limits) {}

  /// Ends the writing. A big body is forced to the disk, file and directory: call it before the change is submitted.
  ///
  /// @throws Refused TOO_BIG; UNAVAILABLE if the disk failed while octets came in or fails now
  void seal() {}

  /// Of all octets; seal first.
  byte[] sha256() {
    return new byte[32];
  }

  @Override
  public long length() {
    return 0;
  }

  @Override
  public boolean tooBig() {
    return false;
  }

  @Override
  public Octets octets() {
    return Octets.of(new byte[0]);
  }

  @Override
  public void write(int octet) {}
}
