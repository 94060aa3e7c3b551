package org.depozit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.depozit.server.Config.Listen;
import org.depozit.server.Config.Protocol;
import org.depozit.wire.HostPort;
import org.depozit.wire.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTests {
  private static final Path EXAMPLE = Path.of("..", "etc", "depozit.toml");

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("depozit.toml"), text);
  }

  @Test
  void anEmptyFileIsTheUsualServer() throws IOException {
    assertThat(ConfigReader.read(file(""))).isEqualTo(Config.usual());
  }

  @Test
  void namedListenersReplaceTheUsualOnes() throws IOException {
    Config config =
        ConfigReader.read(file("[listen]\nimap = [\"127.0.0.1:143\", \"[::1]:143\"]\n"));
    assertThat(config.listen())
        .containsExactly(
            new Listen(Protocol.IMAP, new HostPort("127.0.0.1", 143)),
            new Listen(Protocol.IMAP, new HostPort("::1", 143)));
  }

  @Test
  void limitsTakeNumbersAndTimes() throws IOException {
    Config config =
        ConfigReader.read(file("[limits]\nimap-line = 9000\nlog-in-time = \"1m30s\"\n"));
    assertThat(config.limits().imapLine()).isEqualTo(9000);
    assertThat(config.limits().logInTime()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void namesEveryFaultAtOnceWithItsLine() throws IOException {
    Path file =
        file(
            """
            host-nam = "x"
            [listen]
            imap = "nowhere"
            [limits]
            imap-line = "long"
            log-in-time = 61
            [pop3]
            last = "yes"
            login-delay = "soon"
            [tls]
            key = "none.pem"
            [store]
            flags = "never"
            """);
    assertThatThrownBy(() -> ConfigReader.read(file))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining(file + ":1: there is no setting host-nam")
        .hasMessageContaining(file + ":3: listen.imap: 'nowhere' is not HOST:PORT")
        .hasMessageContaining(file + ":5: limits.imap-line wants a whole number")
        .hasMessageContaining(file + ":6: limits.log-in-time wants a time")
        .hasMessageContaining(file + ":8: pop3.last wants true or false")
        .hasMessageContaining(file + ":9: pop3.login-delay wants a time")
        .hasMessageContaining(file + ":11: tls.certificate and tls.key go together")
        .hasMessageContaining(file + ":13: store.flags is");
  }

  @Test
  void brokenTomlIsToldWithItsLine() throws IOException {
    Path file = file("data = \"x\"\n[listen\n");
    assertThatThrownBy(() -> ConfigReader.read(file)).hasMessageContaining(file + ":2: ");
  }

  @Test
  void aTableThatIsNoTableIsAFaultAndNoCrash() throws IOException {
    Path file = file("limits = 3\nlisten = \"x\"\n");
    assertThatThrownBy(() -> ConfigReader.read(file))
        .hasMessageContaining(":1: there is no setting limits")
        .hasMessageContaining(":2: there is no setting listen");
  }

  @Test
  void theExampleIsTheDefaultsWithEverythingUncommented() throws IOException {
    String example = Files.readString(EXAMPLE);
    assertThat(ConfigReader.read(EXAMPLE)).isEqualTo(Config.usual());
    String uncommented =
        example
            .replaceAll("(?m)^#([a-z0-9-]+ = )", "$1")
            .replaceAll("(?m)^(certificate|key|data|host-name) = .*\n", "");
    Config config = ConfigReader.read(file(uncommented));
    assertThat(config).isEqualTo(Config.usual());
    assertThat(Limits.names())
        .allSatisfy(name ->
            assertThat(example)
                .contains(
                    "#"
                        + name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT)
                        + " = "));
  }
}
