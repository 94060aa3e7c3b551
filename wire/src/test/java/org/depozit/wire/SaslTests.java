package org.depozit.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaslTests {
  private final List<String> challenges = new ArrayList<>();

  private static Mechanism mechanism(String name) {
    return Sasl.named(name).orElseThrow();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Sasl.Outcome run(String mechanism, Optional<String> initial, String... answers)
      throws IOException {
    Iterator<String> next = List.of(answers).iterator();
    return Sasl.run(
        mechanism(mechanism),
        initial,
        Limits.DEFAULTS,
        challenge -> {
          challenges.add(challenge);
          return next.next().getBytes(StandardCharsets.UTF_8);
        });
  }

  private Credentials presented(String mechanism, Optional<String> initial, String... answers)
      throws IOException {
    Sasl.Outcome outcome = run(mechanism, initial, answers);
    assertThat(outcome).isInstanceOf(Sasl.Outcome.Presented.class);
    return ((Sasl.Outcome.Presented) outcome).credentials();
  }

  @Test
  void plainTakesItsResponseWithTheCommand() throws IOException {
    Credentials credentials = presented("plain", Optional.of(base64("\0tim\0tanstaaftanstaaf")));
    assertThat(credentials.authorizationId()).isEmpty();
    assertThat(credentials.actsForAnother()).isFalse();
    assertThat(credentials.user()).isEqualTo("tim");
    assertThat(credentials.password()).containsExactly("tanstaaftanstaaf".toCharArray());
    assertThat(challenges).isEmpty();
  }

  @Test
  void plainAsksWithAnEmptyChallenge() throws IOException {
    Credentials credentials =
        presented("PLAIN", Optional.empty(), base64("Ursel\0Kurt\0xipj3plmq"));
    assertThat(challenges).containsExactly("");
    assertThat(credentials.authorizationId()).isEqualTo("Ursel");
    assertThat(credentials.actsForAnother()).isTrue();
  }

  @Test
  void actingForOneselfIsNotActingForAnother() throws IOException {
    assertThat(presented("PLAIN", Optional.of(base64("ana\0ana\0pw"))).actsForAnother()).isFalse();
  }

  @Test
  void namesAndPasswordsMayBeInAnyScript() throws IOException {
    Credentials credentials = presented("PLAIN", Optional.of(base64("\0Ștefăniță\0пароль 🔑")));
    assertThat(credentials.user()).isEqualTo("Ștefăniță");
    assertThat(new String(credentials.password())).isEqualTo("пароль 🔑");
  }

  @Test
  void loginAsksForNameAndPassword() throws IOException {
    Credentials credentials =
        presented("LOGIN", Optional.empty(), base64("ana"), base64("s e c r e t"));
    assertThat(challenges).containsExactly(base64("Username:"), base64("Password:"));
    assertThat(credentials.user()).isEqualTo("ana");
    assertThat(new String(credentials.password())).isEqualTo("s e c r e t");
  }

  @Test
  void loginTakesTheNameWithTheCommand() throws IOException {
    Credentials credentials = presented("login", Optional.of(base64("ana")), base64("secret"));
    assertThat(challenges).containsExactly(base64("Password:"));
    assertThat(credentials.user()).isEqualTo("ana");
  }

  @Test
  void anAsteriskCancels() throws IOException {
    assertThat(run("PLAIN", Optional.empty(), "*")).isEqualTo(new Sasl.Outcome.Cancelled());
    assertThat(run("LOGIN", Optional.of(base64("ana")), "*"))
        .isEqualTo(new Sasl.Outcome.Cancelled());
  }

  @Test
  void anEqualsSignIsTheEmptyInitialResponse() throws IOException {
    assertThat(run("PLAIN", Optional.of("="))).isInstanceOf(Sasl.Outcome.Malformed.class);
    assertThat(run("LOGIN", Optional.of("="))).isInstanceOf(Sasl.Outcome.Malformed.class);
    assertThat(challenges).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "AGE",
        "AGE=AGE=",
        "AGE\tAGI=",
        " AGEAYg==",
        "AGEAYg== ",
        "AGEAYg",
        "AGEAYh==",
        "AGEA-g==",
        "AGEA_g==",
        "=",
        "==",
        "AGEAYg==AGEAYg==",
        "\u0000",
        "ș",
        "**",
        "(garbage)"
      })
  void whatIsNotExactlyBase64IsMalformed(String response) throws IOException {
    assertThat(run("PLAIN", Optional.empty(), response))
        .isInstanceOf(Sasl.Outcome.Malformed.class)
        .hasToString("Malformed[reason=not base64]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0",
        "ana",
        "\0ana",
        "ana\0pw",
        "\0ana\0",
        "\0\0pw",
        "\0ana\0p\0w",
        "\0a\r\nb\0pw",
        "\0\0\0\0\0\0",
        "a\nb\0ana\0pw"
      })
  void plainWithPartsMissingOrTooManyIsMalformed(String response) throws IOException {
    assertThat(run("PLAIN", Optional.empty(), base64(response)))
        .isInstanceOf(Sasl.Outcome.Malformed.class);
  }

  @Test
  void whatIsNotUtf8IsMalformed() throws IOException {
    byte[][] wrong = {
      {(byte) 0xff}, // no octet of UTF-8
      {(byte) 0xc0, (byte) 0x80}, // an overlong NUL
      {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // a surrogate
      {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, // beyond Unicode
      {(byte) 0xe2, (byte) 0x82}, // cut off
    };
    for (byte[] octets : wrong) {
      assertThat(SaslText.identity(octets, Limits.DEFAULTS)).isEmpty();
      assertThat(SaslText.password(octets, Limits.DEFAULTS)).isEmpty();
      byte[] plain = {0, 'a', 0, 'b', octets[0]};
      String response = Base64.getEncoder().encodeToString(plain);
      assertThat(run("PLAIN", Optional.of(response))).isInstanceOf(Sasl.Outcome.Malformed.class);
    }
  }

  @Test
  void lengthsAreBoundedAnd255OctetsAreTaken() throws IOException {
    String most = "x".repeat(1024);
    presented("PLAIN", Optional.of(base64(most + "\0" + most + "\0" + most)));
    for (String tooLong : List.of(most + "x\0a\0b", "\0" + most + "x\0b", "\0a\0" + most + "x")) {
      assertThat(run("PLAIN", Optional.of(base64(tooLong))))
          .isInstanceOf(Sasl.Outcome.Malformed.class);
    }
  }

  @Test
  void credentialsShowNoPasswordAndForgetIt() {
    char[] password = "secret".toCharArray();
    Credentials credentials = new Credentials("", "ana\r\nA1 OK", password);
    assertThat(credentials).hasToString("Credentials of ana  A1 OK");
    assertThat(new Sasl.Outcome.Presented(credentials).toString()).doesNotContain("secret");
    credentials.close();
    assertThat(password).containsOnly('\0');
  }

  @Test
  void passwordsInTheClearAreOfferedWhereTheyAreAllowed() throws IOException {
    Service offers =
        connection ->
            connection
                .output()
                .line(
                    String.join(
                        " ", Sasl.offered(connection).stream().map(Mechanism::name).toList()));
    try (TestServer server = TestServer.of(offers);
        Peer peer = server.connect()) {
      assertThat(peer.line()).isEqualTo("PLAIN LOGIN");
    }
    assertThat(Sasl.named("CRAM-MD5")).isEmpty();
  }
}
