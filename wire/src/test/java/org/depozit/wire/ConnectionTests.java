package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionTests {
  @Test
  void aSilentPeerTimesOutAndCanBeTold() throws IOException {
    Service impatient =
        connection -> {
          connection.idleTimeout(Duration.ofMillis(100));
          try {
            connection.input().line(100);
          } catch (SocketTimeoutException _) {
            connection.output().line("* BYE too idle");
          }
        };
    try (TestServer server = TestServer.of(impatient);
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("* BYE too idle");
      assertThat(peer.line()).isEqualTo("<end>");
    }
  }

  @Test
  void drippingOctetsDoNotPutTheDeadlineOff() throws IOException {
    Service impatient =
        connection -> {
          connection.idleTimeout(Duration.ofSeconds(30));
          connection.deadline(Duration.ofMillis(400));
          try {
            connection.input().line(1_000_000);
          } catch (SocketTimeoutException _) {
            connection.output().line("out of time");
          }
        };
    try (TestServer server = TestServer.of(impatient);
        Peer peer = server.connect()) {
      CompletableFuture<String> answer =
          CompletableFuture.supplyAsync(() -> {
            try {
              return peer.line();
            } catch (IOException e) {
              return e.toString();
            }
          });
      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofSeconds(10))
          .until(() -> {
            if (!answer.isDone()) {
              peer.send("x");
            }
            return answer.isDone();
          });
      assertThat(answer.join()).isEqualTo("out of time");
    }
  }

  @Test
  void theDeadlineIsLiftedByALogIn() throws IOException {
    Service patient =
        connection -> {
          connection.deadline(Duration.ofMillis(150));
          connection.output().line(connection.logIn("ana") + " " + connection.user().orElseThrow());
          connection.output().flush();
          connection.output().line(connection.input().text(20).orElseThrow());
        };
    try (TestServer server = TestServer.of(patient);
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("true ana");
      Awaitility.await().pollDelay(Duration.ofMillis(400)).until(() -> true);
      peer.send("still here\r\n");
      assertThat(peer.line()).isEqualTo("still here");
    }
  }

  @Test
  void closingFromAnotherThreadEndsARead() throws IOException {
    CompletableFuture<Connection> waiting = new CompletableFuture<>();
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Service reading =
        connection -> {
          waiting.complete(connection);
          try {
            connection.input().read();
          } catch (IOException e) {
            end.complete(e);
          }
        };
    try (TestServer server = TestServer.of(reading);
        Peer peer = server.connect()) {
      Connection connection = waiting.orTimeout(10, TimeUnit.SECONDS).join();
      connection.close();
      connection.close();
      assertThat(end.orTimeout(10, TimeUnit.SECONDS).join()).isNotNull();
      assertThat(connection.closed()).isTrue();
      assertThat(peer.line()).isEqualTo("<end>");
    }
  }

  @Test
  void closingFromAnotherThreadEndsAWait() throws IOException {
    CompletableFuture<Connection> waiting = new CompletableFuture<>();
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    Service penalised =
        connection -> {
          waiting.complete(connection);
          try {
            connection.pause(Duration.ofMinutes(10));
          } catch (IOException e) {
            end.complete(true);
          }
        };
    try (TestServer server = TestServer.of(penalised);
        Peer peer = server.connect()) {
      waiting.orTimeout(10, TimeUnit.SECONDS).join().close();
      assertThat(end.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
      assertThat(peer.line()).isEqualTo("<end>");
    }
  }

  @Test
  void aPeerThatDoesNotReadIsGivenUp() throws IOException {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Service flood =
        connection -> {
          byte[] much = new byte[1_000_000];
          try {
            while (true) {
              connection.output().bytes(much);
            }
          } catch (IOException e) {
            end.complete(e);
          }
        };
    Limits limits = Limits.DEFAULTS.with("writeTime", Duration.ofMillis(300));
    try (TestServer server = TestServer.of(limits, flood);
        Peer peer = server.connect()) {
      assertThat(end.orTimeout(20, TimeUnit.SECONDS).join()).isNotNull();
      assertThat(peer.socket().isConnected()).isTrue();
    }
  }

  @Test
  void lastWordsArriveAlthoughThePeerHasSentMore() throws IOException {
    Service ending =
        connection -> {
          connection.input().line(20);
          connection.output().line("* BYE [TOOBIG] enough");
        };
    try (TestServer server = TestServer.of(ending);
        Peer peer = server.connect()) {
      peer.send("a\r\n" + "x".repeat(200_000));
      assertThat(peer.rest()).isEqualTo("* BYE [TOOBIG] enough\r\n");
    }
  }

  @Test
  void aUserHasOnlySoManyConnections() throws IOException {
    Limits limits = Limits.DEFAULTS.with("connectionsPerUser", 2);
    Service logIn =
        connection -> {
          String user = connection.input().text(20).orElseThrow();
          connection.output().line(connection.logIn(user) ? "in" : "enough").flush();
          connection.input().line(20);
          connection.logOut();
          connection.output().line("out").flush();
          connection.input().line(20);
        };
    try (TestServer server = TestServer.of(limits, logIn);
        Peer one = server.connect();
        Peer two = server.connect();
        Peer three = server.connect();
        Peer four = server.connect();
        Peer five = server.connect()) {
      assertThat(one.send("ana\r\n").line()).isEqualTo("in");
      assertThat(two.send("ana\r\n").line()).isEqualTo("in");
      assertThat(three.send("ana\r\n").line()).isEqualTo("enough");
      assertThat(four.send("bob\r\n").line()).isEqualTo("in");
      assertThat(one.send("log out\r\n").line()).isEqualTo("out");
      assertThat(five.send("ana\r\n").line()).isEqualTo("in");
    }
  }

  @Test
  void guessingPasswordsBecomesSlow() throws IOException {
    Limits limits =
        Limits.DEFAULTS
            .with("loopbackTrusted", false)
            .with("freeFailures", 1)
            .with("connections", 10);
    Service guessing =
        connection -> {
          for (int i = 0; i < 3; i++) {
            connection.logInFailed(new Credentials("", "ana", ("guess " + i).toCharArray()));
          }
          long before = System.nanoTime();
          connection.awaitLogIn();
          connection.output().line(Duration.ofNanos(System.nanoTime() - before).toMillis() + "");
        };
    try (TestServer server = TestServer.of(limits, guessing);
        Peer peer = server.connect()) {
      assertThat(Integer.parseInt(peer.line())).isGreaterThanOrEqualTo(1000);
    }
  }

  @Test
  void loopbackMayBringItsPasswordInTheClear() throws IOException {
    Service asked =
        connection ->
            connection
                .output()
                .line(
                    connection.loopback()
                        + " "
                        + connection.plaintextAllowed()
                        + " "
                        + connection.secure()
                        + " "
                        + connection.startTlsOffered());
    try (TestServer server = TestServer.of(asked);
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("true true false false");
    }
  }
}
