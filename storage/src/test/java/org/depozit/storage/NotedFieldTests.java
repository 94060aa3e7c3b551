package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.depozit.mime.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is noted of headers, and that a search for it opens no message.
final class NotedFieldTests {
  @TempDir Path directory;

  private static Map<NotedField, String> noted(String header) {
    return NotedField.of(Octets.of((header + "\r\n").getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void everyFieldOfANameIsNotedDecodedUnfoldedAndFolded() {
    assertThat(
            noted(
                """
                message-id:  <a@B>\r
                X-Other: no\r
                LIST-ID: =?utf-8?Q?P=C3=A2rvu?=\r
                 <x.y>\r
                References: <1@a>\r
                 <2@a>\r
                References:\r
                """))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                NotedField.MESSAGE_ID,
                "<A@B>\n",
                NotedField.LIST_ID,
                "PA\u0302RVU <X.Y>\n",
                NotedField.REFERENCES,
                "<1@A> <2@A>\n\n"));
    assertThat(noted("Subject: none of them\r\n")).isEmpty();
  }

  @Test
  void whatIsTooLongForARowIsCutAndSaysSo() {
    String whole = "x".repeat(NotedField.LONGEST - 1);
    String note = noted("X-TUID: " + whole + "\r\n").get(NotedField.X_TUID);
    assertThat(note).hasSize(NotedField.LONGEST);
    assertThat(NotedField.cut(note)).isFalse();
    String longer = noted("X-TUID: " + whole + "y\r\n").get(NotedField.X_TUID);
    assertThat(longer).hasSize(NotedField.LONGEST);
    assertThat(NotedField.cut(longer)).isTrue();
    String second = noted("X-TUID: " + whole + "\r\nX-TUID: more\r\n").get(NotedField.X_TUID);
    assertThat(second).startsWith("X".repeat(NotedField.LONGEST - 1)).hasSize(NotedField.LONGEST);
    assertThat(NotedField.cut(second)).isTrue();
    assertThat(NotedField.cut(noted("X-TUID:\r\n".repeat(3_000)).get(NotedField.X_TUID))).isTrue();
    String wide = noted("X-TUID: " + "\ud83d\ude00".repeat(3_000) + "\r\n").get(NotedField.X_TUID);
    assertThat(Character.isHighSurrogate(wide.charAt(wide.length() - 2))).isFalse();
  }

  @Test
  void aMessageIsFoundByItsIdWithoutBeingOpened() {
    try (TestStore test = new TestStore(directory)) {
      Mailbox inbox = test.inbox("ana");
      for (int i = 1; i <= 20; i++) {
        test.append(inbox, "Message-ID: <" + i + "@example.org>\r\n\r\nx\r\n");
      }
      SearchKey key = new SearchKey.HeaderField("message-id", "<7@EXAMPLE.org>");
      assertThat(inbox.search(inbox.view(), key, Set.of(Return.ALL)).positions())
          .containsExactly(6);
      List<String> lines = inbox.explain(inbox.view(), key, Set.of(Return.ALL));
      assertThat(lines).anyMatch(line -> line.contains("scan of the notes by key (1 statements)"));
      assertThat(lines)
          .filteredOn(line -> line.contains("reading headers"))
          .hasSize(1)
          .allMatch(line -> line.contains("0 of 0 asked"));
    }
  }

  @Test
  void theTextBeyondACutIsFoundInTheMessage() {
    try (TestStore test = new TestStore(directory)) {
      Mailbox inbox = test.inbox("ana");
      String ids = "\r\n <before@example.org>".repeat(200);
      test.append(inbox, "References:" + ids + "\r\n <last@example.org>\r\n\r\nx\r\n");
      test.append(inbox, "References:" + ids + "\r\n\r\nx\r\n");
      assertThat(positions(inbox, "<last@")).containsExactly(0);
      assertThat(positions(inbox, "<before@")).containsExactly(0, 1);
      assertThat(positions(inbox, "<none@")).isEmpty();
    }
  }

  private static int[] positions(Mailbox inbox, String needle) {
    SearchKey key = new SearchKey.HeaderField("References", needle);
    return inbox.search(inbox.view(), key, Set.of(Return.ALL)).positions();
  }

  @Test
  void aControlCharacterIsInNoDecodedText() {
    try (TestStore test = new TestStore(directory)) {
      Mailbox inbox = test.inbox("ana");
      test.append(inbox, "X-TUID: a\r\nX-TUID: b\r\nX-Mailer: a\tb\r\n\r\nx\r\n");
      for (String field : List.of("X-TUID", "X-Mailer")) {
        for (String needle : List.of("a\nb", "\n", "a\tb")) {
          SearchKey key = new SearchKey.HeaderField(field, needle);
          assertThat(inbox.search(inbox.view(), key, Set.of(Return.ALL)).positions()).isEmpty();
        }
      }
    }
  }
}
