package org.depozit.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// The socket under a connection, and TLS over it once that is spoken.
///
/// Belongs to the connection's thread, but for [#close()], [#endInput()] and what only asks, which
/// any thread may call.
final class Transport implements AutoCloseable {
  private final Socket socket;

  /// The socket, or TLS over it.
  private volatile Socket upper;

  private volatile boolean inputEnded;

  /// What the socket's time-out is now.
  private int timeout;

  Transport(Socket socket) {
    this.socket = socket;
    this.upper = socket;
  }

  /// What the peer sends, decrypted.
  InputStream input() throws IOException {
    return upper.getInputStream();
  }

  /// What the peer is sent, before it is encrypted.
  OutputStream output() throws IOException {
    return upper.getOutputStream();
  }

  /// Whether TLS is spoken. Any thread.
  boolean secure() {
    return upper instanceof SSLSocket;
  }

  /// The TLS session. Any thread.
  Optional<SSLSession> tlsSession() {
    return upper instanceof SSLSocket secured
        ? Optional.of(secured.getSession())
        : Optional.empty();
  }

  /// Begins TLS. [#input()] and [#output()] are others afterwards.
  void begin(Tls tls) throws IOException {
    SSLSocket secured = tls.over(socket, belowTls());
    secured.startHandshake();
    upper = secured;
  }

  /// What TLS reads. When [#endInput] ends it, TLS is told of a time-out, which it survives: from
  /// an end it would conclude, in TLS 1.2, that nothing may be sent either, and there would be no
  /// farewell.
  private InputStream belowTls() throws IOException {
    return new FilterInputStream(socket.getInputStream()) {
      @Override
      public int read() throws IOException {
        return orTimeout(super.read());
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        return orTimeout(super.read(into, from, length));
      }

      private int orTimeout(int result) throws SocketTimeoutException {
        if (result < 0 && inputEnded) {
          throw new SocketTimeoutException("the server stops");
        }
        return result;
      }
    };
  }

  /// Sets how long each read may wait.
  ///
  /// @param millis zero to wait for ever
  void timeout(long millis) throws SocketException {
    int wanted = (int) Math.min(millis, Integer.MAX_VALUE);
    if (wanted != timeout) {
      socket.setSoTimeout(wanted);
      timeout = wanted;
    }
  }

  /// Has the input end as if the peer had left. Any thread.
  void endInput() throws IOException {
    inputEnded = true;
    socket.shutdownInput();
  }

  /// Whether [#endInput()] has been called. Any thread.
  boolean inputEnded() {
    return inputEnded;
  }

  /// Ends our side.
  void endOutput() throws IOException {
    upper.shutdownOutput();
  }

  /// Throws away what the peer still sends, until it ends its side: an unread octet of its would
  /// make the kernel throw away our last words.
  ///
  /// @param patience how long each read may wait
  /// @param most octets that are read
  void linger(Duration patience, int most) throws IOException {
    timeout(patience.toMillis());
    InputStream rest = socket.getInputStream();
    byte[] thrown = Buffers.borrow();
    try {
      for (int left = most; left > 0; ) {
        int octets = rest.read(thrown);
        left = octets < 0 ? 0 : left - octets;
      }
    } finally {
      Buffers.giveBack(thrown, thrown.length);
    }
  }

  /// Closes the socket at once. Any thread, any number of times.
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
