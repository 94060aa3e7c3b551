package org.depozit.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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

/// The other side of a connection, with nothing of ours in it, for this module's tests and the
/// protocols'. No read waits for more than ten seconds.
public final class Peer implements AutoCloseable {
  private Socket socket;
  private InputStream input;

  Peer(Listener listener) throws IOException {
    this(listener.address());
  }

  /// Connects.
  public Peer(InetSocketAddress address) throws IOException {
    this(new Socket(address.getAddress(), address.getPort()));
  }

  /// Goes on with a socket that is connected.
  Peer(Socket connected) throws IOException {
    socket = connected;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    input = new BufferedInputStream(socket.getInputStream());
  }

  /// Sends text, a character an octet.
  Peer send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Sends octets as they are.
  public Peer send(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
    socket.getOutputStream().flush();
    return this;
  }

  /// The next line without its CRLF, and `<end>` where the connection ended before it.
  public String line() throws IOException {
    byte[] octets = lineOctets();
    String line = new String(octets, StandardCharsets.UTF_8);
    boolean whole = octets.length > 0 && octets[octets.length - 1] == '\n';
    return whole ? line.replaceFirst("\r?\n$", "") : line + "<end>";
  }

  /// The next line with its CRLF, or what there is of it; empty at the end.
  public byte[] lineOctets() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet = 0;
    while (octet != '\n' && (octet = input.read()) >= 0) {
      line.write(octet);
    }
    return line.toByteArray();
  }

  byte[] octets(int length) throws IOException {
    return input.readNBytes(length);
  }

  /// Everything up to the end, which may be a reset.
  public String rest() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      input.transferTo(all);
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
  public Peer startTls(String... protocols) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            trusting().getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    if (protocols.length > 0) {
      secured.setEnabledProtocols(protocols);
    }
    secured.startHandshake();
    socket = secured;
    input = new BufferedInputStream(secured.getInputStream());
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
