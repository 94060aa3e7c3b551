package org.depozit.pop3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.depozit.wire.Peer;

/// A POP3 client with nothing of ours in it. No read waits for more than ten seconds.
final class Client implements AutoCloseable {
  private final Peer peer;

  Client(InetSocketAddress address) throws IOException {
    peer = new Peer(address);
  }

  /// PLAIN's one response, in base64.
  static String plain(String authorization, String user, String password) {
    return base64(authorization + "\0" + user + "\0" + password);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  Client send(byte[] octets) throws IOException {
    peer.send(octets);
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
    return peer.line();
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
      byte[] line = peer.lineOctets();
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

  /// Everything up to the end, which may be a reset.
  String rest() {
    return peer.rest();
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
    peer.startTls();
    return this;
  }

  /// Leaves without a word.
  @Override
  public void close() throws IOException {
    peer.close();
  }
}
