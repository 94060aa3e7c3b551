package org.depozit.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// The other side of a connection, with nothing of ours in it. No read waits for more than ten
/// seconds.
final class Peer implements AutoCloseable {
  private Socket socket;

  Peer(Listener listener) throws IOException {
    this(listener.address());
  }

  Peer(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
  }

  Peer send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Peer send(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
    socket.getOutputStream().flush();
    return this;
  }

  /// The next line without its CRLF, or `<end>`.
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int octet = socket.getInputStream().read();
      if (octet < 0) {
        return line.size() == 0 ? "<end>" : line.toString(StandardCharsets.UTF_8) + "<end>";
      }
      if (octet == '\n') {
        return line.toString(StandardCharsets.UTF_8).replaceAll("\r$", "");
      }
      line.write(octet);
    }
  }

  byte[] octets(int length) throws IOException {
    return socket.getInputStream().readNBytes(length);
  }

  /// Everything up to the end, which may be a reset.
  String rest() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (IOException e) {
      all.writeBytes("<reset>".getBytes(StandardCharsets.US_ASCII));
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  Peer endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /// Begins TLS, trusting whomever, with the given protocols or the JDK's own.
  Peer startTls(String... protocols) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            trusting().getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    if (protocols.length > 0) {
      secured.setEnabledProtocols(protocols);
    }
    secured.startHandshake();
    socket = secured;
    return this;
  }

  /// The certificate that the server has shown.
  X509Certificate certificate() throws IOException {
    return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
  }

  Socket socket() {
    return socket;
  }

  void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    hangUp();
  }

  private static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
