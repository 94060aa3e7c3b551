package org.depozit.imap;

import java.io.IOException;
import java.util.Optional;
import org.depozit.storage.Store;
import org.depozit.wire.Connection;
import org.depozit.wire.Service;

/// IMAP, as a listener sees it: give it to [org.depozit.wire.Listener#open]. RFC 9051. Any thread
/// may call.
///
/// @param store whose mail is served
public record Imap(Store store) implements Service {
  @Override
  public void serve(Connection connection) throws IOException {
    ImapConnection.serve(connection, store);
  }

  @Override
  public Optional<String> refusal() {
    return Optional.of("* BYE [UNAVAILABLE] Too many connections, try again later");
  }

  @Override
  public Optional<String> farewell() {
    return Optional.of("* BYE The server is stopping");
  }
}
