package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS as the JDK's own client speaks it, with what may go wrong on the way.
@Timeout(60)
class SecureChannelTests {
  private static final List<String> BOTH = List.of("TLSv1.2", "TLSv1.3");

  /// Longer than any alert is, as it is encrypted.
  private static final String GOODBYE = "goodbye".repeat(20);

  private static final int ALERT = 21;
  private static final int APPLICATION_DATA = 23;
  private static final byte KEY_UPDATE = 24;

  @TempDir Path directory;

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<IOException> ends = new CopyOnWriteArrayList<>();
  private Tls tls;

  @BeforeEach
  void makeKeys() throws IOException {
    tls = Tls.selfSigned(directory, "localhost");
  }

  private TestServer server() throws IOException {
    Endpoint endpoint = Endpoint.implicitTls("tests", TestServer.anyPort(), tls);
    return TestServer.of(endpoint, Limits.DEFAULTS, this::serve);
  }

  /// Echoes lines, up to `last`.
  private void serve(Connection connection) throws IOException {
    try {
      for (Optional<String> line = connection.input().text(100_000);
          line.isPresent();
          line = connection.input().text(100_000)) {
        lines.add(line.get());
        if (line.get().equals("last")) {
          connection.output().line(GOODBYE);
          return;
        }
        connection.output().line(line.get());
        connection.flushUnlessPipelined();
      }
    } catch (IOException e) {
      ends.add(e);
      throw e;
    }
  }

  private void awaitGone(TestServer server) {
    Awaitility.await().until(() -> server.connections().all().isEmpty());
  }

  private static SSLSocket secured(Peer peer) {
    return (SSLSocket) peer.socket();
  }

  @Test
  void recordsThatComeOctetByOctetAreRead() throws IOException {
    for (String protocol : BOTH) {
      try (TestServer server = server();
          Peer peer = new Peer(new Dripping(server.listener().address()))) {
        peer.startTls(protocol);
        assertThat(peer.send("a\r\nb\r\n").line()).isEqualTo("a");
        assertThat(peer.line()).isEqualTo("b");
      }
    }
  }

  @Test
  void severalRecordsThatComeAtOnceAreAllRead() throws IOException {
    String line = "x".repeat(40_000);
    try (TestServer server = server();
        Peer peer = server.connect().startTls()) {
      peer.send(line + "\r\n" + line + "\r\nlast\r\n");
      assertThat(peer.line()).isEqualTo(line);
      assertThat(peer.line()).isEqualTo(line);
      assertThat(peer.line()).isEqualTo(GOODBYE);
      assertThat(peer.line()).isEqualTo("<end>");
    }
  }

  @Test
  void newKeysAreTakenInAtAnyTime() throws IOException {
    try (TestServer server = server();
        Peer peer = server.connect().startTls("TLSv1.3")) {
      for (int i = 0; i < 100; i++) {
        secured(peer).startHandshake();
        assertThat(peer.send("line " + i + "\r\n").line()).isEqualTo("line " + i);
      }
    }
  }

  @Test
  void newKeysWithoutEndAreTooMuch() throws IOException {
    try (TestServer server = server();
        Peer peer = server.connect().startTls("TLSv1.3")) {
      assertThat(peer.send("a\r\n").line()).isEqualTo("a");
      try {
        for (int i = 0; i < 1000; i++) {
          secured(peer).startHandshake();
        }
      } catch (IOException _) {
        // It has been shut out by then.
      }
      awaitGone(server);
      assertThat(ends).singleElement().asString().contains("too much of TLS itself");
    }
  }

  /// RFC 8446 §5.1 forbids them in one record, and the JDK takes them: each would leave an answer
  /// and a key in the heap.
  @ParameterizedTest
  @ValueSource(bytes = {0, 1})
  void newKeysWithoutEndInOneRecordAreTooMuch(byte answered) throws Exception {
    byte[] updates = new byte[5 * 3_000];
    for (int i = 0; i < updates.length; i += 5) {
      updates[i] = KEY_UPDATE;
      updates[i + 3] = 1;
      updates[i + 4] = answered;
    }
    try (TestServer server = server();
        Peer peer = server.connect().startTls("TLSv1.3")) {
      assertThat(peer.send("a\r\n").line()).isEqualTo("a");
      sendHandshake(secured(peer), updates);
      awaitGone(server);
      assertThat(ends).singleElement().asString().contains("too much of TLS itself");
    }
  }

  /// Has the JDK's client send messages of the handshake as they are.
  private static void sendHandshake(SSLSocket socket, byte[] messages) throws Exception {
    Field context = socket.getClass().getDeclaredField("conContext");
    context.setAccessible(true);
    Field output = context.get(socket).getClass().getDeclaredField("outputRecord");
    output.setAccessible(true);
    Object record = output.get(context.get(socket));
    Method encode =
        record.getClass().getDeclaredMethod("encodeHandshake", byte[].class, int.class, int.class);
    encode.setAccessible(true);
    encode.invoke(record, messages, 0, messages.length);
    Method flush = record.getClass().getDeclaredMethod("flush");
    flush.setAccessible(true);
    flush.invoke(record);
  }

  @Test
  void renegotiationIsRefused() throws IOException {
    try (TestServer server = server();
        Peer peer = server.connect().startTls("TLSv1.2")) {
      assertThat(peer.send("a\r\n").line()).isEqualTo("a");
      assertThatThrownBy(
              () -> {
                secured(peer).startHandshake();
                peer.socket().getInputStream().read();
              })
          .isInstanceOf(IOException.class);
      awaitGone(server);
      assertThat(lines).containsExactly("a");
    }
  }

  @Test
  void theLastRecordIsACloseNotify() throws IOException {
    for (String protocol : BOTH) {
      Tapped tapped;
      try (TestServer server = server()) {
        tapped = new Tapped(server.listener().address());
        try (Peer peer = new Peer(tapped)) {
          peer.startTls(protocol);
          assertThat(peer.send("last\r\n").line()).isEqualTo(GOODBYE);
          assertThat(peer.line()).isEqualTo("<end>");
        }
      }
      // TLS 1.3 hides the type behind that of application data (RFC 8446 §5.2).
      byte[] last = tapped.lastRecord();
      assertThat((int) last[0]).isEqualTo(protocol.equals("TLSv1.2") ? ALERT : APPLICATION_DATA);
      assertThat(last.length).isLessThan(GOODBYE.length());
    }
  }

  @Test
  void aPeerThatLeavesInsideARecordIsGone() throws IOException {
    try (TestServer server = server();
        Peer plain = server.connect()) {
      Socket below = plain.socket();
      Peer peer = plain.startTls();
      assertThat(peer.send("a\r\n").line()).isEqualTo("a");
      below.getOutputStream().write(new byte[] {APPLICATION_DATA, 3, 3, 0, 40, 1, 2, 3});
      below.shutdownOutput();
      awaitGone(server);
      assertThat(lines).containsExactly("a");
    }
  }

  @Test
  void aForgedRecordEndsTheConnectionUnread() throws IOException {
    byte[] forged = new byte[45];
    System.arraycopy(new byte[] {APPLICATION_DATA, 3, 3, 0, 40}, 0, forged, 0, 5);
    byte[] endless = {APPLICATION_DATA, 3, 3, 0x7f, (byte) 0xff, 0};
    byte[] tooLong = new byte[20_000];
    System.arraycopy(new byte[] {APPLICATION_DATA, 3, 3, 0x4e, 0x20}, 0, tooLong, 0, 5);
    for (byte[] octets : List.of(forged, endless, tooLong)) {
      try (TestServer server = server();
          Peer plain = server.connect()) {
        Socket below = plain.socket();
        Peer peer = plain.startTls();
        assertThat(peer.send("a\r\n").line()).isEqualTo("a");
        below.getOutputStream().write(octets);
        awaitGone(server);
      }
    }
    assertThat(lines).containsExactly("a", "a", "a");
    assertThat(ends).hasSize(3);
  }

  @Test
  void aRecordThatDripsEndsWithTheDeadline() throws IOException {
    Service hasty =
        connection -> {
          connection.deadline(Duration.ofMillis(400));
          try {
            connection.input().line(100);
          } catch (SocketTimeoutException _) {
            connection.output().line("too late");
          }
        };
    Endpoint endpoint = Endpoint.implicitTls("tests", TestServer.anyPort(), tls);
    try (TestServer server = TestServer.of(endpoint, Limits.DEFAULTS, hasty);
        Peer plain = server.connect()) {
      OutputStream below = plain.socket().getOutputStream();
      Peer peer = plain.startTls();
      below.write(new byte[] {APPLICATION_DATA, 3, 3, 0x40, 0});
      Awaitility.await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(Duration.ofSeconds(10))
          .until(() -> {
            try {
              below.write(0);
            } catch (IOException e) {
              return true;
            }
            return server.connections().all().isEmpty();
          });
      assertThat(peer.line()).isEqualTo("too late");
    }
  }

  /// A socket that sends each octet by itself.
  private static final class Dripping extends Socket {
    Dripping(InetSocketAddress address) throws IOException {
      super(address.getAddress(), address.getPort());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream());
    }
  }

  /// A socket that remembers what it has read.
  private static final class Tapped extends Socket {
    private final ByteArrayOutputStream tap = new ByteArrayOutputStream();

    Tapped(InetSocketAddress address) throws IOException {
      super(address.getAddress(), address.getPort());
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          int octet = super.read();
          if (octet >= 0) {
            tap.write(octet);
          }
          return octet;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
          int octets = super.read(into, from, length);
          tap.write(into, from, Math.max(0, octets));
          return octets;
        }
      };
    }

    byte[] lastRecord() {
      byte[] all = tap.toByteArray();
      int from = 0;
      int next = 0;
      while (next < all.length) {
        from = next;
        next += 5 + ((all[next + 3] & 0xff) << 8) + (all[next + 4] & 0xff);
      }
      return Arrays.copyOfRange(all, from, next);
    }
  }
}
