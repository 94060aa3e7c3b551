package org.depozit.pop3;

import org.depozit.mime.Octets;

/// Tells a message of RFC 6532, with UTF-8 in its header, from all others, so that it can be
/// refused to a client that has not sent UTF8. RFC 6856 §2.1.
final class Utf8Header {
  private static final int SLICE = 4 * 1024;

  private Utf8Header() {}

  /// Whether an octet beyond ASCII stands before the blank line.
  static boolean in(Octets message) {
    byte[] slice = new byte[SLICE];
    boolean blank = true;
    for (long position = 0; position < message.length(); ) {
      int have = message.read(position, slice, 0, slice.length);
      for (int i = 0; i < have; i++) {
        if (slice[i] < 0) {
          return true;
        }
        if (slice[i] == '\n') {
          if (blank) {
            return false;
          }
          blank = true;
        } else if (slice[i] != '\r') {
          blank = false;
        }
      }
      position += have;
    }
    return false;
  }
}
