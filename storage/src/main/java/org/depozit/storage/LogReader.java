package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads what [LogWriter] wrote, and never beyond it. One thread.
final class LogReader {
  private final ByteBuffer octets;

  LogReader(ByteBuffer octets) {
    this.octets = octets;
  }

  /// Whether all is read.
  boolean atEnd() {
    return !octets.hasRemaining();
  }

  private byte octet() throws IOException {
    if (!octets.hasRemaining()) {
      throw damaged("it ends early");
    }
    return octets.get();
  }

  long number() throws IOException {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte octet = octet();
      number |= (octet & 0x7FL) << shift;
      if (octet >= 0) {
        return number;
      }
    }
    throw damaged("a number is too long");
  }

  long signed() throws IOException {
    long number = number();
    return (number >>> 1) ^ -(number & 1);
  }

  int integer() throws IOException {
    long number = number();
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw damaged("a number is too big");
    }
    return (int) number;
  }

  int signedInteger() throws IOException {
    long number = signed();
    if (number != (int) number) {
      throw damaged("a number is too big");
    }
    return (int) number;
  }

  boolean truth() throws IOException {
    return integer() != 0;
  }

  /// How many things follow, each of which takes at least one octet.
  int count() throws IOException {
    int count = integer();
    if (count > octets.remaining()) {
      throw damaged("a length is beyond its end");
    }
    return count;
  }

  byte[] octets() throws IOException {
    byte[] read = new byte[count()];
    octets.get(read);
    return read;
  }

  String text() throws IOException {
    char[] units = new char[count()];
    for (int i = 0; i < units.length; i++) {
      int unit = integer();
      if (unit > Character.MAX_VALUE) {
        throw damaged("a character is none");
      }
      units[i] = (char) unit;
    }
    return new String(units);
  }

  static IOException damaged(String how) {
    return new IOException("a change in the log cannot be read: " + how);
  }
}
