package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.depozit.mime.PartMap.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The mails in `src/test/resources/mail`, each with its rendering beside it.
class StructureTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "no-content-type",
        "nested",
        "digest",
        "empty-multipart",
        "no-boundary",
        "odd-types",
        "unclosed"
      })
  void rendersTheMailAsTheFileBesideItSays(String name) throws IOException {
    ParsedMessage message = parsed(name);
    String rendered =
        "ENVELOPE "
            + new String(message.envelope().rendered(), StandardCharsets.US_ASCII)
            + "\nBODYSTRUCTURE "
            + new String(message.structure().rendered(true), StandardCharsets.US_ASCII)
            + "\n";
    assertThat(rendered).isEqualTo(new String(resource(name + ".txt"), StandardCharsets.UTF_8));
  }

  @Test
  void rendersTheShortFormWithoutExtensions() throws IOException {
    assertThat(new String(parsed("plain").structure().rendered(false), StandardCharsets.US_ASCII))
        .isEqualTo("(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7bit\" 55 1)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "1 ~ MIME ~ Content-Type: multipart/alternative; boundary=inner//",
        "1.1 ~ WHOLE ~ one/two",
        "1.2 ~ WHOLE ~ <p>one</p>/",
        "1.2 ~ MIME ~ Content-Type: text/html; charset=utf-8//",
        "1.3 ~ WHOLE ~ none",
        "1.1.1 ~ WHOLE ~ none",
        "1.1 ~ HEADER ~ none",
        "2 ~ HEADER ~ From: inner@x/Subject: inside/Content-Type: multipart/mixed; boundary=third//",
        "2.1 ~ WHOLE ~ AAAA",
        "2.2 ~ WHOLE ~ none",
        "3 ~ WHOLE ~ none",
        "0 ~ WHOLE ~ none",
      })
  void findsSections(String part, Kind kind, String expected) throws IOException {
    byte[] mail = Crlf.of(resource("nested.eml"));
    BodyStructure structure = parsed("nested").structure();
    Optional<Range> range = PartMap.section(structure, numbers(part), kind);
    assertThat(range.map(found -> text(mail, found)).orElse("none")).isEqualTo(expected);
  }

  @Test
  void findsTheSectionsOfAMessageThatIsNoMultipart() throws IOException {
    byte[] mail = Crlf.of(resource("plain.eml"));
    BodyStructure structure = parsed("plain").structure();
    Range whole = PartMap.section(structure, new int[0], Kind.WHOLE).orElseThrow();
    Range header = PartMap.section(structure, new int[0], Kind.HEADER).orElseThrow();
    Range text = PartMap.section(structure, new int[0], Kind.TEXT).orElseThrow();
    assertThat(whole).isEqualTo(new Range(0, mail.length));
    assertThat(text(mail, header) + text(mail, text)).isEqualTo(text(mail, whole));
    assertThat(PartMap.section(structure, new int[] {1}, Kind.WHOLE)).contains(text);
    assertThat(PartMap.section(structure, new int[] {1}, Kind.MIME)).contains(header);
    assertThat(PartMap.section(structure, new int[] {1, 1}, Kind.WHOLE)).isEmpty();
    assertThat(PartMap.section(structure, new int[0], Kind.MIME)).isEmpty();
  }

  @Test
  void findsTheSectionsOfAMessageThatIsAMessage() {
    byte[] mail =
        "Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nbody"
            .getBytes(StandardCharsets.US_ASCII);
    BodyStructure structure = new MessageParser().parse(Octets.of(mail)).structure();
    assertThat(PartMap.section(structure, new int[] {1}, Kind.HEADER).map(r -> text(mail, r)))
        .contains("Subject: in//");
    assertThat(PartMap.section(structure, new int[] {1, 1}, Kind.WHOLE).map(r -> text(mail, r)))
        .contains("body");
  }

  @Test
  void decodesWhatItEncodedAndRefusesDamage() throws Exception {
    BodyStructure structure = parsed("nested").structure();
    byte[] encoded = structure.encode();
    assertThat(BodyStructure.decode(encoded)).isEqualTo(structure);
    Random random = new Random(3);
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = encoded.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> BodyStructure.decode(damaged))
          .isInstanceOf(MalformedStructureException.class);
    }
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> BodyStructure.decode(cut))
          .isInstanceOf(MalformedStructureException.class);
    }
  }

  @Test
  void encodesAPlainMailInAFewOctets() throws IOException {
    assertThat(parsed("no-content-type").structure().encode().length).isLessThan(30);
  }

  private static ParsedMessage parsed(String name) throws IOException {
    return new MessageParser().parse(Octets.of(Crlf.of(resource(name + ".eml"))));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = StructureTests.class.getResourceAsStream("/mail/" + name)) {
      return in.readAllBytes();
    }
  }

  private static int[] numbers(String part) {
    return java.util.Arrays.stream(part.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }

  private static String text(byte[] mail, Range range) {
    return new String(Octets.of(mail).slice(range).bytes(), StandardCharsets.UTF_8)
        .replace("\r\n", "/");
  }
}
