package org.depozit.wire;

import java.io.IOException;
import java.util.Optional;

/// A protocol, as a listener sees it: what is done with each connection.
@FunctionalInterface
public interface Service {
  /// Serves one connection, top to bottom, on that connection's own virtual thread. Returning ends
  /// the connection: what is written is flushed, and the socket closed. Or, if [Connection#goOn]
  /// was called, another thread takes the rest over.
  ///
  /// @throws IOException when the peer is gone; that is no fault, and hardly logged. Every other
  ///   exception is logged as ours, and ends this connection only.
  void serve(Connection connection) throws IOException;

  /// The line for a peer that there is no room for, without CRLF: `* BYE [UNAVAILABLE] …`, `-ERR
  /// [SYS/TEMP] …`, `421 4.3.2 …`. Peers of an implicit TLS listener are never told.
  default Optional<String> refusal() {
    return Optional.empty();
  }

  /// The line for a session that ends because the server stops, without CRLF. The session sees the
  /// end of its input at its next read, and returns as if the peer had left; the listener then
  /// writes this line for it. So no session writes it itself, and no second thread ever writes.
  default Optional<String> farewell() {
    return Optional.empty();
  }
}
