package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTests {

  /// Left the field, right `name|route|mailbox|host` for each address, `-` for NIL.
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "user@domain ~ -|-|user|domain",
        "<user@domain> ~ -|-|user|domain",
        "foo bar <user@domain> ~ foo bar|-|user|domain",
        "\"foo bar\" <user@domain> ~ foo bar|-|user|domain",
        "\"Popescu, Cristi\" <c@x.ro>, b@y ~ Popescu, Cristi|-|c|x.ro -|-|b|y",
        "\"a \\\"b\\\" c\" <u@d> ~ a \"b\" c|-|u|d",
        "<@route:user@domain> ~ -|@route|user|domain",
        "<@a,@b:user@domain> ~ -|@a,@b|user|domain",
        "user@domain (Real Name) ~ Real Name|-|user|domain",
        "(Real Name) user@domain ~ Real Name|-|user|domain",
        "user @ domain . org ~ -|-|user|domain.org",
        "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)> ~ Pete|-|pete|silly.test",
        "John Q. Public <j@p> ~ John Q. Public|-|j|p",
        "group:;  ~ -|-|group|- -|-|-|-",
        "group: a@b, c@d; ~ -|-|group|- -|-|a|b -|-|c|d -|-|-|-",
        "group: a@b ~ -|-|group|- -|-|a|b -|-|-|-",
        "group: a@b;, e@f ~ -|-|group|- -|-|a|b -|-|-|- -|-|e|f",
        "undisclosed-recipients:; ~ -|-|undisclosed-recipients|- -|-|-|-",
        "group:;, group2: (foo) ; ~ -|-|group|- -|-|-|- -|-|group2|- -|-|-|-",
        "a@b; c@d ~ -|-|a|b -|-|c|d",
        "a@b,,c@d, ~ -|-|a|b -|-|c|d",
        "\"peter\"@x.org ~ -|-|peter|x.org",
        "\"John Doe\"@x.org ~ -|-|\"John Doe\"|x.org",
        "s..palmer@x.org ~ -|-|\"s..palmer\"|x.org",
        "user ~ -|-|user|unspecified-domain",
        "user (hello) ~ hello|-|user|unspecified-domain",
        "Foo Bar ~ Foo Bar|-|MISSING_MAILBOX|unspecified-domain",
        "<> ~ -|-|MISSING_MAILBOX|unspecified-domain",
        "Name <> ~ Name|-|MISSING_MAILBOX|unspecified-domain",
        "<user> ~ -|-|user|unspecified-domain",
        "A <a@b@c> ~ A|-|\"a@b\"|c",
        "A < a @ b > ~ A|-|a|b",
        "A <\"a b\"@c> ~ A|-|\"a b\"|c",
        "A <\"a>b\"@c> ~ A|-|\"a>b\"|c",
        "A <a:b@c> ~ A|-|\"a:b\"|c",
        "<a@b> (A) ~ A|-|a|b",
        "ab=cd@e ~ -|-|ab=cd|e",
        "@domain ~ -|-|MISSING_MAILBOX|domain",
        "Foo <user@domain ~ Foo|-|user|domain",
        "\"Foo <user@domain> ~ \"Foo|-|user|domain",
        "<a@b <c@d> ~ -|-|\"a@b<c\"|d",
        "<a@b> <c@d> ~ -|-|a|b -|-|c|d",
        "x@[192.0.2.1] ~ -|-|x|[192.0.2.1]",
        "x@[IPv6:2001:db8::1] ~ -|-|x|[IPv6:2001:db8::1]",
        "=?utf-8?Q?Popescu,_Cristi?= <c@x> ~ =?utf-8?Q?Popescu,_Cristi?=|-|c|x",
        "a@b. ~ -|-|a|b",
        "Foo foo@bar.org ~ Foo|-|foo|bar.org",
        "foo@bar.org via list <l@x> ~ foo@bar.org via list|-|l|x",
        "( ~ ''",
        "(\\ ~ ''",
        "'' ~ ''",
        "',,;;' ~ ''",
        "(only a comment) ~ ''",
      })
  void readsWhatStandsThere(String field, String expected) {
    assertThat(shown(field)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        // Raw UTF-8, Latin-1 and a raw host name.
        "Ștefan <s@x> ~ =?UTF-8?Q?=C8=98tefan?=|-|s|x",
        "\"Ștefan Țepeș\" <s@x> ~ =?UTF-8?Q?=C8=98tefan_=C8=9Aepe=C8=99?=|-|s|x",
        "s@bücher.example ~ -|-|s|xn--bcher-kva.example",
      })
  void showsRawEightBitsInSeven(String field, String expected) {
    String octets =
        new String(
            field.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(shown(octets)).isEqualTo(expected);
  }

  private static String shown(String field) {
    List<Address> addresses =
        AddressScanner.addresses(field, Charsets.WESTERN, MimeLimits.STANDARD);
    return addresses.stream()
        .map(address ->
            String.join(
                "|",
                address.name().orElse("-"),
                address.route().orElse("-"),
                address.mailbox().orElse("-"),
                address.host().orElse("-")))
        .collect(Collectors.joining(" "));
  }
}
