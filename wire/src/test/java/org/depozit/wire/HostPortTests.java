package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTests {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:1143, 127.0.0.1, 1143, 127.0.0.1:1143",
    "[::1]:0, ::1, 0, [::1]:0",
    "localhost:65535, localhost, 65535, localhost:65535",
    "*:143, '', 143, :143",
    ":143, '', 143, :143",
    "[]:143, '', 143, :143",
  })
  void readsTheWrittenForm(String text, String host, int port, String written) {
    HostPort read = HostPort.parse(text);
    assertThat(read).isEqualTo(new HostPort(host, port)).hasToString(written);
    assertThat(HostPort.parse(written)).isEqualTo(read);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "143",
        "host",
        "host:",
        "host:imap",
        "host:65536",
        "host:-1",
        "::1",
        "::1:143"
      })
  void saysWhatIsWrong(String text) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s).+");
  }

  @Test
  void resolvesToAnAddress() throws UnknownHostException {
    assertThat(HostPort.parse("127.0.0.1:25").resolve())
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 25));
    assertThat(HostPort.parse("*:25").resolve().getAddress().isAnyLocalAddress()).isTrue();
    assertThat(HostPort.text(HostPort.parse("[::1]:25").resolve()))
        .isEqualTo("[0:0:0:0:0:0:0:1]:25");
  }
}
