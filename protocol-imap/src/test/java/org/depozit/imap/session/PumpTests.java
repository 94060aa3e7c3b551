package org.depozit.imap.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.depozit.storage.SqlStore;
import org.depozit.storage.StoreSettings;
import org.depozit.wire.Connection;
import org.depozit.wire.Connections;
import org.depozit.wire.Endpoint;
import org.depozit.wire.Limits;
import org.depozit.wire.Listener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an idling client is told.
final class PumpTests {
  private static final int PATIENCE_MS = (int) TimeUnit.SECONDS.toMillis(10);

  @TempDir private Path data;

  /// A session that idles and hears the bell together with its heartbeat.
  private static void idle(Connection connection, SqlStore store) throws IOException {
    try (Pump pump = Pump.start(new Session(connection, store))) {
      pump.wake(true, true);
      connection.input().peek();
    }
  }

  @Test
  void aHeartbeatIsToldWhenTheBellThatRangWithItHasNoNews() throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (SqlStore store = SqlStore.open(StoreSettings.at(data));
        Connections connections = Connections.open(Limits.DEFAULTS);
        Listener listener =
            Listener.open(
                Endpoint.plain("test", anyPort), connections, session -> idle(session, store));
        Socket client = new Socket(listener.address().getAddress(), listener.address().getPort());
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
      client.setSoTimeout(PATIENCE_MS);
      assertThat(lines.readLine()).isEqualTo("* OK Still here");
    }
  }
}
