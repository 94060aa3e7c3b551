package org.depozit.lmtp;

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

/// An LMTP client with nothing of ours in it. No read waits for more than ten seconds.
final class Client implements AutoCloseable {
  private Socket socket;
  private InputStream input;

  Client(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    input = new BufferedInputStream(socket.getInputStream());
  }

  Client send(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
    socket.getOutputStream().flush();
    return this;
  }

  /// Sends text as it is, in UTF-8.
  Client send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends a line, and reads the reply.
  String ask(String line) throws IOException {
    return send(line + "\r\n").reply();
  }

  /// The next line without its CRLF, or `<end>`.
  String line() throws IOException {
    byte[] octets = lineOctets();
    return octets.length == 0
        ? "<end>"
        : new String(octets, StandardCharsets.UTF_8).replaceFirst("\r\n$", "");
  }

  /// A whole reply, its lines joined by `/`.
  String reply() throws IOException {
    StringBuilder reply = new StringBuilder(line());
    String last = reply.toString();
    while (last.length() > 3 && last.charAt(3) == '-') {
      last = line();
      reply.append('/').append(last);
    }
    return reply.toString();
  }

  private byte[] lineOctets() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet = 0;
    while (octet != '\n' && (octet = input.read()) >= 0) {
      line.write(octet);
    }
    return line.toByteArray();
  }

  /// Everything up to the end, which may be a reset.
  String rest() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      input.transferTo(all);
    } catch (IOException e) {
      all.writeBytes("<reset>".getBytes(StandardCharsets.US_ASCII));
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /// Reads the greeting and says LHLO.
  Client greet() throws IOException {
    reply();
    ask("LHLO relay.example");
    return this;
  }

  /// Begins a transaction: MAIL, and RCPT for each; they must be taken.
  Client address(String... recipients) throws IOException {
    expect("250 2.1.0", ask("MAIL FROM:<sender@example.org>"));
    for (String recipient : recipients) {
      expect("250 2.1.5", ask("RCPT TO:<" + recipient + ">"));
    }
    return this;
  }

  /// Begins the data.
  Client data() throws IOException {
    expect("354", ask("DATA"));
    return this;
  }

  private static void expect(String beginning, String reply) throws IOException {
    if (!reply.startsWith(beginning)) {
      throw new IOException("not " + beginning + ": " + reply);
    }
  }

  /// Begins TLS, trusting whomever.
  Client startTls() throws IOException {
    SSLSocket secured =
        (SSLSocket)
            trusting().getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    secured.startHandshake();
    socket = secured;
    input = new BufferedInputStream(secured.getInputStream());
    return this;
  }

  /// Leaves without a word.
  @Override
  public void close() throws IOException {
    socket.close();
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
