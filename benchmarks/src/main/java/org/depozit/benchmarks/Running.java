package org.depozit.benchmarks;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The process of a [Contender], while it runs, and where it listens.
final class Running {
  private final Map<Protocol, InetSocketAddress> addresses = new EnumMap<>(Protocol.class);
  private Optional<Process> process = Optional.empty();

  /// It listens at a port of the loopback address.
  void listens(Protocol protocol, int port) {
    addresses.put(protocol, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  InetSocketAddress address(Protocol protocol) {
    return Objects.requireNonNull(addresses.get(protocol), "no listener");
  }

  void started(Process started) {
    process = Optional.of(started);
  }

  /// Empty while it does not run.
  Optional<Process> process() {
    return process;
  }

  /// Its processes, while it runs.
  List<ProcessHandle> family() {
    return process.map(Processes::family).orElse(List.of());
  }

  void end() {
    process.ifPresent(Processes::end);
    process = Optional.empty();
  }

  void kill() {
    process.ifPresent(Processes::kill);
    process = Optional.empty();
  }
}
