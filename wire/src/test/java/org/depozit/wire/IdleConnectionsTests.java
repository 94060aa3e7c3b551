package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Measures what an idle connection costs in the heap, both sides of it being in this process;
/// prints it, and asserts only that it is not absurd.
@Timeout(120)
class IdleConnectionsTests {
  private static final int PLAIN = 1000;

  /// Fewer, since their handshakes take most of the test's time.
  private static final int SECURED = 250;

  @TempDir Path directory;

  private static void serve(Connection connection) throws IOException {
    connection.idleTimeout(Duration.ofMinutes(31));
    connection.output().line("hello").flush();
    Optional<String> line = connection.input().text(100);
    while (line.isPresent()) {
      connection.output().line(line.get());
      connection.flushUnlessPipelined();
      line = connection.input().text(100);
    }
  }

  /// The octets in use when the garbage is gone, as far as it can be told.
  private static long heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static long peersAlone() throws IOException {
    List<Peer> peers = new ArrayList<>();
    try (ServerSocket deaf = new ServerSocket(0, PLAIN, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = new InetSocketAddress(deaf.getInetAddress(), deaf.getLocalPort());
      new Peer(address).close();
      long before = heap();
      for (int i = 0; i < 500; i++) {
        peers.add(new Peer(address));
      }
      return (heap() - before) / 500;
    } finally {
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }

  private static long perConnection(Endpoint endpoint, int count) throws IOException {
    List<Peer> peers = new ArrayList<>();
    try (TestServer server =
        TestServer.of(endpoint, Limits.DEFAULTS, IdleConnectionsTests::serve)) {
      peers.add(opened(server, endpoint));
      long before = heap();
      for (int i = 0; i < count; i++) {
        peers.add(opened(server, endpoint));
      }
      long used = heap() - before;
      assertThat(server.connections().all()).hasSize(count + 1);
      assertThat(peers.getFirst().send("alive\r\n").line()).isEqualTo("alive");
      return used / count;
    } finally {
      for (Peer peer : peers) {
        peer.close();
      }
    }
  }

  /// A session that has greeted, worked a little, and idles.
  private static Peer opened(TestServer server, Endpoint endpoint) throws IOException {
    Peer peer = server.connect();
    if (endpoint.implicitTls()) {
      peer.startTls();
    }
    assertThat(peer.line()).isEqualTo("hello");
    assertThat(peer.send("work\r\n").line()).isEqualTo("work");
    return peer;
  }

  @Test
  void anIdleConnectionKeepsNoBuffer() throws IOException {
    long peers = peersAlone();
    long plain = perConnection(Endpoint.plain("test", TestServer.anyPort()), PLAIN) - peers;
    System.out.printf("idle connection, plain: %,d octets of heap%n", plain);
    assertThat(plain).isLessThan(Buffers.SIZE);
  }

  @Test
  void anIdleConnectionInsideTlsIsMeasuredWithItsClient() throws IOException {
    Tls tls = Tls.selfSigned(directory, "localhost");
    long both = perConnection(Endpoint.implicitTls("tests", TestServer.anyPort(), tls), SECURED);
    System.out.printf("idle connection, TLS, with its client: %,d octets of heap%n", both);
    assertThat(both).isLessThan(3 * Buffers.SIZE);
  }
}
