package org.depozit.tests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One LMTP connection that delivers. RFC 2033 §4.
final class LmtpSession implements AutoCloseable {
  private final Client client;

  /// Connects and says LHLO.
  LmtpSession(InetSocketAddress server) throws IOException {
    client = new Client(server, false);
    reply();
    say("LHLO client.example.org");
  }

  /// Delivers a message whose lines end in CRLF, the last too.
  ///
  /// @param accepted is told each recipient as soon as it is acknowledged
  void deliver(List<String> recipients, String message, Accepted accepted) throws IOException {
    List<String> taken = new ArrayList<>();
    say("MAIL FROM:<sender@example.org>");
    for (String recipient : recipients) {
      if (say("RCPT TO:<" + recipient + ">").startsWith("25")) {
        taken.add(recipient);
      }
    }
    String go = say("DATA");
    if (!go.startsWith("354")) {
      throw new IOException(go);
    }
    client.send(stuffed(message));
    for (String recipient : taken) {
      if (reply().startsWith("25")) {
        accepted.by(recipient);
      }
    }
  }

  /// Delivers a message to one recipient.
  ///
  /// @return the reply to its end
  String delivered(String recipient, String message) throws IOException {
    say("MAIL FROM:<sender@example.org>");
    say("RCPT TO:<" + recipient + ">");
    say("DATA");
    client.send(stuffed(message));
    return reply();
  }

  private static byte[] stuffed(String message) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    String stuffed = ("\r\n" + message).replace("\r\n.", "\r\n..").substring(2);
    octets.write(stuffed.getBytes(StandardCharsets.ISO_8859_1));
    octets.write(".\r\n".getBytes(StandardCharsets.US_ASCII));
    return octets.toByteArray();
  }

  private String say(String command) throws IOException {
    client.send((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return reply();
  }

  /// The last line of the next reply.
  private String reply() throws IOException {
    String line = client.line();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = client.line();
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }

  /// Is told of each acknowledgement.
  interface Accepted {
    /// The recipient has the message.
    void by(String recipient);
  }
}
