package org.depozit.tests;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One POP3 connection, command by command.
final class Pop3Session implements AutoCloseable {
  private final Client client;

  /// Connects and logs in.
  Pop3Session(InetSocketAddress server, String user, String password) throws IOException {
    client = new Client(server, false);
    ok(client.line());
    command("USER " + user);
    command("PASS " + password);
  }

  /// Sends a command whose answer is one line.
  ///
  /// @return what stands behind `+OK `
  /// @throws IOException if it is refused
  String command(String command) throws IOException {
    client.send((command + "\r\n").getBytes(StandardCharsets.UTF_8));
    return ok(client.line());
  }

  private static String ok(String line) throws IOException {
    if (!line.startsWith("+OK")) {
      throw new IOException(line);
    }
    return line.substring(Math.min(line.length(), "+OK ".length()));
  }

  /// Sends a command whose answer is many lines.
  ///
  /// @return the lines, without the dots that were put before dots
  List<String> lines(String command) throws IOException {
    command(command);
    List<String> lines = new ArrayList<>();
    String line = client.line();
    while (!line.equals(".")) {
      lines.add(line.startsWith(".") ? line.substring(1) : line);
      line = client.line();
    }
    return lines;
  }

  /// A message, whole.
  String message(int number) throws IOException {
    List<String> lines = lines("RETR " + number);
    StringBuilder message = new StringBuilder();
    lines.forEach(line -> message.append(line).append("\r\n"));
    return message.toString();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
