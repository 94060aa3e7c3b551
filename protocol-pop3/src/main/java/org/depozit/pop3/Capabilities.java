package org.depozit.pop3;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.depozit.wire.Connection;
import org.depozit.wire.Mechanism;
import org.depozit.wire.Sasl;

/// What CAPA lists. RFC 2449 §5 and §6.
///
/// What is listed before the log-in is listed after it, with the same arguments, as RFC 2449 §5
/// demands; but for STLS, which RFC 2595 §4 lists only where it is permitted.
final class Capabilities {
  private Capabilities() {}

  /// The lines of CAPA.
  ///
  /// @param loggedIn whether in the TRANSACTION state
  static List<String> of(Connection connection, long loginDelay, boolean loggedIn) {
    List<String> lines = new ArrayList<>(List.of("TOP", "UIDL"));
    String mechanisms =
        Sasl.offered(connection).stream().map(Mechanism::name).collect(Collectors.joining(" "));
    if (connection.plaintextAllowed()) {
      lines.add("USER");
    }
    if (!mechanisms.isEmpty()) {
      lines.add("SASL " + mechanisms);
    }
    if (connection.startTlsOffered() && !loggedIn) {
      lines.add("STLS");
    }
    lines.addAll(
        List.of(
            "RESP-CODES",
            "AUTH-RESP-CODE",
            "LOGIN-DELAY " + loginDelay,
            "PIPELINING",
            "EXPIRE NEVER",
            "UTF8 USER",
            "LANG",
            "IMPLEMENTATION Depozit"));
    return lines;
  }
}
