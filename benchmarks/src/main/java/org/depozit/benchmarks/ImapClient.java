package org.depozit.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;

/// IMAP as the load speaks it.
final class ImapClient implements AutoCloseable {
  private final Wire wire;
  private int tags;

  private ImapClient(Wire wire) throws IOException {
    this.wire = wire;
    wire.line();
  }

  /// Connects and reads the greeting.
  static ImapClient connect(InetSocketAddress address) throws IOException {
    return new ImapClient(Wire.open(address));
  }

  /// The same with a small buffer, with or without TLS.
  static ImapClient small(InetSocketAddress address, boolean tls) throws IOException {
    int octets = 8192;
    return new ImapClient(tls ? Wire.tls(address, octets) : Wire.open(address, octets));
  }

  /// Connects and logs in.
  static ImapClient login(Contender server, String user) throws IOException {
    ImapClient client = connect(server.address(Protocol.IMAP));
    client.login(user);
    return client;
  }

  ImapClient login(String user) throws IOException {
    run("LOGIN " + user + " " + Accounts.PASSWORD);
    return this;
  }

  private String tag() {
    return "q" + ++tags + "z ";
  }

  /// Sends a command and reads its answer.
  ///
  /// @return octets of the answer
  long run(String command) throws IOException {
    String tag = tag();
    wire.send(tag + command + "\r\n");
    return ended(tag, command);
  }

  private long ended(String tag, String command) throws IOException {
    long octets = wire.until(Octets.of(tag));
    String tail = wire.tail();
    if (!tail.contains(tag + "OK")) {
      throw new IOException(command + ": " + tail.substring(Math.max(0, tail.length() - 300)));
    }
    return octets;
  }

  /// The last of what the last command answered.
  String answer() {
    return wire.tail();
  }

  /// Sends many commands at once and reads their answers; the last must be OK.
  long pipelined(Iterable<String> commands) throws IOException {
    StringBuilder text = new StringBuilder();
    String tag = "";
    for (String command : commands) {
      tag = tag();
      text.append(tag).append(command).append("\r\n");
    }
    wire.send(text.toString());
    return ended(tag, "pipelined commands");
  }

  /// Appends one message.
  void append(String mailbox, byte[] message) throws IOException {
    String tag = tag();
    String command = tag + "APPEND " + mailbox + " {" + message.length + "+}\r\n";
    wire.send(Octets.of(command), message, Octets.of("\r\n"));
    ended(tag, "APPEND");
  }

  /// Begins an APPEND of several messages (RFC 3502).
  String beginAppend(String mailbox) throws IOException {
    String tag = tag();
    wire.send(tag + "APPEND " + mailbox);
    return tag;
  }

  /// One message of several.
  void another(String flags, byte[] message) throws IOException {
    wire.send(Octets.of(" (" + flags + ") {" + message.length + "+}\r\n"), message);
  }

  /// The end of several messages.
  void endAppend(String tag) throws IOException {
    wire.send("\r\n");
    ended(tag, "APPEND");
  }

  /// Begins to idle; ends when the connection is closed.
  void idle() throws IOException {
    wire.send(tag() + "IDLE\r\n");
    wire.line();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
