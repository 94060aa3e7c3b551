package org.depozit.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.depozit.wire.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Known answers for command lines. RFC 1939 §3, RFC 2449 §3.
class Pop3CommandTests {
  static Stream<Arguments> commands() {
    return Stream.of(
        arguments("USER cristi", new Pop3Command.User("cristi")),
        arguments("user cristi@example.org ", new Pop3Command.User("cristi@example.org")),
        arguments("USER\tcristi", new Pop3Command.User("cristi")),
        arguments("USER  john doe", new Pop3Command.User("john doe")),
        arguments("USER șerban", new Pop3Command.User("șerban")),
        arguments("USER %s%n${jndi:x}' OR 1=1--", new Pop3Command.User("%s%n${jndi:x}' OR 1=1--")),
        arguments("AUTH", new Pop3Command.Auth(Optional.empty(), Optional.empty())),
        arguments("AUTH plain", new Pop3Command.Auth(Optional.of("plain"), Optional.empty())),
        arguments("AUTH PLAIN =", new Pop3Command.Auth(Optional.of("PLAIN"), Optional.of("="))),
        arguments("STLS", new Pop3Command.Stls()),
        arguments("UTF8", new Pop3Command.Utf8()),
        arguments("CAPA", new Pop3Command.Capa()),
        arguments("LANG", new Pop3Command.Lang(Optional.empty())),
        arguments("LANG ro-RO", new Pop3Command.Lang(Optional.of("ro-RO"))),
        arguments("QUIT", new Pop3Command.Quit()),
        arguments("qUiT\t ", new Pop3Command.Quit()),
        arguments("STAT", new Pop3Command.Stat()),
        arguments("LIST", new Pop3Command.List(OptionalInt.empty())),
        arguments("LIST ", new Pop3Command.List(OptionalInt.empty())),
        arguments("LIST 2", new Pop3Command.List(OptionalInt.of(2))),
        arguments("LIST\t 2", new Pop3Command.List(OptionalInt.of(2))),
        arguments("RETR 0", new Pop3Command.Retr(0)),
        arguments("RETR 0007", new Pop3Command.Retr(7)),
        arguments("RETR 4294967297", new Pop3Command.Retr(Integer.MAX_VALUE)),
        arguments("RETR " + "9".repeat(60), new Pop3Command.Retr(Integer.MAX_VALUE)),
        arguments("DELE 1", new Pop3Command.Dele(1)),
        arguments("NOOP", new Pop3Command.Noop()),
        arguments("RSET", new Pop3Command.Rset()),
        arguments("LAST", new Pop3Command.Last()),
        arguments("TOP 1 0", new Pop3Command.Top(1, 0)),
        arguments("TOP  1   99999999999", new Pop3Command.Top(1, Integer.MAX_VALUE)),
        arguments("UIDL", new Pop3Command.Uidl(OptionalInt.empty())),
        arguments("UIDL 3", new Pop3Command.Uidl(OptionalInt.of(3))));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aLineIsACommand(String line, Pop3Command command) throws Exception {
    assertThat(read(line)).isEqualTo(command);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PASS secret       | secret
          pass s ecret      | s ecret
          PASS  two ends_   | ` two ends `
          PASS\ttabbed      | tabbed
          PASS %s           | %s
          PASS pârolă       | pârolă
          """)
  void aPasswordIsAllThatFollowsOneSeparator(String line, String password) throws Exception {
    // A `_` stands for a space at the end, which the table would lose.
    assertThat(password(line.replace('_', ' '))).isEqualTo(password);
  }

  @ParameterizedTest
  @CsvSource({
    "'',UNKNOWN_COMMAND",
    "' ',UNKNOWN_COMMAND",
    "' STAT',UNKNOWN_COMMAND",
    "XYZZY,UNKNOWN_COMMAND",
    "STATS,UNKNOWN_COMMAND",
    "APOP x y,UNKNOWN_COMMAND",
    "STAT 1,SYNTAX",
    "QUIT now,SYNTAX",
    "RETR,SYNTAX",
    "RETR 1 2,SYNTAX",
    "TOP 1,SYNTAX",
    "TOP 1 2 3,SYNTAX",
    "AUTH PLAIN a b,SYNTAX",
    "LIST a,NO_NUMBER",
    "LIST -1,NO_NUMBER",
    "RETR +1,NO_NUMBER",
    "RETR 1.0,NO_NUMBER",
    "TOP 1 -1,NO_NUMBER",
    "USER,NAME_UNFIT",
    "'USER   ',NAME_UNFIT",
    "PASS,PASSWORD_UNFIT"
  })
  void aMistakeHasItsOwnReply(String line, Phrase phrase) {
    assertThat(rejection(line.getBytes(StandardCharsets.UTF_8))).isEqualTo(phrase.name());
  }

  /// NUL cuts nothing off (CVE-2019-11500), and what is not UTF-8 is no name (CVE-2019-10691,
  /// CVE-2020-7046).
  @ParameterizedTest
  @CsvSource({
    "'USER admin0x',NAME_UNFIT",
    "'USER admin0',NAME_UNFIT",
    "'PASS secret0x',PASSWORD_UNFIT",
    "'RETR 10',SYNTAX",
    "'US0ER x',UNKNOWN_COMMAND",
    "'USER \u00c0\u00af',NAME_UNFIT",
    "'USER \u00c3',NAME_UNFIT",
    "'USER \u00ed\u00a0\u0080',NAME_UNFIT",
    "'PASS \u00ff',PASSWORD_UNFIT",
    "'LIST \u00b9',SYNTAX",
    "'\u00c9\u00c9\u00c9\u00c9',UNKNOWN_COMMAND"
  })
  void hostileOctetsAreRejected(String line, Phrase phrase) {
    // In these lines a 0 stands for NUL.
    byte[] octets = line.replace('0', '\0').getBytes(StandardCharsets.ISO_8859_1);
    assertThat(rejection(octets)).isEqualTo(phrase.name());
  }

  @Test
  void aPasswordIsWipedFromTheLineAndShownByNothing() throws Exception {
    byte[] line = "PASS secret".getBytes(StandardCharsets.US_ASCII);
    Pop3Command command = Pop3Command.read(line, Limits.DEFAULTS);
    assertThat(line).containsOnly(0);
    assertThat(command.toString()).doesNotContain("secret");
    assertThat(read("AUTH PLAIN AHgAc2VjcmV0").toString()).doesNotContain("AHgAc2VjcmV0");
  }

  @Test
  void namesAndPasswordsAreBounded() {
    byte[] line =
        ("USER " + "x".repeat(Limits.DEFAULTS.saslIdentity() + 1))
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(rejection(line)).isEqualTo(Phrase.NAME_UNFIT.name());
  }

  @Test
  void noOctetsBringTheReaderDown() {
    Random random = new Random(1939);
    String[] words = {
      "USER", "PASS", "AUTH", "LIST", "RETR", "TOP", "UIDL", "LANG", "QUIT", "DELE"
    };
    for (int i = 0; i < 20_000; i++) {
      StringBuilder line = new StringBuilder(words[random.nextInt(words.length)]);
      for (int n = random.nextInt(12); n > 0; n--) {
        line.append(random.nextInt(3) == 0 ? ' ' : (char) random.nextInt(256));
      }
      byte[] octets = line.toString().getBytes(StandardCharsets.ISO_8859_1);
      try {
        assertThat(Pop3Command.read(octets, Limits.DEFAULTS)).isNotNull();
      } catch (Rejected e) {
        assertThat(e.code()).isEmpty();
      }
    }
  }

  private static String password(String line) throws Rejected {
    return read(line) instanceof Pop3Command.Pass pass ? new String(pass.password()) : "";
  }

  private static String rejection(byte[] line) {
    return catchThrowableOfType(Rejected.class, () -> Pop3Command.read(line, Limits.DEFAULTS))
        .getMessage();
  }

  private static Pop3Command read(String line) throws Rejected {
    return Pop3Command.read(line.getBytes(StandardCharsets.UTF_8), Limits.DEFAULTS);
  }
}
