package org.depozit.server;

import java.util.ArrayList;
import java.util.List;
import org.depozit.server.Config.Listen;
import org.depozit.server.Config.Protocol;
import org.depozit.wire.HostPort;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Listeners named on the command line. Naming any of them replaces those of the configuration.
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it runs anything
final class ListenOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--imap",
      paramLabel = "HOST:PORT",
      description = "Serve IMAP there; port 0 is any free one.")
  private List<String> imap = new ArrayList<>();

  @Option(names = "--imaps", paramLabel = "HOST:PORT", description = "Serve IMAP inside TLS there.")
  private List<String> imaps = new ArrayList<>();

  @Option(names = "--pop3", paramLabel = "HOST:PORT", description = "Serve POP3 there.")
  private List<String> pop3 = new ArrayList<>();

  @Option(names = "--pop3s", paramLabel = "HOST:PORT", description = "Serve POP3 inside TLS there.")
  private List<String> pop3s = new ArrayList<>();

  @Option(names = "--lmtp", paramLabel = "HOST:PORT", description = "Take mail by LMTP there.")
  private List<String> lmtp = new ArrayList<>();

  /// The configuration with these listeners in the place of its own, if any is named.
  Config over(Config config) {
    List<Listen> named = new ArrayList<>();
    add(named, Protocol.IMAP, imap);
    add(named, Protocol.IMAPS, imaps);
    add(named, Protocol.POP3, pop3);
    add(named, Protocol.POP3S, pop3s);
    add(named, Protocol.LMTP, lmtp);
    return named.isEmpty() ? config : config.listening(named);
  }

  private void add(List<Listen> named, Protocol protocol, List<String> addresses) {
    for (String address : addresses) {
      try {
        named.add(new Listen(protocol, HostPort.parse(address)));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(
            spec.commandLine(), "--" + protocol.text() + ": " + e.getMessage(), e);
      }
    }
  }
}
