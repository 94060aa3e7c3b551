package org.depozit.imap.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.depozit.storage.Flag;
import org.depozit.storage.MailboxName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StringsTests {
  @Test
  void quotesAndEscapes() {
    assertThat(Strings.quoted("a \"b\" \\c")).isEqualTo("\"a \\\"b\\\" \\\\c\"");
    assertThat(Strings.quoted("")).isEqualTo("\"\"");
  }

  @Test
  void writesALiteralWhereQuotesCannotHoldTheOctets() {
    assertThat(string("abc")).isEqualTo("\"abc\"");
    assertThat(string("a\r\nb")).isEqualTo("{4}\r\na\r\nb");
    assertThat(string("é")).isEqualTo("{2}\r\né");
    assertThat(string("x".repeat(1001))).startsWith("{1001}\r\nxxx");
  }

  @ParameterizedTest
  @CsvSource({
    "inbox, INBOX",
    "Archive/2026, Archive/2026",
    "Two words, '\"Two words\"'",
    "Été, &AMk-t&AOk-",
    "a*b, '\"a*b\"'",
    "nil, '\"nil\"'",
    "a\"b\\c, '\"a\\\"b\\\\c\"'"
  })
  void writesMailboxNames(String name, String written) {
    assertThat(Strings.mailbox(MailboxName.of(name))).isEqualTo(written);
  }

  @Test
  void writesFlags() {
    assertThat(Strings.flagList(List.of(), false)).isEqualTo("()");
    assertThat(Strings.flagList(List.of(), true)).isEqualTo("(\\Recent)");
    assertThat(Strings.flagList(List.of(Flag.SEEN, Flag.of("$Junk")), true))
        .isEqualTo("(\\Seen $Junk \\Recent)");
  }

  private static String string(String text) {
    return new String(
        Strings.string(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }
}
