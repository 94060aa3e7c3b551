package org.depozit.imap.syntax;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.depozit.wire.Connection;
import org.depozit.wire.Connections;
import org.depozit.wire.Endpoint;
import org.depozit.wire.Limits;
import org.depozit.wire.Listener;

/// A client and a server's side of one real socket: what the client sends is read by a piece of the
/// grammar.
final class Peer {
  private Peer() {}

  /// What is read.
  @FunctionalInterface
  interface Reading<T> {
    T read(Args args, Connection connection) throws IOException;
  }

  /// What came of it.
  ///
  /// @param value what was read
  /// @param answered what the client was sent
  record Read<T>(T value, String answered) {}

  /// Reads what a client that has logged in sends, in one packet.
  static <T> T read(String sent, Reading<T> reading) {
    return exchange(sent, true, Limits.DEFAULTS, reading).value();
  }

  /// Reads what a client sends, and what it is sent.
  ///
  /// @param sent a character an octet
  static <T> Read<T> exchange(String sent, boolean loggedIn, Limits limits, Reading<T> reading) {
    CompletableFuture<T> value = new CompletableFuture<>();
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Connections connections = Connections.open(limits);
        Listener listener =
            Listener.open(
                Endpoint.plain("test", anyPort),
                connections,
                connection -> complete(value, connection, loggedIn, reading));
        Socket client = new Socket(listener.address().getAddress(), listener.address().getPort())) {
      client.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
      client.shutdownOutput();
      String answered = all(client.getInputStream());
      return new Read<>(value.get(10, TimeUnit.SECONDS), answered);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (IOException | InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> void complete(
      CompletableFuture<T> value, Connection connection, boolean loggedIn, Reading<T> reading) {
    try {
      Args args = new Args(connection.input(), connection.output(), connection.limits(), loggedIn);
      value.complete(reading.read(args, connection));
    } catch (IOException | RuntimeException e) {
      value.completeExceptionally(e);
    }
  }

  private static String all(InputStream input) throws IOException {
    return new String(input.readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}
