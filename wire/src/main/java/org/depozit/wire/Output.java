package org.depozit.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The octets that a peer is sent: buffered until [#flush()], or until a buffer is full.
///
/// Used by one thread at a time, and without a lock: who hands it to another thread (IMAP's IDLE)
/// does not touch it before that thread has ended. Nothing is buffered, and no buffer held, after a
/// flush: flush before waiting for the peer, best by [Connection#flushUnlessPipelined()].
///
/// A write that a peer holds up for longer than [Limits#writeTime()] ends by the connection's being
/// closed.
public final class Output {
  private static final byte[] NONE = new byte[0];

  private final Connection connection;
  private OutputStream sink;
  private byte[] buffer = NONE;
  private int used;

  /// Octets that have left the buffer.
  private long sent;

  Output(Connection connection, OutputStream sink) {
    this.connection = connection;
    this.sink = sink;
  }

  /// Writes from here on to another stream; everything before must have been flushed.
  void use(OutputStream next) {
    sink = next;
  }

  /// Notes a place, where a response begins that may have to be taken back: at least the next
  /// `octets` are then still in the buffer.
  ///
  /// @param octets at most 16,384
  /// @return the place, for [#takeBack]
  public long mark(int octets) throws IOException {
    room(octets);
    return sent + used;
  }

  /// Takes back all that was written since a place was noted.
  ///
  /// @return false if some of it has been sent; then nothing is taken back
  public boolean takeBack(long mark) {
    if (mark < sent) {
      return false;
    }
    used = (int) (mark - sent);
    return true;
  }

  /// Writes one octet.
  public Output octet(int octet) throws IOException {
    room(1);
    buffer[used++] = (byte) octet;
    return this;
  }

  /// Writes text whose characters are all ASCII, as it is; it may hold CRLF. Text that came from a
  /// peer belongs into [#line(String)], or through [#oneLine(String)] first.
  ///
  /// @throws IllegalArgumentException at a character beyond ASCII, with the characters before
  ///   written
  public Output ascii(String text) throws IOException {
    for (int from = 0; from < text.length(); ) {
      room(1);
      int stretch = Math.min(text.length() - from, buffer.length - used);
      for (int i = 0; i < stretch; i++) {
        char c = text.charAt(from + i);
        if (c > 0x7f) {
          throw new IllegalArgumentException("not ASCII: U+" + Integer.toHexString(c));
        }
        buffer[used++] = (byte) c;
      }
      from += stretch;
    }
    return this;
  }

  /// Writes a number in decimal digits.
  ///
  /// @param number 0 or more
  public Output number(long number) throws IOException {
    int digits = digits(number);
    room(digits);
    long rest = number;
    for (int i = used + digits - 1; i >= used; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    used += digits;
    return this;
  }

  private static int digits(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("negative: " + number);
    }
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /// Writes text in UTF-8, as it is; it may hold CRLF.
  public Output utf8(String text) throws IOException {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes CRLF.
  public Output crlf() throws IOException {
    return octet('\r').octet('\n');
  }

  /// Writes exactly one line, in UTF-8 and with its CRLF, whatever the text: see
  /// [#oneLine(String)].
  public Output line(String text) throws IOException {
    return utf8(oneLine(text)).crlf();
  }

  /// Writes octets.
  public Output bytes(byte[] octets) throws IOException {
    return bytes(octets, 0, octets.length);
  }

  /// Writes a stretch of an array. A long stretch goes out without being copied first.
  public Output bytes(byte[] octets, int from, int length) throws IOException {
    if (length >= Buffers.SIZE) {
      drain();
      send(octets, from, length);
    } else {
      room(length);
      System.arraycopy(octets, from, buffer, used, length);
      used += length;
    }
    return this;
  }

  /// This output as a stream, for those who write to streams; flushing it flushes this, closing it
  /// does nothing.
  public OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        octet(octet);
      }

      @Override
      public void write(byte[] octets, int from, int length) throws IOException {
        bytes(octets, from, length);
      }

      @Override
      public void flush() throws IOException {
        Output.this.flush();
      }
    };
  }

  /// Sends what is buffered, and gives the buffer back.
  public void flush() throws IOException {
    try {
      drain();
    } finally {
      release();
    }
  }

  /// Makes one line of any text: each control character, and each of Unicode's line separators,
  /// becomes a space. Whatever a peer has sent goes through here before it is put into an answer or
  /// a log.
  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean breaks = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      line.append(breaks ? ' ' : c);
    }
    return line.toString();
  }

  /// Gives the buffer back with whatever is in it. To be called by the thread that writes.
  void release() {
    if (buffer.length > 0) {
      Buffers.giveBack(buffer, used);
      buffer = NONE;
    }
    sent += used;
    used = 0;
  }

  private void room(int octets) throws IOException {
    if (used + octets > buffer.length) {
      drain();
      if (buffer.length == 0) {
        buffer = Buffers.borrow();
      }
    }
  }

  private void drain() throws IOException {
    int length = used;
    used = 0;
    if (length > 0) {
      send(buffer, 0, length);
    }
  }

  private void send(byte[] octets, int from, int length) throws IOException {
    sent += length;
    connection.writing(true);
    try {
      sink.write(octets, from, length);
    } finally {
      connection.writing(false);
    }
  }
}
