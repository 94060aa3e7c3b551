package org.depozit.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.depozit.mime.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What RETR and TOP put on the wire. RFC 1939 §3 and §7. In the tables, `/` stands for CRLF.
class MessageWriterTests {
  private static final Pop3Settings EXACT = Pop3Settings.DEFAULTS;

  @ParameterizedTest
  @CsvSource({
    "'', './'",
    "'a/', 'a/./'",
    "'a', 'a/./'",
    "'.', '.././'",
    "'./', '.././'",
    "'../', '..././'",
    "'a/./b/', 'a/../b/./'",
    "'a/.b/..c/', 'a/..b/...c/./'",
    "'a.b/', 'a.b/./'",
    "'A: b//c/', 'A: b//c/./'",
    "'//', '//./'"
  })
  void aLineThatBeginsWithADotGetsAnother(String message, String sent) throws IOException {
    assertThat(whole(message, EXACT)).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "'A: b//1/2/3/', 0, 'A: b//./'",
    "'A: b//1/2/3/', 1, 'A: b//1/./'",
    "'A: b//1/2/3/', 3, 'A: b//1/2/3/./'",
    "'A: b//1/2/3/', 4, 'A: b//1/2/3/./'",
    "'A: b//1/2/3', 3, 'A: b//1/2/3/./'",
    "'A: b//1///2/', 2, 'A: b//1//./'",
    "'A: b//.1/2/', 1, 'A: b//..1/./'",
    "'A: b/ c/', 0, 'A: b/ c/./'",
    "'/1/2/', 1, '/1/./'",
    "'', 5, './'"
  })
  void topIsTheHeaderTheBlankLineAndSoManyLines(String message, int lines, String sent)
      throws IOException {
    assertThat(top(message, lines, EXACT)).isEqualTo(sent);
  }

  /// oe-ns-eoh of interop.
  @Test
  void aMessageWithoutABlankLineGetsOneOnlyWhereAsked() throws IOException {
    Pop3Settings asked = EXACT.withBlankLineAfterHeader(true);
    assertThat(whole("A: b/", EXACT)).isEqualTo("A: b/./");
    assertThat(whole("A: b/", asked)).isEqualTo("A: b//./");
    assertThat(whole("A: b", asked)).isEqualTo("A: b//./");
    assertThat(top("A: b/", 0, asked)).isEqualTo("A: b//./");
    assertThat(whole("A: b//c/", asked)).isEqualTo("A: b//c/./");
  }

  /// outlook-no-nuls of interop.
  @Test
  void nulIsSentAsItselfOrAs0x80() throws IOException {
    assertThat(whole("a\0b/", EXACT)).isEqualTo("a\0b/./");
    assertThat(whole("a\0b/", EXACT.withNulAs80(true))).isEqualTo("a\u0080b/./");
  }

  @Test
  void everyOctetComesThrough() throws IOException {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 256; c++) {
      all.append(c == '\r' || c == '\n' ? '_' : c);
    }
    assertThat(whole(all + "/", EXACT)).isEqualTo(all + "/./");
  }

  @Test
  void wherePiecesMeetDoesNotMatter() throws IOException {
    Random random = new Random(1939);
    for (int i = 0; i < 1_000; i++) {
      StringBuilder lines = new StringBuilder();
      for (int n = random.nextInt(200); n > 0; n--) {
        lines.append(random.nextInt(3) == 0 ? "\r\n" : random.nextInt(2) == 0 ? "." : "a");
      }
      byte[] octets = lines.toString().getBytes(StandardCharsets.ISO_8859_1);
      int atMost = 1 + random.nextInt(5);
      Octets inPieces = new Pieces(octets, atMost);
      assertThat(sent(inPieces, -1, EXACT)).isEqualTo(sent(Octets.of(octets), -1, EXACT));
      int lineCount = random.nextInt(5);
      assertThat(sent(inPieces, lineCount, EXACT))
          .isEqualTo(sent(Octets.of(octets), lineCount, EXACT));
    }
  }

  /// A store that hands out a few octets a time.
  private record Pieces(byte[] all, int atMost) implements Octets {
    @Override
    public long length() {
      return all.length;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
      int have = (int) Math.min(Math.min(length, atMost), all.length - position);
      System.arraycopy(all, (int) position, into, offset, have);
      return have == 0 && length > 0 ? -1 : have;
    }
  }

  @Test
  void aHeaderWithUtf8IsToldFromABodyWithIt() {
    assertThat(Utf8Header.in(octets("A: b//\u00e9/"))).isFalse();
    assertThat(Utf8Header.in(octets("A: \u00e9//b/"))).isTrue();
    assertThat(Utf8Header.in(octets("A: \u00e9"))).isTrue();
    assertThat(Utf8Header.in(octets(""))).isFalse();
  }

  private static String whole(String message, Pop3Settings settings) throws IOException {
    return sent(octets(message), -1, settings);
  }

  private static String top(String message, int lines, Pop3Settings settings) throws IOException {
    return sent(octets(message), lines, settings);
  }

  private static String sent(Octets message, int lines, Pop3Settings settings) throws IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    MessageWriter writer = new MessageWriter(wire, settings);
    if (lines < 0) {
      writer.whole(message);
    } else {
      writer.top(message, lines);
    }
    return wire.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "/");
  }

  private static Octets octets(String text) {
    return Octets.of(text.replace("/", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }
}
