package org.depozit.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A server that runs the race: started and ended by the load, with a folder of its own, on
/// loopback.
sealed interface Contender extends AutoCloseable permits Depozit, Dovecot {
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
  void stop() throws IOException;

  /// Ends all of its processes as kill -9 does.
  void kill();

  /// Where it listens.
  InetSocketAddress address(Protocol protocol);

  /// Its processes, while it runs.
  List<ProcessHandle> processes();

  /// Octets that are alive in its heap, after a collection; 0 if it has no such heap.
  long liveHeap() throws IOException;

  @Override
  void close() throws IOException;
}
