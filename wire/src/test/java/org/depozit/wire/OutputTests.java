package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutputTests {
  @Test
  void aLineIsOneLineWhateverItsText() throws IOException {
    String hostile = "no such box\r\nA1 OK forged\n\u0000\u0085\u2028\u2029\u007f end ș";
    try (TestServer server = TestServer.of(connection -> connection.output().line(hostile));
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("no such box  A1 OK forged       end ș");
      assertThat(peer.line()).isEqualTo("<end>");
    }
  }

  @Test
  void nothingIsSentBeforeTheFlush() throws IOException {
    CompletableFuture<Void> go = new CompletableFuture<>();
    try (TestServer server =
            TestServer.of(connection -> {
              connection.output().ascii("* OK ").utf8("ț").crlf();
              go.orTimeout(10, TimeUnit.SECONDS).join();
            });
        Peer peer = server.connect()) {
      peer.socket().setSoTimeout(200);
      assertThatThrownBy(peer::line).isInstanceOf(SocketTimeoutException.class);
      peer.socket().setSoTimeout(10_000);
      go.complete(null);
      assertThat(peer.line()).isEqualTo("* OK ț");
    }
  }

  @Test
  void whatHasNotBeenSentCanBeTakenBack() throws IOException {
    byte[] much = "x".repeat(16_000).getBytes(StandardCharsets.US_ASCII);
    Service service =
        connection -> {
          Output output = connection.output();
          output.line("one");
          long mark = output.mark(100);
          output.ascii("half of ");
          assertThat(output.takeBack(mark)).isTrue();
          output.line("two");
          output.bytes(much);
          long atTheEnd = output.mark(1_000);
          output.ascii("y".repeat(1_000));
          assertThat(output.takeBack(atTheEnd)).isTrue();
          output.crlf();
          output.line("three");
          output.flush();
          long sent = output.mark(1);
          output.ascii("z");
          output.flush();
          assertThat(output.takeBack(sent)).isFalse();
          output.crlf();
        };
    try (TestServer server = TestServer.of(service);
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("one");
      assertThat(peer.line()).isEqualTo("two");
      assertThat(peer.line()).hasSize(16_000).doesNotContain("y");
      assertThat(peer.line()).isEqualTo("three");
      assertThat(peer.line()).isEqualTo("z");
    }
  }

  @Test
  void octetsOfAnyLengthArriveInOrder() throws IOException {
    byte[] all = new byte[3_000_000];
    new Random(7).nextBytes(all);
    Service slices =
        connection -> {
          Random random = new Random(11);
          for (int at = 0; at < all.length; ) {
            int length = Math.min(all.length - at, random.nextInt(40_000));
            switch (random.nextInt(3)) {
              case 0 -> connection.output().bytes(all, at, length);
              case 1 -> {
                OutputStream stream = connection.output().stream();
                stream.write(all, at, length);
              }
              default -> {
                length = Math.min(length, 100);
                for (int i = 0; i < length; i++) {
                  connection.output().octet(all[at + i]);
                }
              }
            }
            at += length;
          }
        };
    try (TestServer server = TestServer.of(slices);
        Peer peer = server.connect()) {
      assertThat(peer.octets(all.length)).isEqualTo(all);
      assertThat(peer.line()).isEqualTo("<end>");
    }
  }

  @Test
  void asciiRefusesWhatIsNot() throws IOException {
    CompletableFuture<String> refusal = new CompletableFuture<>();
    Service wrong =
        connection -> {
          try {
            connection.output().ascii("ș");
          } catch (IllegalArgumentException e) {
            refusal.complete(e.getMessage());
          }
        };
    try (TestServer server = TestServer.of(wrong);
        Peer peer = server.connect()) {
      assertThat(refusal.orTimeout(10, TimeUnit.SECONDS).join()).contains("U+219");
      assertThat(peer.line()).isEqualTo("<end>");
    }
  }
}
