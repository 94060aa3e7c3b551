package org.depozit.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/// The socket under a connection, and TLS over it once that is spoken.
///
/// Belongs to the connection's thread, but for [#close()], [#endInput()] and what only asks, which
/// any thread may call.
final class Transport implements AutoCloseable {
  private final Socket socket;
  private final SecureChannel.Patience patience;

  /// TLS over the socket, once it is spoken.
  private volatile Optional<SecureChannel> channel = Optional.empty();

  private volatile boolean inputEnded;

  /// What the socket's time-out is now.
  private int timeout;

  /// @param patience asked before each read of the socket, once TLS is spoken
  Transport(Socket socket, SecureChannel.Patience patience) {
    this.socket = socket;
    this.patience = patience;
  }

  /// What the peer sends, decrypted.
  InputStream input() throws IOException {
    return channel.isPresent() ? channel.get().input(patience) : socket.getInputStream();
  }

  /// What the peer is sent, before it is encrypted.
  OutputStream output() throws IOException {
    return channel.isPresent() ? channel.get().output() : socket.getOutputStream();
  }

  /// Whether TLS is spoken. Any thread.
  boolean secure() {
    return channel.isPresent();
  }

  /// The TLS session. Any thread.
  Optional<SSLSession> tlsSession() {
    return channel.map(SecureChannel::session);
  }

  /// Begins TLS. [#input()] and [#output()] are others afterwards.
  void begin(Tls tls) throws IOException {
    SecureChannel secured = new SecureChannel(tls.engine(), socket);
    secured.handshake();
    channel = Optional.of(secured);
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
    if (channel.isPresent()) {
      channel.get().endOutput();
    }
    socket.shutdownOutput();
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

  /// Gives back what TLS has in hand. To be called by the thread that reads.
  void release() {
    channel.ifPresent(SecureChannel::release);
  }

  /// Closes the socket at once. Any thread, any number of times.
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
