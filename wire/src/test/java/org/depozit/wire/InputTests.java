package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputTests {
  private static final Limits LIMITS = Limits.DEFAULTS.with("overlongLine", 100_000);

  /// Answers each line with itself in brackets.
  private static final Service ECHO =
      connection -> {
        while (true) {
          try {
            Optional<String> line = connection.input().text(20);
            if (line.isEmpty()) {
              connection.output().line("end");
              return;
            }
            connection.output().line("[" + line.get() + "]");
          } catch (LineTooLong e) {
            connection.output().line("too long, over " + e.limit());
          }
          connection.flushUnlessPipelined();
        }
      };

  @Test
  void aLineEndsWithCrLfOrWithABareLf() throws IOException {
    try (TestServer server = TestServer.of(LIMITS, ECHO);
        Peer peer = server.connect()) {
      peer.send("one\r\ntwo\n\r\n\nwith \r inside\r\r\n");
      assertThat(peer.line()).isEqualTo("[one]");
      assertThat(peer.line()).isEqualTo("[two]");
      assertThat(peer.line()).isEqualTo("[]");
      assertThat(peer.line()).isEqualTo("[]");
      assertThat(peer.line())
          .as("only the last CR belongs to the end")
          .isEqualTo("[with   inside ]");
    }
  }

  @Test
  void everyOctetOfALineIsKept() throws IOException {
    CompletableFuture<byte[]> got = new CompletableFuture<>();
    byte[] sent = new byte[257];
    for (int i = 0; i < 256; i++) {
      sent[i] = (byte) (i == '\n' ? '\0' : i);
    }
    sent[256] = '\n';
    try (TestServer server =
            TestServer.of(connection -> got.complete(connection.input().line(1000).orElseThrow()));
        Peer peer = server.connect()) {
      peer.send(sent);
      byte[] line = got.orTimeout(10, TimeUnit.SECONDS).join();
      assertThat(line).hasSize(256).startsWith(0, 1, 2).endsWith(0xfe, 0xff);
    }
  }

  @Test
  void aLineThatDripsInIsOneLine() throws IOException {
    try (TestServer server = TestServer.of(LIMITS, ECHO);
        Peer peer = server.connect()) {
      for (char c : "drop by drop\r\n".toCharArray()) {
        peer.send(String.valueOf(c));
      }
      assertThat(peer.line()).isEqualTo("[drop by drop]");
    }
  }

  @Test
  void aLineMayBeAsLongAsItsLimit() throws IOException {
    String full = "12345678901234567890";
    try (TestServer server = TestServer.of(LIMITS, ECHO);
        Peer peer = server.connect()) {
      peer.send(
          full + "\r\n" + full + "\n" + full + "1\n" + full + "1\r\n" + full + "12\r\nnext\r\n");
      assertThat(peer.line()).isEqualTo("[" + full + "]");
      assertThat(peer.line()).isEqualTo("[" + full + "]");
      assertThat(peer.line()).isEqualTo("too long, over 20");
      assertThat(peer.line()).isEqualTo("too long, over 20");
      assertThat(peer.line()).isEqualTo("too long, over 20");
      assertThat(peer.line()).isEqualTo("[next]");
    }
  }

  @Test
  void anOverlongLineIsSkippedAndTheConnectionLives() throws IOException {
    try (TestServer server = TestServer.of(LIMITS, ECHO);
        Peer peer = server.connect()) {
      peer.send("x".repeat(90_000) + "\r\nnext\r\n");
      assertThat(peer.line()).isEqualTo("too long, over 20");
      assertThat(peer.line()).isEqualTo("[next]");
    }
  }

  @Test
  void aLineWithoutEndEndsTheConnection() throws IOException {
    try (TestServer server = TestServer.of(LIMITS, ECHO);
        Peer peer = server.connect()) {
      try {
        byte[] flood = "(".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 200; i++) {
          peer.send(flood);
        }
      } catch (IOException e) {
        // The server has closed already: that is what is wanted.
        assertThat(e).isNotNull();
      }
      assertThat(peer.rest()).doesNotContain("[");
    }
  }

  @Test
  void aPeerThatLeavesBetweenLinesIsToldFromOneThatLeavesInside() throws IOException {
    CompletableFuture<Throwable> inside = new CompletableFuture<>();
    Service reading =
        connection -> {
          try {
            while (connection.input().line(20).isPresent()) {
              connection.output().line("line").flush();
            }
            connection.output().line("left");
          } catch (EOFException e) {
            inside.complete(e);
          }
        };
    try (TestServer server = TestServer.of(reading)) {
      try (Peer peer = server.connect()) {
        assertThat(peer.send("a\r\n").endOutput().rest()).isEqualTo("line\r\nleft\r\n");
      }
      try (Peer peer = server.connect()) {
        assertThat(peer.send("a\r\nhalf").endOutput().rest()).isEqualTo("line\r\n");
        assertThat(inside.orTimeout(10, TimeUnit.SECONDS).join())
            .hasMessageContaining("inside a line");
      }
    }
  }

  @Test
  void aLiteralOfAnySizeGoesThroughInSlices() throws IOException {
    int size = 20_000_000;
    CompletableFuture<Integer> largest = new CompletableFuture<>();
    Service literal =
        connection -> {
          int[] seen = new int[2];
          connection
              .input()
              .transfer(
                  size,
                  new OutputStream() {
                    @Override
                    public void write(int octet) {
                      write(new byte[1], 0, 1);
                    }

                    @Override
                    public void write(byte[] octets, int from, int length) {
                      seen[0] += length;
                      seen[1] = Math.max(seen[1], length);
                    }
                  });
          connection.output().line(seen[0] + " then " + connection.input().text(20).orElseThrow());
          largest.complete(seen[1]);
        };
    try (TestServer server = TestServer.of(literal);
        Peer peer = server.connect()) {
      peer.send(new byte[size]).send("more\r\n");
      assertThat(peer.line()).isEqualTo(size + " then more");
      assertThat(largest.join()).isLessThanOrEqualTo(Buffers.SIZE);
    }
  }

  @Test
  void halfALiteralIsAnEndOfFile() throws IOException {
    CompletableFuture<String> end = new CompletableFuture<>();
    Service literal =
        connection -> {
          try {
            connection.input().skip(100);
          } catch (EOFException e) {
            end.complete(e.getMessage());
          }
        };
    try (TestServer server = TestServer.of(literal);
        Peer peer = server.connect()) {
      peer.send("0123456789").endOutput();
      assertThat(end.orTimeout(10, TimeUnit.SECONDS).join()).contains("90 octets owed");
    }
  }

  @Test
  void readingOctetByOctetMixesWithTheRest() throws IOException {
    Service mixed =
        connection -> {
          Input in = connection.input();
          StringBuilder seen = new StringBuilder();
          seen.append((char) in.peek()).append((char) in.read()).append((char) in.read());
          byte[] full = new byte[3];
          in.readFully(full, 0, 3);
          seen.append('-').append(new String(full, StandardCharsets.US_ASCII));
          in.skip(2);
          in.skipLine();
          seen.append('-').append(in.text(10).orElseThrow());
          seen.append('-').append(in.consumed()).append('-').append(in.peek()).append(in.read());
          seen.append(in.read(full, 0, 3)).append(in.line(10).isPresent()).append(in.ended());
          connection.output().line(seen.toString());
        };
    try (TestServer server = TestServer.of(mixed);
        Peer peer = server.connect()) {
      peer.send("abCDExxrest\r\nline\r\n").endOutput();
      assertThat(peer.rest()).isEqualTo("aab-CDE-line-19--1-1-1falsetrue\r\n");
    }
  }

  @Test
  void whatIsPipelinedIsAnsweredTogether() throws IOException {
    CompletableFuture<Boolean> whole = new CompletableFuture<>();
    Service counting =
        connection -> {
          connection.input().line(20);
          whole.complete(connection.input().buffered() && connection.input().lineBuffered());
          connection.output().line("first");
          connection.flushUnlessPipelined();
          connection.input().line(20);
          connection.output().line(connection.input().lineBuffered() ? "a whole" : "a half");
          connection.flushUnlessPipelined();
          connection.input().line(20);
        };
    try (TestServer server = TestServer.of(counting);
        Peer peer = server.connect()) {
      peer.send("1\r\n2\r\n3");
      assertThat(peer.line()).isEqualTo("first");
      assertThat(peer.line()).as("flushed although half a line is at hand").isEqualTo("a half");
      assertThat(whole.join()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void howeverOctetsAreCutOnTheWayTheLinesAreTheSame(long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder sent = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      String text = randomText(random, random.nextInt(10) == 0 ? 30_000 : 25);
      sent.append(text).append(random.nextBoolean() ? "\r\n" : "\n");
      expected.append(text.length() > 20 ? "too long, over 20" : "[" + text + "]").append("\r\n");
    }
    try (TestServer server = TestServer.of(LIMITS, ECHO);
        Peer peer = server.connect()) {
      Thread sender = Thread.ofVirtual().start(() -> sendInPieces(peer, sent.toString(), random));
      assertThat(peer.rest()).isEqualTo(expected + "end\r\n");
      Awaitility.await().until(() -> !sender.isAlive());
    }
  }

  private static String randomText(Random random, int bound) {
    int length = random.nextInt(bound);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('!' + random.nextInt(90)));
    }
    return text.toString();
  }

  private static void sendInPieces(Peer peer, String text, Random random) {
    try {
      for (int at = 0; at < text.length(); ) {
        int next = Math.min(text.length(), at + 1 + random.nextInt(random.nextInt(1, 20_000)));
        peer.send(text.substring(at, next));
        at = next;
      }
      peer.endOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noOctetsWhateverHurtTheNextConnection(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] garbage = new byte[50_000];
    random.nextBytes(garbage);
    try (TestServer server = TestServer.of(LIMITS, ECHO)) {
      try (Peer peer = server.connect()) {
        assertThat(peer.send(garbage).endOutput().rest()).isNotEmpty();
      }
      try (Peer peer = server.connect()) {
        assertThat(peer.send("well?\r\n").line()).isEqualTo("[well?]");
      }
    }
  }
}
