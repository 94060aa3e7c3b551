package org.depozit.tests;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One IMAP connection, command by command. A response is one text in ISO 8859-1, its literals
/// inside; so a character is an octet.
final class ImapSession implements AutoCloseable {
  private static final Pattern LITERAL = Pattern.compile("\\{([0-9]+)}$");

  private final Client client;
  private int tags;

  /// Connects, takes the greeting, and logs in.
  ImapSession(InetSocketAddress server, boolean secure, String user, String password)
      throws IOException {
    this(server, secure);
    command("LOGIN " + user + " " + password);
  }

  /// Connects and takes the greeting.
  ImapSession(InetSocketAddress server, boolean secure) throws IOException {
    client = new Client(server, secure);
    String greeting = response();
    if (!greeting.startsWith("* OK ")) {
      throw new IOException(greeting);
    }
  }

  /// The connection under it.
  Client client() {
    return client;
  }

  /// Sends a command and takes its answer.
  ///
  /// @return the untagged responses
  /// @throws IOException if the answer is not OK
  List<String> command(String command) throws IOException {
    return answer(send(command));
  }

  /// Sends a command.
  ///
  /// @return its tag
  String send(String command) throws IOException {
    String tag = "t" + ++tags;
    client.send((tag + " " + command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return tag;
  }

  /// The untagged responses up to the command's own answer, which is OK.
  List<String> answer(String tag) throws IOException {
    List<String> untagged = new ArrayList<>();
    String response = response();
    while (!response.startsWith(tag + " ")) {
      untagged.add(response);
      response = response();
    }
    if (!response.startsWith(tag + " OK ")) {
      throw new IOException(response);
    }
    return untagged;
  }

  /// Puts a message into a mailbox.
  List<String> append(String mailbox, String message) throws IOException {
    byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
    String tag = send("APPEND " + mailbox + " {" + octets.length + "+}");
    client.send(octets);
    client.send(new byte[] {'\r', '\n'});
    return answer(tag);
  }

  /// Begins to idle.
  ///
  /// @return the tag that [#done] wants
  String idle() throws IOException {
    String tag = send("IDLE");
    String response = response();
    if (!response.startsWith("+ ")) {
      throw new IOException(response);
    }
    return tag;
  }

  /// Ends IDLE.
  ///
  /// @return what was told since
  List<String> done(String tag) throws IOException {
    client.send("DONE\r\n".getBytes(StandardCharsets.US_ASCII));
    return answer(tag);
  }

  /// The next response.
  String response() throws IOException {
    StringBuilder response = new StringBuilder(line());
    Matcher literal = LITERAL.matcher(response);
    while (literal.find()) {
      byte[] octets = client.octets(Integer.parseInt(literal.group(1)));
      response.append("\r\n").append(new String(octets, StandardCharsets.ISO_8859_1));
      int end = response.length();
      response.append(line());
      literal.reset(response).region(end, response.length());
    }
    return response.toString();
  }

  private String line() throws IOException {
    return new String(client.line().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
