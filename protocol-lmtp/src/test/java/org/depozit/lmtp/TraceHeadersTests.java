package org.depozit.lmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What final delivery puts on top. RFC 5321 §4.4.
class TraceHeadersTests {
  private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-03-05T07:08:09+02:00");

  @Test
  void aCopyBearsWhereItCameFromAndForWhom() throws Exception {
    assertThat(text(Optional.of(new MailAddress("a b", "c.example")), "relay.example", "10.1.2.3"))
        .isEqualTo(
            """
            Return-Path: <"a b"@c.example>
            Delivered-To: cristi@example.org
            Received: from relay.example ([10.1.2.3])
            \tby mail.example with LMTP id k1-2-3
            \tfor <cristi@example.org>; Thu, 5 Mar 2026 07:08:09 +0200
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void theNullPathAndIpv6StandAsTheRfcWantsThem() throws Exception {
    assertThat(text(Optional.empty(), "[IPv6:::1]", "::1"))
        .startsWith("Return-Path: <>\r\n")
        .contains("Received: from [IPv6:::1] ([IPv6:0:0:0:0:0:0:0:1])\r\n");
  }

  @Test
  void theProtocolTellsTlsAndUtf8() {
    assertThat(TraceHeaders.protocol(false, false)).isEqualTo("LMTP");
    assertThat(TraceHeaders.protocol(false, true)).isEqualTo("LMTPS");
    assertThat(TraceHeaders.protocol(true, false)).isEqualTo("UTF8LMTP");
    assertThat(TraceHeaders.protocol(true, true)).isEqualTo("UTF8LMTPS");
  }

  /// CVE-2024-21742: what reaches the headers is checked where they are written, whatever was
  /// checked before.
  @Test
  void noHeaderCanBeSmuggledIn() {
    for (String bad : new String[] {"a\r\nBcc: b", "a\nb", "a\rb", "a\0b"}) {
      assertThatThrownBy(() -> text(Optional.of(new MailAddress(bad, "x")), "r", "10.1.2.3"))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> text(Optional.empty(), bad, "10.1.2.3"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static String text(Optional<MailAddress> sender, String client, String peer)
      throws Exception {
    TraceHeaders headers =
        new TraceHeaders(
            sender, client, InetAddress.getByName(peer), "mail.example", "LMTP", "k1-2-3", TIME);
    return new String(headers.of(new MailAddress("cristi", "example.org")), StandardCharsets.UTF_8);
  }
}
