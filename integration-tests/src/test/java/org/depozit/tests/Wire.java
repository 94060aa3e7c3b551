package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The client's side of a connection whose octets matter: a character is an octet (ISO 8859-1).
final class Wire implements AutoCloseable {
  private static final int PATIENCE_MS = 60_000;

  private final Socket socket;
  private final InputStream input;

  /// Connects.
  Wire(InetSocketAddress server) throws IOException {
    socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    input = new BufferedInputStream(socket.getInputStream(), 64 << 10);
  }

  /// Sends octets as they are.
  void send(String octets) throws IOException {
    socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /// The next line, without its CRLF.
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int octet = input.read();
      if (octet < 0) {
        throw new EOFException("the server closed the connection behind " + line);
      }
      if (octet == '\n' && !line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
        line.setLength(line.length() - 1);
        return line.toString();
      }
      line.append((char) octet);
    }
  }

  /// So many octets.
  String octets(int count) throws IOException {
    byte[] octets = input.readNBytes(count);
    assertThat(octets).hasSize(count);
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  /// The lines up to a lone dot, without the dots that others begin with.
  List<String> untilDot() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.equals("."); line = line()) {
      lines.add(line.startsWith(".") ? line.substring(1) : line);
    }
    return lines;
  }

  /// Reads a line for each of these, which it must begin with.
  void expect(String... begins) throws IOException {
    for (String begin : begins) {
      assertThat(line()).startsWith(begin);
    }
  }

  /// Reads a reply of several lines, `250-…`, to its last one.
  void expectLast(String code) throws IOException {
    String line = line();
    while (line.startsWith(code + "-")) {
      line = line();
    }
    assertThat(line).startsWith(code + " ");
  }

  /// Reads over lines up to the one that begins like this.
  void skipTo(String begin) throws IOException {
    String line = line();
    while (!line.startsWith(begin)) {
      line = line();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
