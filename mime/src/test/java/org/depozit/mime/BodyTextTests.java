package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.depozit.mime.BodyText.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyTextTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "7bit ~ us-ascii ~ Hello World ~ hello world ~ true",
        "7bit ~ us-ascii ~ Hello World ~ helloworld ~ false",
        "quoted-printable ~ utf-8 ~ P=C3=A2rvu ~ pârvu ~ true",
        "quoted-printable ~ utf-8 ~ soft=¶ly broken ~ softly ~ true",
        "quoted-printable ~ utf-8 ~ odd =ZZ and = and =4 ~ =zz and = and =4 ~ true",
        "quoted-printable ~ iso-8859-2 ~ =BA=FE ~ şţ ~ true",
        "QUOTED-PRINTABLE ~ iso-8859-16 ~ =BA=FE ~ ȘȚ ~ true",
        "base64 ~ utf-8 ~ UMOicnZ1 ~ pârvu ~ true",
        "base64 ~ utf-8 ~ UM!Oic¶nZ1 ~ pârvu ~ true",
        "base64 ~ utf-8 ~ UMOicnZ ~ pârv ~ true",
        "8bit ~ utf-8 ~ Pârvu ~ pÂrv ~ true",
        "8bit ~ no-such-set ~ Pârvu ~ pârvu ~ true",
        "8bit ~ us-ascii ~ Pârvu ~ pârvu ~ true",
        "x-odd ~ utf-8 ~ plain ~ plain ~ true",
      })
  void findsDecodedText(
      String encoding, String charset, String body, String needle, boolean found) {
    String mail =
        "Content-Type: text/plain; charset="
            + charset
            + "¶Content-Transfer-Encoding: "
            + encoding
            + "¶¶"
            + body;
    assertThat(finds(mail, needle, Scope.BODY)).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "<p>Hello <b>W</b>orld</p> ~ hello world ~ true",
        "<p>Hello</p><p>World</p> ~ hello world ~ true",
        "<p class='x'>Hello ~ class='x' ~ true",
        "P&acirc;rvu &amp; co ~ pârvu & co ~ true",
        "&#537;i &#x21B; ~ și ț ~ true",
        "a<!-- no > here -->b ~ ab ~ true",
        "1 < 2 and 3 > 2 ~ 1 < 2 and 3 > 2 ~ true",
        "<a title=\"x>y\">link</a> ~ link ~ true",
        "two ¶  lines ~ two lines ~ true",
        "&unknown; &; & ~ &unknown ~ true",
        "<b>x</b> ~ absent ~ false",
      })
  void findsWhatAReaderOfHtmlSees(String html, String needle, boolean found) {
    String mail = "Content-Type: text/html; charset=utf-8¶¶" + html;
    assertThat(finds(mail, needle, Scope.BODY)).isEqualTo(found);
  }

  @Test
  void looksIntoPartsTheirHeadersAndMessagesButIntoTheHeaderForTextOnly() {
    String mail =
        "Subject: top¶Content-Type: multipart/mixed; boundary=b¶¶--b¶Content-Type: application/pdf; "
            + "name*=utf-8''%C8%98tiri.pdf¶¶unread¶--b¶Content-Type: message/rfc822¶¶"
            + "Subject: =?utf-8?Q?=C3=AEn?=¶¶deep¶--b--¶";
    assertThat(finds(mail, "top", Scope.BODY)).isFalse();
    assertThat(finds(mail, "subject: top", Scope.TEXT)).isTrue();
    assertThat(finds(mail, "știri.pdf", Scope.BODY)).isTrue();
    assertThat(finds(mail, "unread", Scope.BODY)).isFalse();
    assertThat(finds(mail, "în", Scope.BODY)).isTrue();
    assertThat(finds(mail, "deep", Scope.BODY)).isTrue();
    assertThat(finds(mail, "", Scope.BODY)).isTrue();
  }

  /// The needle stands across the border of slices in every encoding.
  @Test
  void findsTheNeedleWhereverItStands() {
    String needle = "ac ți-e";
    for (int before :
        new int[] {0, 1, 8_180, 8_185, 8_186, 8_187, 8_188, 8_189, 8_190, 8_191, 8_192, 20_000}) {
      String text = "x".repeat(before) + "Ac ți-e dor";
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      String base64 = Base64.getMimeEncoder().encodeToString(utf8).replace("\r\n", "¶");
      StringBuilder quoted = new StringBuilder();
      for (byte octet : utf8) {
        quoted.append(octet < 0 ? String.format("=%02X", octet) : Character.toString(octet));
      }
      String start = "Content-Type: text/plain; charset=utf-8¶Content-Transfer-Encoding: ";
      assertThat(finds(start + "8bit¶¶" + text, needle, Scope.BODY)).isTrue();
      assertThat(finds(start + "base64¶¶" + base64, needle, Scope.BODY)).isTrue();
      assertThat(finds(start + "quoted-printable¶¶" + quoted, needle, Scope.BODY)).isTrue();
      assertThat(finds(start + "quoted-printable¶¶" + quoted, needle + "!", Scope.BODY)).isFalse();
    }
  }

  /// Every character set that the JDK has, on octets that are none of its text.
  @Test
  void failsForNoCharacterSet() {
    byte[] octets = new byte[4_000];
    new Random(11).nextBytes(octets);
    for (Charset charset : Charset.availableCharsets().values()) {
      assertThat(TextDecoder.decoded(octets, charset)).as(charset.name()).isNotNull();
      byte[] mail =
          concat("Content-Type: text/plain; charset=" + charset.name() + "\r\n\r\n", octets);
      BodyStructure structure = new MessageParser().parse(Octets.of(mail)).structure();
      BodyText.contains(Octets.of(mail), structure, "NOT IN THERE", Scope.TEXT);
    }
  }

  private static byte[] concat(String header, byte[] body) {
    byte[] head = header.getBytes(StandardCharsets.US_ASCII);
    byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  private static boolean finds(String mail, String needle, Scope scope) {
    Octets content = Octets.of(mail.replace("¶", "\r\n").getBytes(StandardCharsets.UTF_8));
    BodyStructure structure = new MessageParser().parse(content).structure();
    return BodyText.contains(content, structure, Casemap.fold(needle), scope);
  }
}
