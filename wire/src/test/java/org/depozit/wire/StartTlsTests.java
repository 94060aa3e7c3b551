package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StartTlsTests {
  @TempDir Path directory;

  private final List<String> commands = new CopyOnWriteArrayList<>();
  private Tls tls;

  @BeforeEach
  void makeKeys() throws IOException {
    tls = Tls.selfSigned(directory, "mail.example.org");
  }

  private void serve(Connection connection) throws IOException {
    connection.output().line("ready").flush();
    Optional<String> line = connection.input().text(100);
    while (line.isPresent()) {
      commands.add(line.get());
      if (line.get().equals("STARTTLS")) {
        connection.startTls("go ahead");
      } else {
        String protocol =
            connection.tlsSession().map(session -> session.getProtocol()).orElse("plain");
        connection.output().line(protocol + " " + connection.secure() + " " + line.get());
      }
      connection.flushUnlessPipelined();
      line = connection.input().text(100);
    }
  }

  private TestServer server(Limits limits) throws IOException {
    return TestServer.of(Endpoint.startTls("test", TestServer.anyPort(), tls), limits, this::serve);
  }

  @Test
  void theSameConnectionGoesOnInsideTls() throws IOException {
    try (TestServer server = server(Limits.DEFAULTS);
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("ready");
      assertThat(peer.send("a\r\n").line()).isEqualTo("plain false a");
      assertThat(peer.send("STARTTLS\r\n").line()).isEqualTo("go ahead");
      peer.startTls();
      assertThat(peer.send("b\r\nc\r\n").line()).isEqualTo("TLSv1.3 true b");
      assertThat(peer.line()).isEqualTo("TLSv1.3 true c");
    }
  }

  @Test
  void tls12IsSpokenAndTls11IsNot() throws IOException {
    try (TestServer server = server(Limits.DEFAULTS)) {
      try (Peer peer = server.connect()) {
        peer.send("STARTTLS\r\n").line();
        peer.line();
        peer.startTls("TLSv1.2");
        assertThat(peer.send("b\r\n").line()).isEqualTo("TLSv1.2 true b");
      }
      try (Peer peer = server.connect()) {
        peer.send("STARTTLS\r\n").line();
        peer.line();
        assertThatThrownBy(() -> peer.startTls("TLSv1.1")).isInstanceOf(SSLException.class);
      }
    }
  }

  @Test
  void plaintextBehindTheCommandEndsTheConnectionUnread() throws IOException {
    try (TestServer server = server(Limits.DEFAULTS);
        Peer peer = server.connect()) {
      peer.line();
      peer.send("STARTTLS\r\nA2 LOGIN ana secret\r\n");
      assertThat(peer.rest()).doesNotContain("go ahead").doesNotContain("A2");
      assertThat(commands).containsExactly("STARTTLS");
    }
  }

  @Test
  void halfALineBehindTheCommandEndsTheConnectionToo() throws IOException {
    try (TestServer server = server(Limits.DEFAULTS);
        Peer peer = server.connect()) {
      peer.line();
      peer.send("STARTTLS\r\nA");
      assertThat(peer.rest()).doesNotContain("go ahead");
      assertThat(commands).containsExactly("STARTTLS");
    }
  }

  @Test
  void plaintextInPlaceOfTheHandshakeIsNoCommand() throws IOException {
    try (TestServer server = server(Limits.DEFAULTS);
        Peer peer = server.connect()) {
      peer.line();
      assertThat(peer.send("STARTTLS\r\n").line()).isEqualTo("go ahead");
      peer.send("A2 LOGIN ana secret\r\n");
      assertThat(peer.rest()).doesNotContain("plain");
      assertThat(commands).containsExactly("STARTTLS");
    }
  }

  @Test
  void aHandshakeThatNeverComesIsGivenUp() throws IOException {
    Limits hasty = Limits.DEFAULTS.with("tlsHandshakeTime", Duration.ofMillis(200));
    try (TestServer server = server(hasty);
        Peer peer = server.connect()) {
      peer.line();
      assertThat(peer.send("STARTTLS\r\n").line()).isEqualTo("go ahead");
      peer.rest();
      Awaitility.await().until(() -> server.connections().all().isEmpty());
    }
  }

  @Test
  void aHandshakeThatDripsIsGivenUp() throws IOException {
    Limits hasty = Limits.DEFAULTS.with("tlsHandshakeTime", Duration.ofMillis(400));
    byte[] hello = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
    int[] sent = new int[1];
    try (TestServer server = server(hasty);
        Peer peer = server.connect()) {
      peer.line();
      assertThat(peer.send("STARTTLS\r\n").line()).isEqualTo("go ahead");
      Awaitility.await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(Duration.ofSeconds(10))
          .until(() -> {
            try {
              peer.send(new byte[] {hello[Math.min(sent[0]++, hello.length - 1)]});
            } catch (IOException e) {
              return true;
            }
            return server.connections().all().isEmpty();
          });
      assertThat(sent[0]).as("it went on for a while").isGreaterThan(3);
    }
  }

  @Test
  void implicitTlsBeginsWithTheFirstOctet() throws IOException {
    Endpoint endpoint = Endpoint.implicitTls("tests", TestServer.anyPort(), tls);
    try (TestServer server = TestServer.of(endpoint, Limits.DEFAULTS, this::serve)) {
      try (Peer peer = server.connect()) {
        peer.startTls();
        assertThat(peer.line()).isEqualTo("ready");
        assertThat(peer.send("a\r\n").line()).isEqualTo("TLSv1.3 true a");
        peer.hangUp();
      }
      try (Peer peer = server.connect()) {
        assertThat(peer.send("A1 LOGIN ana secret\r\n").rest()).doesNotContain("ready");
      }
      Awaitility.await().until(() -> server.connections().all().isEmpty());
    }
  }

  @Test
  void aSilentPeerTimesOutInsideTlsAndCanBeTold() throws IOException {
    Service impatient =
        connection -> {
          connection.idleTimeout(Duration.ofMillis(100));
          try {
            connection.input().line(100);
          } catch (SocketTimeoutException _) {
            connection.output().line("* BYE too idle");
          }
        };
    Endpoint endpoint = Endpoint.implicitTls("tests", TestServer.anyPort(), tls);
    try (TestServer server = TestServer.of(endpoint, Limits.DEFAULTS, impatient)) {
      for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
        try (Peer peer = server.connect()) {
          peer.startTls(protocol).send("half a line");
          assertThat(peer.line()).isEqualTo("* BYE too idle");
          assertThat(peer.line()).isEqualTo("<end>");
        }
      }
    }
  }

  @Test
  void closingFromAnotherThreadEndsAReadInsideTls() throws IOException {
    Endpoint endpoint = Endpoint.implicitTls("tests", TestServer.anyPort(), tls);
    try (TestServer server = TestServer.of(endpoint, Limits.DEFAULTS, this::serve);
        Peer peer = server.connect()) {
      peer.startTls();
      assertThat(peer.line()).isEqualTo("ready");
      server.connections().all().forEach(Connection::close);
      Awaitility.await().until(() -> server.connections().all().isEmpty());
    }
  }

  @Test
  void largeDataGoesThroughTlsBothWays() throws IOException {
    Endpoint endpoint = Endpoint.implicitTls("tests", TestServer.anyPort(), tls);
    Service echo =
        connection -> connection.input().transfer(5_000_000, connection.output().stream());
    byte[] octets = new byte[5_000_000];
    new Random(3).nextBytes(octets);
    try (TestServer server = TestServer.of(endpoint, Limits.DEFAULTS, echo);
        Peer peer = server.connect()) {
      peer.startTls();
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  peer.send(octets);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(peer.octets(octets.length)).isEqualTo(octets);
      assertThat(peer.line()).isEqualTo("<end>");
      Awaitility.await().until(() -> !sender.isAlive());
    }
  }
}
