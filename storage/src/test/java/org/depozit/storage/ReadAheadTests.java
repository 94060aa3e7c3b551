package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadAheadTests {
  private static final int MESSAGES = 100;

  @TempDir private Path directory;

  @Test
  void messagesReadOneAfterTheOtherAreEachTheirOwn() {
    try (TestStore test = filled()) {
      Mailbox inbox = test.inbox("ana");
      for (int pass = 0; pass < 2; pass++) {
        for (long uid = 1; uid <= MESSAGES; uid++) {
          assertThat(text(inbox, uid)).contains("Subject: n" + uid + "\r\n");
        }
      }
      assertThat(inbox.content(MESSAGES + 1)).isEmpty();
    }
  }

  @Test
  void whatIsExpungedMeanwhileIsNotFound() {
    try (TestStore test = filled()) {
      Mailbox inbox = test.inbox("ana");
      text(inbox, 1);
      text(inbox, 2);
      inbox.store(
          UidSet.range(3, 4), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
      inbox.expunge(UidSet.range(3, 3));

      assertThat(inbox.content(3)).isEmpty();
      assertThat(text(inbox, 4)).contains("Subject: n4\r\n");
      inbox.expunge(UidSet.range(4, 4));
      assertThat(inbox.content(4)).isEmpty();
      assertThat(text(inbox, 5)).contains("Subject: n5\r\n");
    }
  }

  private TestStore filled() {
    TestStore test = new TestStore(directory);
    Mailbox inbox = test.inbox("ana");
    for (int i = 1; i <= MESSAGES; i++) {
      inbox.append(test.message("Subject: n" + i + "\r\n\r\ntext\r\n"));
    }
    return test;
  }

  private static String text(Mailbox mailbox, long uid) {
    Optional<Content> found = mailbox.content(uid);
    try (Content content = found.orElseThrow()) {
      byte[] octets = new byte[(int) content.length()];
      int read = 0;
      while (read < octets.length) {
        read += content.read(read, octets, read, octets.length - read);
      }
      return new String(octets, StandardCharsets.US_ASCII);
    }
  }
}
