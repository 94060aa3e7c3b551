package org.depozit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.depozit.server.Config.Listen;
import org.depozit.server.Config.Protocol;
import org.depozit.wire.HostPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The database gives up under a server: sessions are told and end, and the server goes on.
final class LastingServerTests {
  /// More than there are journals in this process.
  private static final int JOURNALS = 1_000;

  @TempDir private Path data;

  /// What H2 does when it finds itself broken: it closes its database under everybody.
  private static void giveUp() throws SQLException {
    boolean done = false;
    for (int number = 0; number < JOURNALS && !done; number++) {
      String url = "jdbc:h2:pages:" + number + "/depozit;IFEXISTS=TRUE";
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        statement.execute("SHUTDOWN IMMEDIATELY");
        done = true;
      } catch (SQLException e) {
        // There is no such database.
      }
    }
    assertThat(done).as("a database is open").isTrue();
  }

  @Test
  void aStoreThatFailsIsOpenedAgainAtTheSameAddress() throws Exception {
    Config config =
        Config.usual().listening(List.of(new Listen(Protocol.IMAP, new HostPort("127.0.0.1", 0))));
    Thread serving;
    try (LastingServer server = LastingServer.start(config, data)) {
      serving = Thread.ofPlatform().daemon().start(server::serve);
      server.server().store().createAccount("ana", "secret".toCharArray());
      InetSocketAddress address = server.server().address(Protocol.IMAP).orElseThrow();
      try (Client old = new Client(address)) {
        assertThat(old.said("a LOGIN ana secret")).startsWith("a OK");
        assertThat(old.said("b CREATE kept")).startsWith("b OK");
        giveUp();
        assertThat(old.said("c CREATE lost")).startsWith("c NO [UNAVAILABLE]");
        assertThat(old.rest()).contains("* BYE ");
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .untilAsserted(() -> {
            try (Client fresh = new Client(address)) {
              assertThat(fresh.said("a LOGIN ana secret")).startsWith("a OK");
              assertThat(fresh.said("b DELETE kept")).startsWith("b OK");
            }
          });
      assertThat(serving.isAlive()).isTrue();
    }
    serving.join();
  }

  /// One IMAP connection.
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    Client(InetSocketAddress address) throws IOException {
      socket = new Socket(address.getAddress(), address.getPort());
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      lines.readLine();
    }

    /// The answer to a command, without what is untagged.
    String said(String command) throws IOException {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      String line = lines.readLine();
      while (line != null && line.startsWith("*")) {
        line = lines.readLine();
      }
      return String.valueOf(line);
    }

    String rest() {
      return String.join("\n", lines.lines().toList());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
