package org.depozit.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All the connections of a server, of every protocol: counts them against the bounds, gives up
/// peers that hold up a write, and ends them all when the server stops. Listeners share one.
///
/// Any thread may call.
public final class Connections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final Duration WATCH = Duration.ofMillis(500);
  private static final Duration POLL = Duration.ofMillis(10);

  private final Limits limits;
  private final Throttle throttle;
  private final ConcurrentHashMap<Long, Connection> open = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<AddressBlock, Integer> byAddress = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Integer> byUser = new ConcurrentHashMap<>();
  private final AtomicInteger admitted = new AtomicInteger();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  /// Open once no peer is taken in any more; then, once all have gone, the watch ends too.
  private final CountDownLatch closing = new CountDownLatch(1);

  private final CountDownLatch stopped = new CountDownLatch(1);

  private Connections(Limits limits) {
    this.limits = limits;
    this.throttle = new Throttle(limits);
  }

  /// No connections yet, and a watch over those to come, until [#close()].
  public static Connections open(Limits limits) {
    Connections connections = new Connections(limits);
    Thread.ofVirtual().name("connections-watch").start(connections::watch);
    return connections;
  }

  /// The bounds.
  public Limits limits() {
    return limits;
  }

  /// The memory of failed log-ins.
  public Throttle throttle() {
    return throttle;
  }

  /// The connections that are open now, for metrics and lists of sessions; a view that changes.
  public Collection<Connection> all() {
    return Collections.unmodifiableCollection(open.values());
  }

  /// How many peers have been refused for want of room since the start.
  public long refused() {
    return refused.get();
  }

  /// Ends every session: its input ends, it returns by itself with the farewell of its protocol;
  /// what is still there after [Limits#closingTime()] is closed. Close the listeners first. Returns
  /// when all are gone, or soon after that time.
  @Override
  public void close() {
    closing.countDown();
    open.values().forEach(Connection::endInput);
    if (!awaitNone(limits.closingTime())) {
      LOG.info("{} connections did not end in time", open.size());
      open.values().forEach(Connection::close);
      awaitNone(Duration.ofSeconds(1));
    }
    stopped.countDown();
  }

  /// Takes a peer in.
  ///
  /// @return empty if there is no room for it; the socket is then still open
  Optional<Connection> admit(Endpoint endpoint, Socket socket, InetSocketAddress peer)
      throws IOException {
    if (closing.getCount() == 0 || !count(peer.getAddress())) {
      refused.incrementAndGet();
      return Optional.empty();
    }
    try {
      Connection connection = new Connection(ids.incrementAndGet(), endpoint, this, socket, peer);
      open.put(connection.id(), connection);
      if (closing.getCount() == 0) {
        // Came between close()'s look around and here.
        connection.endInput();
      }
      return Optional.of(connection);
    } catch (IOException | RuntimeException e) {
      uncount(peer.getAddress());
      throw e;
    }
  }

  /// Forgets a connection that has ended.
  void remove(Connection connection) {
    if (open.remove(connection.id()) != null) {
      uncount(connection.peer().getAddress());
    }
  }

  /// Counts a connection as a user's; false if the user has enough.
  boolean enter(String user) {
    return add(byUser, user, limits.connectionsPerUser());
  }

  /// Takes [#enter(String)] back.
  void leave(String user) {
    subtract(byUser, user);
  }

  private boolean count(InetAddress peer) {
    if (admitted.incrementAndGet() > limits.connections()) {
      admitted.decrementAndGet();
      return false;
    }
    int bound =
        peer.isLoopbackAddress() && limits.loopbackTrusted()
            ? Integer.MAX_VALUE
            : limits.connectionsPerAddress();
    if (!add(byAddress, AddressBlock.of(peer), bound)) {
      admitted.decrementAndGet();
      return false;
    }
    return true;
  }

  private void uncount(InetAddress peer) {
    subtract(byAddress, AddressBlock.of(peer));
    admitted.decrementAndGet();
  }

  private static <K> boolean add(ConcurrentHashMap<K, Integer> counts, K key, int bound) {
    boolean[] added = new boolean[1];
    counts.compute(
        key,
        (_, past) -> {
          int count = past == null ? 0 : past;
          added[0] = count < bound;
          return added[0] ? Integer.valueOf(count + 1) : past;
        });
    return added[0];
  }

  private static <K> void subtract(ConcurrentHashMap<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (_, past) -> past == 1 ? null : past - 1);
  }

  private void watch() {
    while (!Waiting.until(stopped, WATCH)) {
      long now = System.nanoTime();
      open.values().forEach(connection -> connection.watch(now));
    }
  }

  private boolean awaitNone(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!open.isEmpty() && System.nanoTime() - end < 0) {
      Waiting.until(never, POLL);
    }
    return open.isEmpty();
  }
}
