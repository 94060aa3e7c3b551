package org.depozit.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The octets that a peer sends, never collected beyond a bound.
///
/// While it waits it holds no buffer: it blocks in a read of one octet and borrows a buffer when
/// that has come, and gives it back, wiped, when the last octet is consumed and more are wanted.
///
/// Belongs to the connection's own thread. A read ends early with a [SocketTimeoutException] when
/// [Connection#idleTimeout] or [Connection#deadline] passes, with another `IOException` when the
/// connection is closed, also by another thread, and with the end of the stream when the peer or
/// [Connections#close()] ends it.
public final class Input {
  private static final byte[] NONE = new byte[0];

  private final Optional<Connection> connection;
  private InputStream source;
  private byte[] buffer = NONE;
  private int position;
  private int end;
  private boolean ended;
  private long consumed;

  Input(Connection connection, InputStream source) {
    this(Optional.of(connection), source);
  }

  private Input(Optional<Connection> connection, InputStream source) {
    this.connection = connection;
    this.source = source;
  }

  /// Octets that are here already, for a parser of the protocol's that is asked without a peer. It
  /// never waits.
  public static Input of(byte[] octets) {
    return new Input(Optional.empty(), new ByteArrayInputStream(octets));
  }

  /// Reads from here on from another stream; what was at hand must have been thrown away.
  void use(InputStream next) {
    source = next;
    ended = false;
  }

  /// Consumes the next octet, waiting for it.
  ///
  /// @return 0 to 255, or -1 at the end of the stream
  public int read() throws IOException {
    if (position == end && !fill()) {
      return -1;
    }
    consumed++;
    return buffer[position++] & 0xff;
  }

  /// Looks at the next octet without consuming it, waiting for it.
  ///
  /// @return 0 to 255, or -1 at the end of the stream
  public int peek() throws IOException {
    return position == end && !fill() ? -1 : buffer[position] & 0xff;
  }

  /// Consumes what is at hand, waiting only if there is nothing.
  ///
  /// @return how many octets, at least 1 if `length` is; -1 at the end of the stream
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == end && !fill()) {
      return -1;
    }
    int taken = Math.min(length, end - position);
    System.arraycopy(buffer, position, into, from, taken);
    consume(taken);
    return taken;
  }

  /// Whether octets are at hand, so that the next [#read()] does not wait.
  public boolean buffered() {
    return position < end;
  }

  /// Whether a line's end is at hand: a peer that pipelines has sent another whole command, and the
  /// answers so far need not be flushed before that one's.
  public boolean lineBuffered() {
    for (int i = position; i < end; i++) {
      if (buffer[i] == '\n') {
        return true;
      }
    }
    return false;
  }

  /// Whether the end of the stream has been met.
  public boolean ended() {
    return ended;
  }

  /// Octets consumed since the connection began: the difference of two bounds what lies between.
  public long consumed() {
    return consumed;
  }

  /// Reads a line, ended by CRLF or a bare LF, and without that end.
  ///
  /// @param limit the most octets, the line's end not counted
  /// @return the line; empty at the end of the stream
  /// @throws LineTooLong if it is longer; the rest of it is consumed, up to [Limits#overlongLine()]
  /// @throws EOFException if the stream ends inside the line
  /// @throws IOException also when even the bound of overlong lines is passed: give up
  public Optional<byte[]> line(int limit) throws IOException {
    if (peek() < 0) {
      return Optional.empty();
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(0);
    while (true) {
      int lineEnd = indexOfLineEnd();
      int stop = lineEnd < 0 ? end : lineEnd;
      // One octet over the limit may still be the CR of the line's end.
      if (line.size() + (stop - position) > limit + 1) {
        skipLine();
        throw new LineTooLong(limit);
      }
      line.write(buffer, position, stop - position);
      consume(stop - position);
      if (lineEnd >= 0) {
        consume(1);
        return Optional.of(bounded(line.toByteArray(), limit));
      }
      if (!fill()) {
        throw new EOFException("the peer left inside a line");
      }
    }
  }

  /// [#line(int)] with each octet as the character of its number (ISO 8859-1), so that nothing is
  /// lost and the caller may judge what is not ASCII.
  public Optional<String> text(int limit) throws IOException {
    return line(limit).map(octets -> new String(octets, StandardCharsets.ISO_8859_1));
  }

  /// Fills a stretch of an array.
  ///
  /// @throws EOFException if the stream ends before
  public void readFully(byte[] into, int from, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int taken = read(into, from + done, length - done);
      if (taken < 0) {
        throw new EOFException("the peer left with " + (length - done) + " octets owed");
      }
      done += taken;
    }
  }

  /// Hands octets on as they come, a buffer at a time: a literal of any size in constant memory. If
  /// the sink fails, what is left of the octets is still to be consumed: see [#consumed()].
  ///
  /// @throws EOFException if the stream ends before
  public void transfer(long octets, OutputStream sink) throws IOException {
    for (long left = octets; left > 0; ) {
      if (position == end && !fill()) {
        throw new EOFException("the peer left with " + left + " octets owed");
      }
      int taken = (int) Math.min(left, end - position);
      int from = position;
      consume(taken);
      left -= taken;
      sink.write(buffer, from, taken);
    }
  }

  /// Reads octets and throws them away.
  ///
  /// @throws EOFException if the stream ends before
  public void skip(long octets) throws IOException {
    transfer(octets, OutputStream.nullOutputStream());
  }

  /// Reads up to and with the next LF and throws it away: how a reader that goes octet by octet
  /// gets over a broken command.
  ///
  /// @throws IOException if the line does not end within [Limits#overlongLine()] octets, or at all
  public void skipLine() throws IOException {
    long bound =
        consumed + connection.map(Connection::limits).orElse(Limits.DEFAULTS).overlongLine();
    while (peek() >= 0) {
      int lineEnd = indexOfLineEnd();
      consume((lineEnd < 0 ? end : lineEnd + 1) - position);
      if (lineEnd >= 0) {
        return;
      }
      if (consumed > bound) {
        throw new IOException("a line without end");
      }
    }
    throw new EOFException("the peer left inside a line");
  }

  /// Throws away what is at hand, and what has already come without being read.
  ///
  /// @return how many octets, at least
  int discard() throws IOException {
    int thrown = end - position + source.available();
    release();
    return thrown;
  }

  /// Gives the buffer back. To be called by the connection's own thread only.
  void release() {
    if (buffer.length > 0) {
      Buffers.giveBack(buffer, end);
      buffer = NONE;
    }
    position = 0;
    end = 0;
  }

  private static byte[] bounded(byte[] line, int limit) throws LineTooLong {
    int length = line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
    if (length > limit) {
      throw new LineTooLong(limit);
    }
    return length == line.length ? line : Arrays.copyOf(line, length);
  }

  private int indexOfLineEnd() {
    for (int i = position; i < end; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void consume(int octets) {
    position += octets;
    consumed += octets;
  }

  /// Waits for octets; false at the end of the stream.
  private boolean fill() throws IOException {
    release();
    int first = ended ? -1 : first();
    if (first < 0) {
      ended = true;
      return false;
    }
    buffer = Buffers.borrow();
    buffer[0] = (byte) first;
    end = 1;
    int more = Math.min(source.available(), buffer.length - 1);
    if (more > 0) {
      // A stream that ends just here says so at the next read.
      end += Math.max(0, source.read(buffer, 1, more));
    }
    return true;
  }

  private int first() throws IOException {
    if (connection.isEmpty()) {
      return source.read();
    }
    connection.get().awaitOctets();
    try {
      return source.read();
    } catch (SocketTimeoutException e) {
      if (connection.get().closing()) {
        return -1;
      }
      throw e;
    }
  }
}
