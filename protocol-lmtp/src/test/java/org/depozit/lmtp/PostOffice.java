package org.depozit.lmtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.depozit.storage.Content;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxName;
import org.depozit.storage.SqlStore;
import org.depozit.storage.Store;
import org.depozit.storage.StoreSettings;
import org.depozit.storage.View;
import org.depozit.wire.Connections;
import org.depozit.wire.Endpoint;
import org.depozit.wire.Limits;
import org.depozit.wire.Listener;

/// A store for a class of tests, on disk, and servers in front of it. Accounts come one a test.
final class PostOffice implements AutoCloseable {
  private final Store store;
  private int accounts;

  PostOffice(Path directory) {
    store = SqlStore.open(StoreSettings.at(directory));
  }

  Store store() {
    return store;
  }

  /// A new account's name.
  String account() {
    String name = "user" + ++accounts;
    store.createAccount(name, "secret".toCharArray());
    return name;
  }

  /// The messages of an INBOX, with their trace headers.
  List<String> messages(String account) {
    List<String> messages = new ArrayList<>();
    Mailbox inbox = inbox(account);
    View view = inbox.view();
    for (int position = 0; position < view.count(); position++) {
      try (Content content = inbox.content(view.uid(position)).orElseThrow()) {
        messages.add(new String(content.bytes(), StandardCharsets.UTF_8));
      }
    }
    return messages;
  }

  /// The messages of an INBOX without their trace headers, `/` for CRLF.
  List<String> bodies(String account) {
    List<String> bodies = new ArrayList<>();
    Mailbox inbox = inbox(account);
    View view = inbox.view();
    for (int position = 0; position < view.count(); position++) {
      try (Content content = inbox.content(view.uid(position)).orElseThrow()) {
        bodies.add(
            new String(content.body().bytes(), StandardCharsets.ISO_8859_1).replace("\r\n", "/"));
      }
    }
    return bodies;
  }

  private Mailbox inbox(String account) {
    return store.account(account).orElseThrow().mailbox(MailboxName.INBOX).orElseThrow();
  }

  Server serve() throws IOException {
    return serve(store, Limits.DEFAULTS);
  }

  Server serve(Store store, Limits limits) throws IOException {
    return Server.open(Endpoint.plain("lmtp", anyPort()), limits, lmtp(store));
  }

  static Lmtp lmtp(Store store) {
    return new Lmtp(store, new LmtpSettings("mail.example"));
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
    static Server open(Endpoint endpoint, Limits limits, Lmtp lmtp) throws IOException {
      Connections connections = Connections.open(limits);
      return new Server(connections, Listener.open(endpoint, connections, lmtp));
    }

    Client connect() throws IOException {
      return new Client(listener.address());
    }

    /// A client that has said LHLO.
    Client greeted() throws IOException {
      return connect().greet();
    }

    @Override
    public void close() {
      listener.close();
      connections.close();
    }
  }
}
