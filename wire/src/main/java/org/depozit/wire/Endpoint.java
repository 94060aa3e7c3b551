package org.depozit.wire;

import java.net.InetSocketAddress;
import java.util.Optional;

/// Where and how a [Listener] listens.
///
/// @param protocol the protocol's name as logs and `depozit serve` print it: `imap`, `imaps`,
///   `pop3` …
/// @param address where to listen; port 0 for any free one
/// @param tls the keys for TLS; empty for a listener without
/// @param implicitTls whether TLS begins with the first octet (RFC 8314 §3); otherwise, with `tls`,
///   by STARTTLS or STLS
/// @param plaintextAllowed whether passwords may come unprotected from other machines too: only if
///   someone has configured just that
public record Endpoint(
    String protocol,
    InetSocketAddress address,
    Optional<Tls> tls,
    boolean implicitTls,
    boolean plaintextAllowed) {
  /// Refuses implicit TLS without keys.
  public Endpoint {
    if (implicitTls && tls.isEmpty()) {
      throw new IllegalArgumentException(protocol + ": implicit TLS wants a certificate");
    }
  }

  /// An endpoint without TLS.
  public static Endpoint plain(String protocol, InetSocketAddress address) {
    return new Endpoint(protocol, address, Optional.empty(), false, false);
  }

  /// An endpoint that begins in plaintext and offers STARTTLS or STLS.
  public static Endpoint startTls(String protocol, InetSocketAddress address, Tls tls) {
    return new Endpoint(protocol, address, Optional.of(tls), false, false);
  }

  /// An endpoint with TLS from the first octet.
  public static Endpoint implicitTls(String protocol, InetSocketAddress address, Tls tls) {
    return new Endpoint(protocol, address, Optional.of(tls), true, false);
  }

  /// The same, with unprotected passwords allowed from everywhere.
  public Endpoint allowingPlaintext() {
    return new Endpoint(protocol, address, tls, implicitTls, true);
  }
}
