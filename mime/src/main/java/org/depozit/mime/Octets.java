package org.depozit.mime;

/// A message's octets, read at any position. Any thread, unless an implementation says otherwise. A failing disk shows
/// as [java.io.UncheckedIOException].
public interface Octets {
  /// How many octets.
  long length();

  /// Reads octets at a position.
  ///
  /// @param position counted from 0
  /// @return how many were read: at least one, or -1 at or past the end
  int read(long position, byte[] into, int offset, int length);
}
