package org.depozit.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts connections at one address and serves each on a virtual thread of its own.
///
/// The accepting thread only accepts, counts and starts; TLS handshakes and everything else happen
/// on the connection's thread. Nothing that a connection does, and no shortage of file descriptors,
/// ends the accepting.
public final class Listener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final Duration ENDING = Duration.ofSeconds(2);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

  private final Endpoint endpoint;
  private final Connections connections;
  private final Service service;
  private final ServerSocket server;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private Listener(
      Endpoint endpoint, Connections connections, Service service, ServerSocket server) {
    this.endpoint = endpoint;
    this.connections = connections;
    this.service = service;
    this.server = server;
  }

  /// Begins to listen; when this returns, peers can connect.
  ///
  /// @throws IOException if the address is taken, or not this machine's; the message names it
  public static Listener open(Endpoint endpoint, Connections connections, Service service)
      throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(endpoint.address(), connections.limits().backlog());
    } catch (IOException e) {
      server.close();
      throw new IOException(
          endpoint.protocol() + " at " + HostPort.text(endpoint.address()) + ": " + e.getMessage(),
          e);
    }
    Listener listener = new Listener(endpoint, connections, service, server);
    Thread.ofVirtual().name("listen-" + endpoint.protocol()).start(listener::acceptAll);
    return listener;
  }

  /// The protocol's name, as in the endpoint.
  public String protocol() {
    return endpoint.protocol();
  }

  /// The address that is listened at, with the port that the system chose for port 0.
  public InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  /// Stops accepting: nobody can connect when this returns. Sessions that are open go on;
  /// [Connections#close()] ends them.
  @Override
  public void close() {
    closed.countDown();
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("{}: not closed cleanly", endpoint.protocol(), e);
    }
    // The kernel listens until the thread inside accept() has let go.
    if (!Waiting.until(ended, ENDING)) {
      LOG.warn("{}: still accepting", endpoint.protocol());
    }
  }

  private void acceptAll() {
    try {
      while (closed.getCount() > 0) {
        accept();
      }
    } finally {
      ended.countDown();
    }
  }

  private void accept() {
    try {
      start(server.accept());
    } catch (IOException | RuntimeException | Error e) {
      if (closed.getCount() > 0) {
        LOG.warn("{}: could not accept a connection: {}", endpoint.protocol(), e.toString());
        pause();
      }
    }
  }

  /// Lets others give file descriptors or memory back.
  private void pause() {
    boolean ended = Waiting.until(closed, AFTER_FAILURE);
    LOG.debug("{}: {}", endpoint.protocol(), ended ? "closed" : "accepting again");
  }

  /// Starts a session, or closes the socket; a peer that is gone already delays nobody.
  private void start(Socket socket) {
    boolean started = false;
    try {
      started = admitted(socket);
    } catch (IOException e) {
      LOG.debug("{}: gone before it was served", endpoint.protocol(), e);
    } finally {
      if (!started) {
        closeQuietly(socket);
      }
    }
  }

  private boolean admitted(Socket socket) throws IOException {
    if (!(socket.getRemoteSocketAddress() instanceof InetSocketAddress peer)) {
      return false;
    }
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    Optional<Connection> connection = connections.admit(endpoint, socket, peer);
    if (connection.isPresent()) {
      start(connection.get(), this::begin);
    } else {
      refuse(socket, peer);
    }
    return connection.isPresent();
  }

  private void start(Connection connection, Service part) {
    try {
      thread(connection, part);
    } catch (RuntimeException | Error e) {
      connections.remove(connection);
      throw e;
    }
  }

  private void thread(Connection connection, Service part) {
    Thread.ofVirtual()
        .name(endpoint.protocol() + "-" + connection.id())
        .start(() -> run(connection, part));
  }

  /// Tells why, if it can be told: a line into an empty send buffer never waits.
  private void refuse(Socket socket, InetSocketAddress peer) throws IOException {
    long refused = connections.refused();
    // Each doubling only, since a flood of peers must not become a flood of lines.
    if (Long.bitCount(refused) == 1) {
      LOG.warn("{}: no room for {}, refused {}", endpoint.protocol(), HostPort.text(peer), refused);
    }
    Optional<String> line = service.refusal();
    if (line.isPresent() && !endpoint.implicitTls()) {
      String text = Output.oneLine(line.get()) + "\r\n";
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
    }
  }

  private void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("{}: not closed cleanly", endpoint.protocol(), e);
    }
  }

  private void begin(Connection connection) throws IOException {
    if (endpoint.implicitTls()) {
      connection.handshake();
    }
    service.serve(connection);
  }

  private void run(Connection connection, Service part) {
    if (!goesOn(connection, part)) {
      try {
        connection.finish(service.farewell());
      } finally {
        connections.remove(connection);
      }
    }
  }

  /// Serves a part of the session.
  ///
  /// @return whether another thread serves the rest: this one is not to touch the connection again
  private boolean goesOn(Connection connection, Service part) {
    try {
      part.serve(connection);
      Optional<Service> rest = connection.takeRest();
      rest.ifPresent(next -> thread(connection, next));
      return rest.isPresent();
    } catch (IOException e) {
      LOG.debug("{}: {}", connection, e.toString());
    } catch (RuntimeException | Error e) {
      LOG.error("{}: ended by a fault of ours", connection, e);
    }
    return false;
  }
}
