package org.depozit.server;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.depozit.imap.Imap;
import org.depozit.lmtp.Lmtp;
import org.depozit.lmtp.LmtpSettings;
import org.depozit.pop3.Pop3;
import org.depozit.server.Config.Listen;
import org.depozit.server.Config.Protocol;
import org.depozit.storage.SqlStore;
import org.depozit.storage.Store;
import org.depozit.storage.StoreLimits;
import org.depozit.storage.StoreSettings;
import org.depozit.wire.Connections;
import org.depozit.wire.Endpoint;
import org.depozit.wire.HostPort;
import org.depozit.wire.Listener;
import org.depozit.wire.Service;
import org.depozit.wire.Tls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server: the wiring, and the order in which things open and close. Any thread may close
/// it, once or more.
final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final SqlStore store;
  private final Config config;
  private final Connections connections;
  private final Admin admin;
  private final List<Listener> listeners = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean closing;

  private Server(SqlStore store, Config config, Connections connections, Admin admin) {
    this.store = store;
    this.config = config;
    this.connections = connections;
    this.admin = admin;
  }

  /// Opens the store and listens.
  ///
  /// @throws CommandFailed if an address cannot be listened on or the certificate cannot be read
  static Server start(Config config, Path data) {
    SqlStore store =
        SqlStore.open(
            new StoreSettings(
                data, StoreLimits.DEFAULTS, config.forcedFlags(), config.hashesUpgraded()));
    try {
      // What may fail comes first: the connections are watched from here on.
      Admin admin = Admin.open(data, store);
      Server server = new Server(store, config, Connections.open(config.limits()), admin);
      server.listen(data);
      CompletableFuture<Void> _ = store.failure().thenRun(server.over::countDown);
      return server;
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e instanceof RuntimeException known
          ? known
          : new CommandFailed("cannot serve: " + e.getMessage(), e);
    }
  }

  private void listen(Path data) throws IOException {
    try {
      Tls tls = tls(data);
      for (Listen listen : config.listen()) {
        listeners.add(
            Listener.open(endpoint(listen, tls), connections, service(listen.protocol())));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Tls tls(Path data) throws IOException {
    return config.tls().isPresent()
        ? Tls.of(config.tls().get().certificate(), config.tls().get().key())
        : Tls.selfSigned(Files.createDirectories(data.resolve("tls")), config.hostName());
  }

  private Endpoint endpoint(Listen listen, Tls tls) throws IOException {
    InetSocketAddress address = listen.address().resolve();
    String name = listen.protocol().text();
    Endpoint endpoint =
        switch (listen.protocol()) {
          case IMAP, POP3, LMTP -> Endpoint.startTls(name, address, tls);
          case IMAPS, POP3S -> Endpoint.implicitTls(name, address, tls);
        };
    return config.plaintextAllowed() ? endpoint.allowingPlaintext() : endpoint;
  }

  private Service service(Protocol protocol) {
    return switch (protocol) {
      case IMAP, IMAPS -> new Imap(store);
      case POP3, POP3S -> new Pop3(store, config.pop3());
      case LMTP -> new Lmtp(store, new LmtpSettings(config.hostName()));
    };
  }

  /// The address of the first listener of a protocol; empty if none speaks it.
  Optional<InetSocketAddress> address(Protocol protocol) {
    return listeners.stream()
        .filter(listener -> listener.protocol().equals(protocol.text()))
        .map(Listener::address)
        .findFirst();
  }

  /// The store that is served.
  Store store() {
    return store;
  }

  /// Tells each listener, and that all is ready.
  void announce(PrintStream out) {
    for (Listener listener : listeners) {
      out.println("listening " + listener.protocol() + " " + HostPort.text(listener.address()));
    }
    out.println("ready");
    out.flush();
  }

  /// What it was told, with the ports that it has.
  Config config() {
    List<Listen> here = new ArrayList<>();
    for (int i = 0; i < listeners.size(); i++) {
      Listen told = config.listen().get(i);
      int port = listeners.get(i).address().getPort();
      here.add(new Listen(told.protocol(), new HostPort(told.address().host(), port)));
    }
    return config.listening(here);
  }

  /// Whether the store has failed for good, and nobody has closed the server.
  synchronized boolean failed() {
    return !closing && store.failure().isDone();
  }

  /// Waits until the server is closed, or [#failed].
  void awaitClose() {
    try {
      over.await();
    } catch (InterruptedException e) {
      // An embedding program wants its thread back; the server goes on until it is closed.
      LOG.debug("The waiting thread was woken early");
    }
  }

  /// Stops listening, says BYE to every session, and closes the store, within 10 s.
  @Override
  public void close() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    listeners.forEach(Listener::close);
    connections.close();
    try {
      admin.close();
    } catch (IOException e) {
      LOG.warn("The admin socket cannot be closed: {}", e.toString());
    }
    try {
      store.close();
    } finally {
      over.countDown();
    }
  }
}
