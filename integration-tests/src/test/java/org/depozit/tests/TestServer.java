package org.depozit.tests;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.depozit.imap.Imap;
import org.depozit.lmtp.Lmtp;
import org.depozit.lmtp.LmtpSettings;
import org.depozit.pop3.Pop3;
import org.depozit.pop3.Pop3Settings;
import org.depozit.storage.Account;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.InternalDate;
import org.depozit.storage.MailboxName;
import org.depozit.storage.Spool;
import org.depozit.storage.SqlStore;
import org.depozit.storage.Store;
import org.depozit.storage.StoreSettings;
import org.depozit.wire.Connections;
import org.depozit.wire.Endpoint;
import org.depozit.wire.Limits;
import org.depozit.wire.Listener;
import org.depozit.wire.Service;
import org.depozit.wire.Tls;

/// All protocols over a fresh store, on free ports of the loopback, in this process.
final class TestServer implements AutoCloseable {
  /// Everybody's password.
  static final String PASSWORD = "secret";

  private static final OffsetDateTime FIRST_MAIL = OffsetDateTime.parse("2026-01-01T12:00:00Z");

  private final Store store;
  private final Connections connections;
  private final Map<String, Listener> listeners = new HashMap<>();
  private int mails;

  /// A server that serves.
  ///
  /// @param data a directory of its own
  /// @param tls the certificate, which is dear to make
  TestServer(Path data, Tls tls, Limits limits) throws IOException {
    store = SqlStore.open(StoreSettings.at(data));
    connections = Connections.open(limits);
    listen("imap", tls, new Imap(store));
    listen("pop3", tls, new Pop3(store, Pop3Settings.DEFAULTS));
    listen("lmtp", tls, new Lmtp(store, LmtpSettings.DEFAULTS));
  }

  private void listen(String protocol, Tls tls, Service service) throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Endpoint plain = Endpoint.startTls(protocol, anyPort, tls);
    Endpoint secure = Endpoint.implicitTls(protocol + "s", anyPort, tls);
    listeners.put(protocol, Listener.open(plain, connections, service));
    listeners.put(protocol + "s", Listener.open(secure, connections, service));
  }

  /// The store behind it.
  Store store() {
    return store;
  }

  /// Where a protocol is served: `imap`, `imaps`, `pop3` …
  InetSocketAddress address(String protocol) {
    Listener listener = listeners.get(protocol);
    if (listener == null) {
      throw new IllegalArgumentException("no such protocol: " + protocol);
    }
    return listener.address();
  }

  /// Makes a user.
  void user(String name) {
    store.createAccount(name, PASSWORD.toCharArray());
  }

  /// Puts a message into a mailbox, a minute after the one before.
  void mail(Path file, String user, MailboxName mailbox) throws IOException {
    Account account = store.account(user).orElseThrow();
    InternalDate date = InternalDate.of(FIRST_MAIL.plusMinutes(mails++));
    try (Spool spool = store.spool();
        InputStream octets = Files.newInputStream(file)) {
      octets.transferTo(spool);
      account.mailbox(mailbox).orElseThrow().append(new IncomingMessage(spool, Set.of(), date));
    }
  }

  @Override
  public void close() {
    List.copyOf(listeners.values()).forEach(Listener::close);
    connections.close();
    store.close();
  }
}
