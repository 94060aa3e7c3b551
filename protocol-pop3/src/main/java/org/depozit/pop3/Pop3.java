package org.depozit.pop3;

import java.io.IOException;
import java.util.Optional;
import org.depozit.storage.Store;
import org.depozit.wire.Connection;
import org.depozit.wire.Service;

/// POP3 over a store: give it to a [org.depozit.wire.Listener]. RFC 1939.
///
/// One for all listeners and connections, of `pop3` and `pop3s`. What happens on a connection
/// begins in `Pop3Connection`.
public final class Pop3 implements Service {
  private final Store store;
  private final Pop3Settings settings;
  private final LoginDelays delays;

  /// POP3 for the accounts of a store.
  ///
  /// @param store not closed by this
  /// @param settings what an administrator has chosen
  public Pop3(Store store, Pop3Settings settings) {
    this.store = store;
    this.settings = settings;
    this.delays = new LoginDelays(settings.loginDelay());
  }

  @Override
  public void serve(Connection connection) throws IOException {
    new Pop3Connection(connection, store, settings, delays).serve();
  }

  @Override
  public Optional<String> refusal() {
    return Optional.of(Replies.error(ResponseCode.SYS_TEMP, Phrase.TOO_MANY_CONNECTIONS));
  }

  @Override
  public Optional<String> farewell() {
    return Optional.of(Replies.error(ResponseCode.SYS_TEMP, Phrase.SHUTTING_DOWN));
  }
}
