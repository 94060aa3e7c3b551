package org.depozit.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.depozit.lmtp.PathReader.ReversePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Known answers for paths. RFC 5321 §4.1.2, RFC 6531 §3.3.
class PathReaderTests {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <cristi@example.org>                    | cristi             | example.org    | cristi@example.org
          <Cristi.Parvu+x=y@Example.ORG>          | Cristi.Parvu+x=y   | Example.ORG    | Cristi.Parvu+x=y@Example.ORG
          <cristi>                                | cristi             | ``             | cristi
          <postmaster>                            | postmaster         | ``             | postmaster
          <"cristi"@example.org>                  | cristi             | example.org    | cristi@example.org
          <"john doe"@example.org>                | john doe           | example.org    | "john doe"@example.org
          <"a\\"b\\\\c"@example.org>              | a"b\\c             | example.org    | "a\\"b\\\\c"@example.org
          <"a@b"@example.org>                     | a@b                | example.org    | "a@b"@example.org
          <"a>b"@example.org>                     | a>b                | example.org    | "a>b"@example.org
          <""@x>                                  | ``                 | x              | ""@x
          <a..b.@docomo.example>                  | a..b.              | docomo.example | a..b.@docomo.example
          <u@my_host>                             | u                  | my_host        | u@my_host
          <u@[127.0.0.1]>                         | u                  | [127.0.0.1]    | u@[127.0.0.1]
          <u@[IPv6:::1]>                          | u                  | [IPv6:::1]     | u@[IPv6:::1]
          <@a.example,@b.example:u@c.example>     | u                  | c.example      | u@c.example
          <@a:"x y"@c>                            | x y                | c              | "x y"@c
          <șerban@poștă.example>                  | șerban             | poștă.example  | șerban@poștă.example
          """)
  void aPathHasALocalPartAndADomain(String path, String local, String domain, String quoted) {
    assertThat(new PathReader(path).forward())
        .hasValueSatisfying(address -> {
          assertThat(address).isEqualTo(new MailAddress(local, domain));
          assertThat(address.quoted()).isEqualTo(quoted);
        });
  }

  @Test
  void anAtomMayHoldEverySignOfTheGrammar() {
    assertThat(new PathReader("<!#$%&'*+-/=?^_`{|}~@x>").forward())
        .contains(new MailAddress("!#$%&'*+-/=?^_`{|}~", "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<",
        ">",
        "<>",
        "cristi@example.org",
        "<cristi@example.org",
        "<cristi@>",
        "<@example.org>",
        "<cristi@example..org>",
        "<cristi@.example.org>",
        "<cristi@example.org.>",
        "<cristi@[]>",
        "<cristi@[127.0.0.1>",
        "<cris ti@example.org>",
        "<cristi@exam ple.org>",
        "<\"cristi@example.org>",
        "<\"cristi\\",
        "<\"cristi\"x@example.org>",
        "<(c)cristi@example.org>",
        "<a@b@c>",
        "<@a,b:u@c>",
        "<@a:>",
        "<@a u@c>",
        "<<u@c>>"
      })
  void anythingElseIsNoForwardPath(String path) {
    assertThat(new PathReader(path).forward()).isEmpty();
  }

  @Test
  void onlyAReversePathMayBeNull() {
    assertThat(new PathReader("<>").reverse()).contains(new ReversePath(Optional.empty()));
    assertThat(new PathReader("< >").reverse()).isEmpty();
    assertThat(new PathReader("<\"\">").reverse()).isEmpty();
    assertThat(new PathReader("<u@c>").reverse())
        .contains(new ReversePath(Optional.of(new MailAddress("u", "c"))));
    assertThat(new PathReader("<cron>").reverse())
        .contains(new ReversePath(Optional.of(new MailAddress("cron", ""))));
  }

  @Test
  void whatFollowsThePathIsLeft() {
    PathReader reader = new PathReader("<u@c> SIZE=1");
    assertThat(reader.forward()).isPresent();
    assertThat(reader.rest()).isEqualTo(" SIZE=1");
  }

  @Test
  void aPathThatWouldNotFitIntoAHeaderLineIsNone() {
    assertThat(new PathReader("<" + "a".repeat(880) + "@example.org>").forward()).isPresent();
    assertThat(new PathReader("<" + "a".repeat(900) + "@example.org>").forward()).isEmpty();
  }
}
