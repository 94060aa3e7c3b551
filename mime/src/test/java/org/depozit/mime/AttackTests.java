package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.depozit.mime.BodyText.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mail that was made to hurt. The time bounds only tell a linear parser from a quadratic one.
class AttackTests {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final MimeLimits LIMITS = MimeLimits.STANDARD;

  private final MessageParser parser = new MessageParser();

  /// CVE-2024-23184: many address fields, and many addresses in one.
  @Test
  void readsHalfAMillionAddresses() {
    ParsedMessage lines = parsed("To: a@b\r\n".repeat(500_000) + "\r\n");
    assertThat(lines.envelope().to()).hasSize(LIMITS.addresses());
    ParsedMessage line = parsed("To: " + "a@b,".repeat(500_000) + "\r\n\r\n");
    assertThat(line.envelope().to()).hasSize(LIMITS.addresses());
    assertThat(line.envelope().rendered().length).isLessThan(1 << 20);
  }

  /// CVE-2024-23185: headers without end.
  @Test
  void readsHugeHeaders() {
    String line = "Subject: " + "x".repeat(60 << 20) + "\r\n\r\nbody";
    ParsedMessage message = parsed(line);
    assertThat(message.envelope().subject().orElseThrow()).hasSize(LIMITS.textOctets());
    assertThat(message.structure().part().octets()).isEqualTo(4);
    ParsedMessage fields = parsed("X: y\r\n".repeat(1_000_000) + "Subject: lost\r\n\r\nbody");
    assertThat(fields.envelope().subject()).isEmpty();
    assertThat(fields.structure().part().octets()).isEqualTo(4);
    ParsedMessage folded = parsed("Subject: a\r\n" + " b\r\n".repeat(1_000_000) + "\r\nbody");
    assertThat(folded.structure().part().octets()).isEqualTo(4);
    Octets header = octets("Subject: a\r\n" + " b\r\n".repeat(1_000_000));
    assertThat(HeaderFields.select(header, Set.of("subject"), false).length())
        .isEqualTo(header.length() + 2);
  }

  /// CVE-2020-12100, CVE-2020-25275, CVE-2026-26312: depth and number of parts.
  @Test
  void stopsAtTheBoundsOfDepthAndNumber() {
    BodyStructure deep = parsed(nested(100_000, "multipart/mixed")).structure();
    assertThat(Shapes.count(deep)).isLessThan(2 * LIMITS.depth() + 2);
    assertThat(Shapes.shape(deep)).contains("application/octet-stream");
    BodyStructure messages =
        parsed("Content-Type: message/rfc822\r\n\r\n".repeat(100_000)).structure();
    assertThat(Shapes.count(messages)).isEqualTo(LIMITS.depth() + 1);
    String part = "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx\r\n";
    BodyStructure many =
        parsed(
                "Content-Type: multipart/digest; boundary=b\r\n\r\n"
                    + part.repeat(100_000)
                    + "--b--")
            .structure();
    assertThat(Shapes.count(many)).isLessThanOrEqualTo(LIMITS.parts() + LIMITS.depth());
    assertThat(Shapes.shape(many).endsWith("message/rfc822{application/octet-stream}]")).isTrue();
    for (BodyStructure structure : new BodyStructure[] {deep, messages, many}) {
      assertThat(structure.rendered(true)).isNotEmpty();
    }
  }

  /// CVE-2026-27859: continued parameters.
  @Test
  void readsEndlessParameters() {
    String pieces =
        IntStream.range(0, 100_000)
            .mapToObj(i -> "n*" + i + "*=%41;")
            .collect(Collectors.joining());
    Part part = parsed("Content-Type: a/b; " + pieces + "\r\n\r\n").structure().part();
    assertThat(part.parameters()).hasSize(1);
    assertThat(part.parameters().getFirst().value()).startsWith("%41%41").hasSizeLessThan(1_000);
    String others =
        IntStream.range(0, 100_000).mapToObj(i -> "n" + i + "=1;").collect(Collectors.joining());
    part = parsed("Content-Type: a/b; " + others + "\r\n\r\n").structure().part();
    assertThat(part.parameters()).hasSizeLessThanOrEqualTo(LIMITS.parameters());
  }

  /// What a quadratic reader of one header field would take hours for.
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "=?",
        "=?a?q?",
        "=?utf-8?q?x",
        "=?utf-8?q?x?= ",
        "?=",
        "[",
        "[a]",
        "Re:[a]",
        "[fwd:",
        "(fwd)",
        "(",
        "((",
        "\\",
        "\"",
        "\"\\",
        "<",
        ">",
        "<>",
        "<a",
        "<\"",
        "a@",
        "@",
        "@[",
        ":",
        "g:",
        "g:;",
        ";",
        "a=;",
        "a*0=;",
        "a=\"",
        "; ",
        "a@b ",
        "a b ",
        "\u00e9",
        "\u00e9 ",
        "(\\",
        "<@a,",
        "<@a:",
        "=",
        "%",
        "--",
        "a*0*=x;"
      })
  void readsEveryFieldInTimeInProportion(String piece) {
    String value = piece.repeat((1 << 18) / piece.length());
    for (String name :
        new String[] {
          "From",
          "Subject",
          "Date",
          "References",
          "Content-Type",
          "Content-Disposition",
          "Content-Language"
        }) {
      ParsedMessage message = parsed(name + ": " + value + "\r\n\r\n");
      assertThat(message.structure().rendered(true)).isNotEmpty();
      assertThat(message.envelope().rendered()).isNotEmpty();
    }
  }

  /// A body of lines that all look like boundaries.
  @Test
  void looksThroughLinesOfDashes() {
    String outer = "x".repeat(69);
    IntFunction<String> open =
        i ->
            "Content-Type: multipart/mixed; boundary="
                + outer
                + i
                + "\r\n\r\n--"
                + outer
                + i
                + "\r\n";
    String heads = IntStream.range(0, 90).mapToObj(open).collect(Collectors.joining());
    ParsedMessage message = parsed(heads + "\r\n" + ("--" + outer + "\r\n").repeat(500_000));
    assertThat(Shapes.count(message.structure())).isEqualTo(91);
    parsed("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "-".repeat(40 << 20));
  }

  /// CVE-2024-45626 and lines without end: one tag of many megabytes, a flood of entities, no line
  /// end.
  @ParameterizedTest
  @CsvSource({"<a x='", "&", "&#1", "<b>", "<!--", "<", "x", "ă", "\u0301", "=", "=4", "--"})
  void searchesHostileBodies(String piece) {
    String body = piece.repeat((4 << 20) / piece.length());
    for (String type :
        new String[] {
          "text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable",
          "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64"
        }) {
      Octets mail = octets("Content-Type: " + type + "\r\n\r\n" + body + "needle");
      BodyStructure structure = parser.parse(mail).structure();
      assertTimeoutPreemptively(
          LONG, () -> BodyText.contains(mail, structure, "NOT IN THERE", Scope.TEXT));
    }
  }

  /// The parser holds a window of the content and not the content: 600 MB in a heap of 512.
  @Test
  void readsMailThatIsBiggerThanTheHeapWouldLike() {
    byte[] head =
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    long length = 600L << 20;
    Octets made =
        new Octets() {
          @Override
          public long length() {
            return length;
          }

          @Override
          public int read(long position, byte[] into, int offset, int count) {
            int size = (int) Math.min(count, length - position);
            Arrays.fill(
                into, offset, offset + size, (byte) (position / 65_536 % 2 == 0 ? '\n' : 'x'));
            if (position < head.length) {
              size = Math.min(size, head.length - (int) position);
              System.arraycopy(head, (int) position, into, offset, size);
            }
            return size == 0 ? -1 : size;
          }
        };
    BodyStructure structure = parser.parse(made).structure();
    assertThat(structure.part().bodyTo()).isEqualTo(length);
    assertThat(Shapes.shape(structure)).isEqualTo("mixed[text/plain]");
  }

  /// CVE-2019-7524: a damaged structure in a row of the database is a reason to parse again,
  /// nothing worse.
  @Test
  void refusesRandomOctetsAsAStructure() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = new byte[random.nextInt(60)];
      random.nextBytes(octets);
      assertThat(decodes(octets)).isFalse();
    }
  }

  private static boolean decodes(byte[] octets) {
    try {
      BodyStructure.decode(octets);
      return true;
    } catch (MalformedStructureException e) {
      return false;
    }
  }

  private static String nested(int depth, String type) {
    StringBuilder mail = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      mail.append("Content-Type: " + type + "; boundary=b" + i + "x\r\n\r\n--b" + i + "x\r\n");
    }
    return mail.append("\r\ndeep").toString();
  }

  private ParsedMessage parsed(String mail) {
    Octets content = octets(mail);
    return assertTimeoutPreemptively(
        LONG,
        () -> {
          ParsedMessage message = parser.parse(content);
          Shapes.holds(message.structure(), content.length());
          return message;
        });
  }

  private static Octets octets(String mail) {
    return Octets.of(mail.getBytes(StandardCharsets.ISO_8859_1));
  }
}
