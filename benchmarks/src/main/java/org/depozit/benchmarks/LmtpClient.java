package org.depozit.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// LMTP as the load speaks it.
final class LmtpClient implements AutoCloseable {
  private final Wire wire;

  private LmtpClient(Wire wire) {
    this.wire = wire;
  }

  static LmtpClient connect(Contender server) throws IOException {
    LmtpClient client = new LmtpClient(Wire.open(server.address(Protocol.LMTP)));
    client.wire.line();
    client.wire.send("LHLO load.example.org\r\n");
    client.wire.until(Octets.of("250 "));
    return client;
  }

  /// Delivers to one recipient; comes back when the server has taken it over.
  ///
  /// @param dotted the message with its dots doubled, CRLF at its end
  void deliver(String user, byte[] dotted) throws IOException {
    wire.send("MAIL FROM:<load@example.org>\r\nRCPT TO:<" + user + "@example.org>\r\nDATA\r\n");
    wire.lines(3);
    if (!wire.tail().contains("354")) {
      throw new IOException("LMTP: " + wire.tail());
    }
    wire.send(dotted, Octets.of(".\r\n"));
    String reply = wire.line();
    if (!reply.startsWith("250")) {
      throw new IOException("LMTP: " + reply);
    }
  }

  /// A message as it goes over the wire: dots at the beginnings of lines doubled, CRLF at its end.
  static byte[] dotted(byte[] message) {
    ByteArrayOutputStream dotted = new ByteArrayOutputStream(message.length + 64);
    boolean begins = true;
    for (byte b : message) {
      if (begins && b == '.') {
        dotted.write('.');
      }
      dotted.write(b);
      begins = b == '\n';
    }
    if (!begins) {
      dotted.writeBytes(Octets.of("\r\n"));
    }
    return dotted.toByteArray();
  }

  @Override
  public void close() throws IOException {
    wire.send("QUIT\r\n");
    wire.line();
    wire.close();
  }
}
