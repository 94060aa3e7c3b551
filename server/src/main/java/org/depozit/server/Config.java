package org.depozit.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.depozit.pop3.Pop3Settings;
import org.depozit.wire.HostPort;
import org.depozit.wire.Limits;

/// What a server is told: from the configuration file, the command line, or the defaults.
///
/// @param data the data directory; empty if only the command line names it
/// @param hostName the name that greetings and trace headers bear
/// @param listen where to listen
/// @param tls the certificate; empty for a self-signed one made at the first start
/// @param plaintextAllowed whether passwords may come unprotected from beyond loopback; default no
/// @param forcedFlags whether a flag change waits until it is forced; default no, it is forced
///   within 100 ms
/// @param hashesUpgraded whether a password hash of another server becomes argon2id at the first
///   good log-in; default yes
/// @param pop3 what POP3 does where the RFCs leave a choice
/// @param limits every bound of the protocols
record Config(
    Optional<Path> data,
    String hostName,
    List<Listen> listen,
    Optional<PemFiles> tls,
    boolean plaintextAllowed,
    boolean forcedFlags,
    boolean hashesUpgraded,
    Pop3Settings pop3,
    Limits limits) {
  Config {
    listen = List.copyOf(listen);
  }

  /// What a listener speaks. `imaps` and `pop3s` begin with TLS (RFC 8314 §3).
  enum Protocol {
    IMAP(1143),
    IMAPS(1993),
    POP3(1110),
    POP3S(1995),
    LMTP(1024);

    private final int port;

    Protocol(int port) {
      this.port = port;
    }

    /// As it is written: `imap`.
    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    boolean implicitTls() {
      return this == IMAPS || this == POP3S;
    }

    /// Where it listens if nothing is said: on loopback, on a port that needs no privilege.
    Listen usual() {
      return new Listen(this, new HostPort("127.0.0.1", port));
    }
  }

  /// One listener.
  record Listen(Protocol protocol, HostPort address) {}

  /// A certificate chain and its key.
  record PemFiles(Path certificate, Path key) {}

  /// A server that was told nothing: every protocol on loopback.
  static Config usual() {
    return new Config(
        Optional.empty(),
        localName(),
        List.of(Protocol.values()).stream().map(Protocol::usual).toList(),
        Optional.empty(),
        false,
        false,
        true,
        Pop3Settings.DEFAULTS,
        Limits.DEFAULTS);
  }

  /// The same with other listeners.
  Config listening(List<Listen> others) {
    return new Config(
        data, hostName, others, tls, plaintextAllowed, forcedFlags, hashesUpgraded, pop3, limits);
  }

  static String localName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
