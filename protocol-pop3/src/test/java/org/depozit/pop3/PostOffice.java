package org.depozit.pop3;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.depozit.storage.Account;
import org.depozit.storage.Flag;
import org.depozit.storage.FlagChange;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.InternalDate;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxName;
import org.depozit.storage.Recipient;
import org.depozit.storage.Spool;
import org.depozit.storage.SqlStore;
import org.depozit.storage.Store;
import org.depozit.storage.StoreSettings;
import org.depozit.storage.UidSet;
import org.depozit.wire.Connections;
import org.depozit.wire.Endpoint;
import org.depozit.wire.Limits;
import org.depozit.wire.Listener;

/// A store for a class of tests, on disk, and servers in front of it. Accounts come one a test,
/// with the password `secret`.
final class PostOffice implements AutoCloseable {
  private final Store store;
  private int accounts;

  PostOffice(Path directory) {
    store = SqlStore.open(StoreSettings.at(directory));
  }

  Store store() {
    return store;
  }

  /// A new account's name, with these messages in its INBOX; `/` stands for CRLF.
  String account(String... messages) throws IOException {
    String name = "user" + ++accounts;
    store.createAccount(name, "secret".toCharArray());
    for (String message : messages) {
      deliver(name, octets(message));
    }
    return name;
  }

  static byte[] octets(String text) {
    return text.replace("/", "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  void deliver(String name, byte[] message) throws IOException {
    try (Spool spool = store.spool()) {
      spool.write(message);
      store.deliver(incoming(spool), List.of(new Recipient(open(name), new byte[0])));
    }
  }

  private static IncomingMessage incoming(Spool spool) {
    return new IncomingMessage(spool, Set.of(), InternalDate.of(Instant.EPOCH));
  }

  /// What an IMAP session would do: removes the message of that number.
  void expunge(String name, int number) {
    Mailbox inbox = inbox(name);
    UidSet uid = UidSet.of(inbox.view().uid(number - 1));
    inbox.store(uid, new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
    inbox.expunge(uid);
  }

  Mailbox inbox(String name) {
    return open(name).mailbox(MailboxName.INBOX).orElseThrow();
  }

  int count(String name) {
    return inbox(name).view().count();
  }

  private Account open(String name) {
    return store.account(name).orElseThrow();
  }

  Server serve() throws IOException {
    return serve(Pop3Settings.DEFAULTS, Limits.DEFAULTS);
  }

  Server serve(Pop3Settings settings) throws IOException {
    return serve(settings, Limits.DEFAULTS);
  }

  Server serve(Pop3Settings settings, Limits limits) throws IOException {
    return Server.open(Endpoint.plain("pop3", anyPort()), limits, new Pop3(store, settings));
  }

  static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @Override
  public void close() {
    store.close();
  }

  /// A listener at a free port, and its connections.
  record Server(Connections connections, Listener listener) implements AutoCloseable {
    static Server open(Endpoint endpoint, Limits limits, Pop3 pop3) throws IOException {
      Connections connections = Connections.open(limits);
      return new Server(connections, Listener.open(endpoint, connections, pop3));
    }

    Client connect() throws IOException {
      return new Client(listener.address());
    }

    Client logIn(String user) throws IOException {
      return connect().logIn(user);
    }

    @Override
    public void close() {
      listener.close();
      connections.close();
    }
  }
}
