package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderTextTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        // RFC 2047 §8
        "=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu> ~ Keith Moore <moore@cs.utk.edu>",
        "=?ISO-8859-1?Q?Andr=E9?= Pirard ~ André Pirard",
        "(=?ISO-8859-1?Q?a?=) ~ (a)",
        "(=?ISO-8859-1?Q?a?= b) ~ (a b)",
        "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=) ~ (ab)",
        "(=?ISO-8859-1?Q?a?=     =?ISO-8859-1?Q?b?=) ~ (ab)",
        "(=?ISO-8859-1?Q?a_b?=) ~ (a b)",
        "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=) ~ (a b)",
        "=?UTF-8?Q?Cristi_P=C3=A2rvu?= ~ Cristi Pârvu",
        // a character cut in two by the border of two words
        "=?utf-8?B?ww==?= =?utf-8?Q?=A2?= ~ â",
        "=?utf-8?Q?=C3?= =?utf-8?Q?=A2?= ~ â",
        "=?UTF-8*ro?Q?=C8=99?= ~ ș",
        "=?iso-8859-16?Q?=BA=FE?= ~ șț",
        "=?windows-1250?Q?=BA=FE?= ~ şţ",
        "=?cp1250?Q?=BA=FE?= ~ şţ",
        "=?gb2312?B?xOO6ww==?= ~ 你好",
        "=?ks_c_5601-1987?B?vsiz5w==?= ~ 안녕",
        "=?ISO-2022-JP?B?GyRAOjRGI0stGyhK?= ~ 佐藤豊",
        "=?koi8-r?Q?=F0=D2=C9=D7=C5=D4?= ~ Привет",
        "\"=?UTF-8?Q?=C8=98?=\" <a@b> ~ \"Ș\" <a@b>",
        "pre=?utf-8?Q?a?=post ~ preapost",
        "=?utf-8?Q?a b?= ~ a b",
        "=?utf-8?Q?a=ZZ=4?= ~ a=ZZ=4",
        "=?utf-8?B?YQ?= ~ a",
        "=?utf-8?B?Y!Q=*=?= ~ a",
        "=?unknown?Q?=C3=A2?= ~ â",
        "=?utf-8?Q?=E2?= ~ â",
        "=?utf-8?X?abc?= ~ =?utf-8?X?abc?=",
        "=?utf-8?Q?abc ~ =?utf-8?Q?abc",
        "=?utf-8?Q?broken =?utf-8?Q?good?= ~ =?utf-8?Q?broken good",
        "=??Q?a?= ~ =??Q?a?=",
        "=?=?=?= ~ =?=?=?=",
        "=?utf-8?Q??= ~ ''",
      })
  void decodesEncodedWords(String field, String expected) {
    assertThat(FieldText.decoded(field, Charsets.WESTERN)).isEqualTo(expected);
  }

  @Test
  void readsRawEightBitsAsUtf8OrElseInTheMailsCharacterSet() {
    assertThat(FieldText.decoded(octets("Țară", StandardCharsets.UTF_8), Charsets.WESTERN))
        .isEqualTo("Țară");
    assertThat(FieldText.decoded("caf\u00e9", Charsets.WESTERN)).isEqualTo("café");
    Charset koi8 = Charset.forName("KOI8-R");
    assertThat(FieldText.decoded(octets("Привет", koi8), koi8)).isEqualTo("Привет");
  }

  @Test
  void readsRawKoi8InAHeaderWhoseContentTypeSaysSo() {
    byte[] mail =
        "Subject: Привет\r\nContent-Type: text/plain; charset=koi8-r\r\n\r\n"
            .getBytes(Charset.forName("KOI8-R"));
    ParsedMessage message = new MessageParser().parse(Octets.of(mail));
    assertThat(message.text().subject()).contains("Привет");
    assertThat(message.envelope().subject().orElseThrow()).startsWith("=?UTF-8?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "plain ~ plain",
        "=?utf-8?Q?left_alone?= ~ =?utf-8?Q?left_alone?=",
        "an ă word ~ an =?UTF-8?B?xIM=?= word",
        "ă ă end ~ =?UTF-8?B?xIMgxIM=?= end",
      })
  void showsHeaderTextInSevenBits(String field, String expected) {
    String octets = octets(field, StandardCharsets.UTF_8);
    assertThat(FieldText.shown(octets, Charsets.WESTERN, 1000)).isEqualTo(expected);
  }

  @Test
  void keepsAReplacementCharacterThatWasSent() {
    assertThat(FieldText.decoded("=?utf-8?Q?a=EF=BF=BDb?=", Charsets.WESTERN))
        .isEqualTo("a\uFFFDb");
    assertThat(FieldText.decoded("=?utf-8?Q?a=EF=BF=BD=C4?=", Charsets.WESTERN))
        .as("what is no UTF-8 is windows-1252 all the same")
        .isEqualTo("a\uFFFDÄ");
    assertThat(FieldText.decoded("=?koi8-r?Q?=C4?= =?iso-8859-7?Q?=FF?=", Charsets.WESTERN))
        .isEqualTo("д\uFFFD");
  }

  @Test
  void makesSpacesOfControlCharacters() {
    assertThat(FieldText.shown("a\0b\tc\rd", Charsets.WESTERN, 1000)).isEqualTo("a b c d");
  }

  private static String octets(String text, Charset charset) {
    return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
  }
}
