package org.depozit.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// Where to listen or to connect, as written in configuration: `127.0.0.1:1143`, `[::1]:0`,
/// `localhost:25`, and `*:143` or `:143` for every address of the machine.
///
/// @param host a name or an address, IPv6 without its brackets; empty for every address
/// @param port 0 to 65535; 0 asks for any free port
public record HostPort(String host, int port) {
  /// Refuses ports that do not exist.
  public HostPort {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
  }

  /// Reads the written form.
  ///
  /// @throws IllegalArgumentException if it has another form; the message may be shown to a user
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
    }
    return new HostPort(
        host(text.substring(0, colon), text), port(text.substring(colon + 1), text));
  }

  private static String host(String host, String text) {
    if (host.startsWith("[") && host.endsWith("]")) {
      return host.substring(1, host.length() - 1);
    }
    if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "'" + text + "': an IPv6 address stands in brackets: [::1]:143");
    }
    return host.equals("*") ? "" : host;
  }

  private static int port(String digits, String text) {
    if (!digits.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("'" + text + "' has no port number behind its last colon");
    }
    return Integer.parseInt(digits);
  }

  /// The socket address; a name is looked up now.
  ///
  /// @throws UnknownHostException if the name has no address
  public InetSocketAddress resolve() throws UnknownHostException {
    return host.isEmpty()
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /// An address in the written form: `127.0.0.1:1143`, `[0:0:0:0:0:0:0:1]:143`. Looks up no name.
  public static String text(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    String name = host == null ? address.getHostString() : host.getHostAddress();
    return new HostPort(name, address.getPort()).toString();
  }

  /// The written form, which [#parse(String)] reads again.
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
