package org.depozit.pop3;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.depozit.mime.Octets;

/// Writes a message, or its top, as the lines of a multi-line reply, and the dot that ends it. RFC
/// 1939 §3 and §7 (TOP).
///
/// The octets go from the store to the output in slices, with a dot put before each line that
/// begins with one. A message that does not end with CRLF (APPEND and import may bring one) gets it
/// here, since the dot wants a line of its own; LIST does not count it. One writer serves one
/// message.
final class MessageWriter {
  private static final int SLICE = 32 * 1024;
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream output;
  private final Pop3Settings settings;
  private int bodyLines = Integer.MAX_VALUE;
  private boolean header = true;
  private boolean lineStart = true;
  private boolean blank = true;

  MessageWriter(OutputStream output, Pop3Settings settings) {
    this.output = output;
    this.settings = settings;
  }

  /// Writes the whole message, for RETR.
  void whole(Octets message) throws IOException {
    write(message);
  }

  /// Writes the header, the blank line behind it, and some lines of the body, for TOP.
  ///
  /// @param lines 0 or more
  void top(Octets message, int lines) throws IOException {
    bodyLines = lines;
    write(message);
  }

  private void write(Octets message) throws IOException {
    byte[] slice = new byte[(int) Math.min(SLICE, message.length())];
    long position = 0;
    while (position < message.length() && wanted()) {
      int have = message.read(position, slice, 0, slice.length);
      if (have <= 0) {
        throw new IllegalStateException("a message ended before its length");
      }
      if (plain()) {
        dotted(slice, have);
      } else {
        write(slice, have);
      }
      position += have;
    }
    if (!lineStart) {
      output.write(CRLF);
    }
    if (header && settings.blankLineAfterHeader()) {
      output.write(CRLF);
    }
    output.write(END);
  }

  private boolean wanted() {
    return header || bodyLines > 0;
  }

  /// Whether dots are all that matters: nobody counts lines or looks for the header's end.
  private boolean plain() {
    return bodyLines == Integer.MAX_VALUE
        && !settings.nulAs80()
        && !settings.blankLineAfterHeader();
  }

  /// [#write(byte[], int)] for a whole message without wishes. The dots are looked for in a string,
  /// whose search takes many octets at a time.
  private void dotted(byte[] slice, int length) throws IOException {
    int from = 0;
    if (lineStart && slice[0] == '.') {
      output.write('.');
    }
    String text = new String(slice, 0, length, StandardCharsets.ISO_8859_1);
    for (int at = text.indexOf("\n."); at >= 0; at = text.indexOf("\n.", at + 2)) {
      output.write(slice, from, at + 1 - from);
      output.write('.');
      from = at + 1;
    }
    lineStart = slice[length - 1] == '\n';
    output.write(slice, from, length - from);
  }

  /// Writes runs of octets that need no change, and a dot between them where one is due.
  private void write(byte[] slice, int length) throws IOException {
    int from = 0;
    for (int i = 0; i < length; i++) {
      byte octet = slice[i];
      if (lineStart && octet == '.') {
        output.write(slice, from, i - from);
        output.write('.');
        from = i;
      }
      if (octet == 0 && settings.nulAs80()) {
        slice[i] = (byte) 0x80;
      }
      lineStart = octet == '\n';
      if (lineStart) {
        endLine();
        if (!wanted()) {
          output.write(slice, from, i + 1 - from);
          return;
        }
      } else if (octet != '\r') {
        blank = false;
      }
    }
    output.write(slice, from, length - from);
  }

  private void endLine() {
    if (!header) {
      bodyLines--;
    } else if (blank) {
      header = false;
    }
    blank = true;
  }
}
