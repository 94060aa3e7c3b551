package org.depozit.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A server that runs the race: started and ended by the load, with a folder of its own, on
/// loopback.
sealed interface Contender extends AutoCloseable permits Depozit, Dovecot {
  /// Its process and addresses.
  Running running();

  /// As the table calls it.
  String name();

  /// Makes the accounts; before the first start.
  void adopt(Map<String, String> hashes) throws IOException;

  /// Puts the mails of an mbox file into an account's INBOX.
  void fill(String user, Path mbox) throws IOException;

  /// Starts it and comes back when it serves.
  ///
  /// @return seconds that it took
  double start() throws IOException;

  /// Ends it as an operator would.
  default void stop() {
    running().end();
  }

  /// Ends all of its processes as kill -9 does.
  default void kill() {
    running().kill();
  }

  /// Where it listens.
  default InetSocketAddress address(Protocol protocol) {
    return running().address(protocol);
  }

  /// Its processes, while it runs.
  default List<ProcessHandle> processes() {
    return running().family();
  }

  /// Octets that are alive in its heap, after a collection; 0 if it has no such heap.
  long liveHeap() throws IOException;

  @Override
  default void close() {
    stop();
  }
}
