package org.depozit.tests;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// The client's side of one connection, line by line.
final class Client implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;
  private static final int SILENCE_MS = 200;

  private Socket socket;
  private InputStream input;

  /// Connects.
  ///
  /// @param secure whether TLS begins at once
  Client(InetSocketAddress server, boolean secure) throws IOException {
    socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    input = new BufferedInputStream(socket.getInputStream());
    if (secure) {
      startTls();
    }
  }

  /// Begins TLS, whatever the certificate.
  void startTls() throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, null);
      SSLSocket secured =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(
                      socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
      secured.startHandshake();
      socket = secured;
      input = new BufferedInputStream(socket.getInputStream());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /// Sends octets as they are.
  void send(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
    socket.getOutputStream().flush();
  }

  /// The server's next line, without its CRLF.
  ///
  /// @throws IOException if it does not come in time, or ends with anything but CRLF
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet = input.read();
    while (octet >= 0 && octet != '\n') {
      line.write(octet);
      octet = input.read();
    }
    String text = line.toString(StandardCharsets.UTF_8);
    if (octet < 0) {
      throw new IOException(
          "the server closed the connection" + (text.isEmpty() ? "" : " behind " + text));
    }
    if (!text.endsWith("\r")) {
      throw new IOException("a bare LF behind " + text);
    }
    return text.substring(0, text.length() - 1);
  }

  /// Exactly so many octets, as a literal or a message has them.
  byte[] octets(int count) throws IOException {
    byte[] octets = input.readNBytes(count);
    if (octets.length < count) {
      throw new IOException("the server closed the connection behind " + octets.length + " octets");
    }
    return octets;
  }

  /// How long to wait for a line; 10 s until told otherwise.
  void patience(Duration longest) throws IOException {
    socket.setSoTimeout(Math.toIntExact(longest.toMillis()));
  }

  /// Whether nothing comes for a little while.
  boolean silent() throws IOException {
    socket.setSoTimeout(SILENCE_MS);
    input.mark(1);
    try {
      int octet = input.read();
      input.reset();
      return octet < 0;
    } catch (SocketTimeoutException _) {
      return true;
    } finally {
      socket.setSoTimeout(PATIENCE_MS);
    }
  }

  /// Whether the server has ended the connection, with nothing more to say.
  boolean ended() {
    try {
      return input.read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /// Trusts everyone: what is tested is the protocol.
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
