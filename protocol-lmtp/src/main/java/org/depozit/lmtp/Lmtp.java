package org.depozit.lmtp;

import java.io.IOException;
import java.util.Optional;
import org.depozit.storage.Store;
import org.depozit.wire.Connection;
import org.depozit.wire.Service;

/// LMTP into a store: give it to a [org.depozit.wire.Listener]. RFC 2033.
///
/// One for all listeners and connections. Who may connect may deliver: listen on loopback, or where
/// only the mail server can reach. What happens on a connection begins in `LmtpConnection`.
public final class Lmtp implements Service {
  private final Store store;
  private final LmtpSettings settings;

  /// LMTP for the accounts of a store.
  ///
  /// @param store not closed by this
  /// @param settings what an administrator has chosen
  public Lmtp(Store store, LmtpSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  @Override
  public void serve(Connection connection) throws IOException {
    new LmtpConnection(connection, store, settings).serve();
  }

  @Override
  public Optional<String> refusal() {
    return Optional.of(Reply.TOO_MANY_CONNECTIONS.line());
  }

  @Override
  public Optional<String> farewell() {
    return Optional.of(Reply.SHUTTING_DOWN.line());
  }
}
