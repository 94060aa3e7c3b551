package org.depozit.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A listener at a free port of 127.0.0.1, and its connections.
record TestServer(Connections connections, Listener listener) implements AutoCloseable {
  static TestServer of(Service service) throws IOException {
    return of(Limits.DEFAULTS, service);
  }

  static TestServer of(Limits limits, Service service) throws IOException {
    return of(Endpoint.plain("test", anyPort()), limits, service);
  }

  static TestServer of(Endpoint endpoint, Limits limits, Service service) throws IOException {
    Connections connections = Connections.open(limits);
    return new TestServer(connections, Listener.open(endpoint, connections, service));
  }

  static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  Peer connect() throws IOException {
    return new Peer(listener);
  }

  @Override
  public void close() {
    stop();
  }

  void stop() {
    listener.close();
    connections.close();
  }
}
