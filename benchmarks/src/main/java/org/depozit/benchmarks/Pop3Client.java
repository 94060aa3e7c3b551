package org.depozit.benchmarks;

import java.io.IOException;

/// POP3 as the load speaks it.
final class Pop3Client implements AutoCloseable {
  private final Wire wire;

  private Pop3Client(Wire wire) {
    this.wire = wire;
  }

  static Pop3Client login(Contender server, String user) throws IOException {
    Pop3Client client = new Pop3Client(Wire.open(server.address(Protocol.POP3)));
    client.ok(client.wire.line());
    client.run("USER " + user);
    client.run("PASS " + Accounts.PASSWORD);
    return client;
  }

  private void ok(String line) throws IOException {
    if (!line.startsWith("+OK")) {
      throw new IOException("POP3: " + line);
    }
  }

  /// A command with an answer of one line.
  void run(String command) throws IOException {
    wire.send(command + "\r\n");
    ok(wire.line());
  }

  /// A command with an answer of many lines.
  long lines(String command) throws IOException {
    wire.send(command + "\r\n");
    return wire.dotted(1);
  }

  /// RETR of these messages, all asked for at once.
  long retrieve(int first, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("RETR ").append(first + i).append("\r\n");
    }
    wire.send(text.toString());
    return wire.dotted(count);
  }

  @Override
  public void close() throws IOException {
    wire.send("QUIT\r\n");
    wire.line();
    wire.close();
  }
}
