package org.depozit.pop3;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// A POP3 client with nothing of ours in it. No read waits for more than ten seconds.
final class Client implements AutoCloseable {
  private Socket socket;
  private InputStream input;

  Client(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    input = new BufferedInputStream(socket.getInputStream());
  }

  /// PLAIN's one response, in base64.
  static String plain(String authorization, String user, String password) {
    return base64(authorization + "\0" + user + "\0" + password);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
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

  /// Sends a line, and reads the first line of the reply.
  String ask(String line) throws IOException {
    return send(line + "\r\n").line();
  }

  /// The next line without its CRLF, or `<end>`.
  String line() throws IOException {
    byte[] octets = lineOctets();
    return octets.length == 0
        ? "<end>"
        : new String(octets, StandardCharsets.UTF_8).replaceFirst("\r\n$", "");
  }

  /// The lines of a multi-line reply, without its first and the dot.
  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.equals("."); line = line()) {
      if (line.equals("<end>")) {
        throw new IOException("ended inside a reply, after " + lines);
      }
      lines.add(line);
    }
    return lines;
  }

  /// The message of a multi-line reply, without the dots of transparency.
  byte[] message() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    while (true) {
      byte[] line = lineOctets();
      if (line.length == 0) {
        throw new IOException("ended inside a message, after " + message.size() + " octets");
      }
      int dots = line[0] == '.' ? 1 : 0;
      if (dots == 1 && line.length == 3) {
        return message.toByteArray();
      }
      message.write(line, dots, line.length - dots);
    }
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

  /// Reads the greeting and logs in.
  Client logIn(String user) throws IOException {
    line();
    ask("USER " + user);
    String reply = ask("PASS secret");
    if (!reply.startsWith("+OK")) {
      throw new IOException("not logged in: " + reply);
    }
    return this;
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
