package org.depozit.lmtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;

/// Reads what follows DATA, up to the line with only a dot. RFC 5321 §4.1.1.4 and §4.5.2.
///
/// Only CRLF ends a line here, and only CRLF, a dot and CRLF end the data; anything else with a dot
/// in it (`LF . LF`, `CR . CR`, `LF . CR LF`) is data. A server that is less strict can be made to
/// see two messages where the mail server before it has seen one (CVE-2023-51747).
final class MailData {
  /// Where octets come from: [org.depozit.wire.Input#read()].
  @FunctionalInterface
  interface Source {
    /// The next octet, or -1 at the end.
    int read() throws IOException;
  }

  /// Where in a line the reader stands.
  private enum At {
    /// Behind CRLF, or at the very beginning.
    START,
    /// Inside a line.
    INSIDE,
    /// Behind a CR inside a line, which has been handed on.
    CR,
    /// Behind a dot that began a line, and is held back.
    DOT,
    /// Behind such a dot and a CR, both held back.
    DOT_CR
  }

  private final OutputStream sink;
  private final byte[] buffer = new byte[8 * 1024];
  private int used;
  private At at = At.START;

  private MailData(OutputStream sink) {
    this.sink = sink;
  }

  /// Reads to the end of the data, and not an octet further.
  ///
  /// @param sink gets the octets without the dots of transparency; what it throws ends the reading
  /// @throws EOFException if the peer leaves before the end
  static void read(Source source, OutputStream sink) throws IOException {
    MailData data = new MailData(sink);
    while (true) {
      int octet = source.read();
      if (octet < 0) {
        throw new EOFException("the peer left inside DATA");
      }
      if (data.at == At.DOT_CR && octet == '\n') {
        data.drain();
        return;
      }
      data.take(octet);
    }
  }

  private void take(int octet) throws IOException {
    switch (at) {
      case START -> {
        if (octet == '.') {
          at = At.DOT;
        } else {
          inside(octet);
        }
      }
      case INSIDE -> inside(octet);
      case CR -> {
        if (octet == '\n') {
          give(octet);
          at = At.START;
        } else {
          inside(octet);
        }
      }
      case DOT -> {
        if (octet == '\r') {
          at = At.DOT_CR;
        } else {
          inside(octet);
        }
      }
      case DOT_CR -> {
        give('\r');
        inside(octet);
      }
    }
  }

  private void inside(int octet) throws IOException {
    give(octet);
    at = octet == '\r' ? At.CR : At.INSIDE;
  }

  private void give(int octet) throws IOException {
    if (used == buffer.length) {
      drain();
    }
    buffer[used++] = (byte) octet;
  }

  private void drain() throws IOException {
    sink.write(buffer, 0, used);
    used = 0;
  }
}
