package org.depozit.server;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A message line by line, long lines in pieces, so that one of 50 MiB costs no more than one of 50
/// octets. Used by one thread.
final class LinePieces {
  private static final int LONGEST = 1 << 16;
  private static final byte[] LF = {'\n'};

  private final InputStream in;
  private final byte[] octets = new byte[LONGEST + 1];
  private int size;
  private boolean starts;
  private boolean ends = true;

  LinePieces(InputStream in) {
    this.in = new BufferedInputStream(in, LONGEST);
  }

  /// Goes to the next piece.
  ///
  /// @return false at the end
  boolean next() throws IOException {
    starts = ends;
    ends = false;
    size = 0;
    while (size < octets.length && !(size >= LONGEST && octets[size - 1] != '\r')) {
      int octet = in.read();
      if (octet < 0) {
        break;
      }
      octets[size++] = (byte) octet;
      if (octet == '\n') {
        ends = true;
        break;
      }
    }
    return size > 0;
  }

  /// Whether a line starts with this piece.
  boolean starts() {
    return starts;
  }

  /// Whether a line ends with this piece.
  boolean ends() {
    return ends;
  }

  /// Octets of the piece without its line end.
  int length() {
    if (!ends) {
      return size;
    }
    return size > 1 && octets[size - 2] == '\r' ? size - 2 : size - 1;
  }

  byte octet(int index) {
    return octets[index];
  }

  /// Writes the piece; its line ends with LF alone.
  void to(OutputStream out) throws IOException {
    out.write(octets, 0, length());
    if (ends) {
      out.write(LF);
    }
  }
}
