package org.depozit.lmtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.depozit.wire.Peer;

/// An LMTP client with nothing of ours in it. No read waits for more than ten seconds.
final class Client implements AutoCloseable {
  private final Peer peer;

  Client(InetSocketAddress address) throws IOException {
    peer = new Peer(address);
  }

  Client send(byte[] octets) throws IOException {
    peer.send(octets);
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
    return peer.line();
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

  /// Everything up to the end, which may be a reset.
  String rest() {
    return peer.rest();
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
    peer.startTls();
    return this;
  }

  /// Leaves without a word.
  @Override
  public void close() throws IOException {
    peer.close();
  }
}
