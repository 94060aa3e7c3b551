package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ListenerTests {
  @TempDir Path directory;

  /// Greets, echoes lines, here or later on another thread, and has words for those that it has no
  /// room for and at its end.
  private static final class Greeting implements Service {
    @Override
    public void serve(Connection connection) throws IOException {
      connection.output().line("hello").flush();
      echo(connection);
    }

    private void echo(Connection connection) throws IOException {
      Optional<String> line = connection.input().text(100);
      while (line.isPresent()) {
        switch (line.get()) {
          case "later" -> {
            connection.goOn(this::echo);
            return;
          }
          case "thread" -> connection.output().line("" + Thread.currentThread().threadId()).flush();
          case "fault" -> throw new IllegalStateException("a fault of ours");
          case "error" -> throw new StackOverflowError("an error of ours");
          case "quit" -> {
            connection.output().line("goodbye");
            return;
          }
          default -> connection.output().line(line.get()).flush();
        }
        line = connection.input().text(100);
      }
    }

    @Override
    public Optional<String> refusal() {
      return Optional.of("* BYE no\r\nroom");
    }

    @Override
    public Optional<String> farewell() {
      return Optional.of("* BYE stopping");
    }
  }

  @Test
  void portZeroIsAFreePort() throws IOException {
    try (TestServer server = TestServer.of(new Greeting())) {
      assertThat(server.listener().address().getPort()).isPositive();
      assertThat(server.listener().protocol()).isEqualTo("test");
    }
  }

  @Test
  void aTakenPortIsNamedInTheError() throws IOException {
    try (TestServer server = TestServer.of(new Greeting())) {
      Endpoint same = Endpoint.plain("imap", server.listener().address());
      assertThatThrownBy(() -> Listener.open(same, server.connections(), new Greeting()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("imap at 127.0.0.1:" + server.listener().address().getPort());
    }
  }

  @Test
  void aFaultEndsItsConnectionOnly() throws IOException {
    try (TestServer server = TestServer.of(new Greeting());
        Peer other = server.connect()) {
      assertThat(other.line()).isEqualTo("hello");
      for (String fault : List.of("fault", "error", "later\r\nfault", "later\r\nerror")) {
        try (Peer peer = server.connect()) {
          assertThat(peer.line()).isEqualTo("hello");
          assertThat(peer.send(fault + "\r\n").line()).isEqualTo("<end>");
        }
      }
      assertThat(other.send("alive\r\n").line()).isEqualTo("alive");
      Awaitility.await().until(() -> server.connections().all().size() == 1);
    }
  }

  @Test
  void beyondTheBoundPeersAreToldAndThenThereIsRoomAgain() throws IOException {
    Limits limits = Limits.DEFAULTS.with("connections", 2);
    try (TestServer server = TestServer.of(limits, new Greeting());
        Peer one = server.connect();
        Peer two = server.connect()) {
      assertThat(one.line()).isEqualTo("hello");
      assertThat(two.line()).isEqualTo("hello");
      try (Peer three = server.connect()) {
        assertThat(three.line()).isEqualTo("* BYE no  room");
        assertThat(three.line()).isEqualTo("<end>");
      }
      assertThat(server.connections().refused()).isEqualTo(1);
      assertThat(two.send("quit\r\n").line()).isEqualTo("goodbye");
      two.hangUp();
      Awaitility.await().until(() -> server.connections().all().size() == 1);
      try (Peer four = server.connect()) {
        assertThat(four.line()).isEqualTo("hello");
      }
    }
  }

  @Test
  void anAddressHasItsOwnBound() throws IOException {
    Limits limits = Limits.DEFAULTS.with("connectionsPerAddress", 3).with("loopbackTrusted", false);
    List<Peer> peers = new ArrayList<>();
    try (TestServer server = TestServer.of(limits, new Greeting())) {
      for (int i = 0; i < 3; i++) {
        peers.add(server.connect());
        assertThat(peers.getLast().line()).isEqualTo("hello");
      }
      for (int i = 0; i < 50; i++) {
        try (Peer refused = server.connect()) {
          assertThat(refused.line()).isEqualTo("* BYE no  room");
        }
      }
      assertThat(server.connections().all()).hasSize(3);
      for (Peer peer : peers) {
        peer.close();
      }
      Awaitility.await().until(() -> server.connections().all().isEmpty());
      try (Peer again = server.connect()) {
        assertThat(again.line()).isEqualTo("hello");
      }
    }
  }

  @Test
  void aThousandPeersThatComeAndGoLeaveNothingBehind() throws IOException {
    try (TestServer server = TestServer.of(new Greeting())) {
      for (int i = 0; i < 1000; i++) {
        try (Peer peer = server.connect()) {
          peer.send("half a li");
        }
      }
      Awaitility.await().until(() -> server.connections().all().isEmpty());
      try (Peer peer = server.connect()) {
        assertThat(peer.line()).isEqualTo("hello");
      }
    }
  }

  @Test
  void anotherThreadServesTheRestOfASession() throws IOException {
    try (TestServer server = TestServer.of(new Greeting());
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("hello");
      Set<String> threads = new HashSet<>();
      for (int part = 0; part < 10; part++) {
        threads.add(peer.send("thread\r\nlater\r\n").line());
      }
      assertThat(threads).hasSize(10);
      assertThat(peer.send("later\r\nlater\r\nalive\r\n").line()).isEqualTo("alive");
      assertThat(server.connections().all()).hasSize(1);
      assertThat(peer.send("later\r\nquit\r\n").line()).isEqualTo("goodbye");
      assertThat(peer.line()).isEqualTo("<end>");
      Awaitility.await().until(() -> server.connections().all().isEmpty());
    }
  }

  @Test
  void aClosedListenerAcceptsNobodyAndItsSessionsGoOn() throws IOException {
    try (TestServer server = TestServer.of(new Greeting());
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("hello");
      server.listener().close();
      assertThatThrownBy(server::connect).isInstanceOf(ConnectException.class);
      assertThat(peer.send("alive\r\n").line()).isEqualTo("alive");
    }
  }

  @Test
  void whenTheServerStopsEverySessionHearsTheFarewell() throws IOException {
    Tls tls = Tls.selfSigned(directory, "localhost");
    Endpoint secure = Endpoint.implicitTls("tests", TestServer.anyPort(), tls);
    try (TestServer server = TestServer.of(new Greeting());
        Listener other = Listener.open(secure, server.connections(), new Greeting());
        Peer idle = server.connect();
        Peer inside = server.connect();
        Peer secured = new Peer(other);
        Peer secured12 = new Peer(other)) {
      secured.startTls();
      secured12.startTls("TLSv1.2");
      for (Peer peer : List.of(idle, inside, secured, secured12)) {
        assertThat(peer.line()).isEqualTo("hello");
      }
      inside.send("half a line");
      secured.send("later\r\n");
      secured12.send("later\r\nhalf a line");
      Thread stop = Thread.ofVirtual().start(server::stop);
      for (Peer peer : List.of(idle, inside, secured, secured12)) {
        assertThat(peer.line()).as(peer.socket().toString()).isEqualTo("* BYE stopping");
        assertThat(peer.line()).isEqualTo("<end>");
      }
      Awaitility.await().atMost(Duration.ofSeconds(3)).until(() -> !stop.isAlive());
      assertThat(server.connections().all()).isEmpty();
    }
  }

  @Test
  void whoHasSaidGoodbyeHearsNoFarewell() throws IOException {
    try (TestServer server = TestServer.of(new Greeting());
        Peer peer = server.connect()) {
      peer.line();
      peer.send("quit\r\n");
      assertThat(peer.rest()).isEqualTo("goodbye\r\n");
    }
  }

  @Test
  void aSessionThatHangsIsClosedWhenTheTimeIsOver() throws IOException {
    Service hanging =
        connection -> {
          connection.output().line("hello").flush();
          connection.pause(Duration.ofHours(1));
        };
    Limits limits = Limits.DEFAULTS.with("closingTime", Duration.ofMillis(200));
    try (TestServer server = TestServer.of(limits, hanging);
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("hello");
      server.stop();
      assertThat(peer.line()).isEqualTo("<end>");
      assertThat(server.connections().all()).isEmpty();
    }
  }
}
