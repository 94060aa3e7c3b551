package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real server when the disk does not give back what was written: who asks for such a message
/// gets one clear answer and keeps its connection, everything else is served, the log says it once,
/// and when the file can be read again so can the message.
final class ReadFaultTests {
  private static final String USER = "ana";

  /// Enough for more than one segment.
  private static final int MAILS = 60;

  private static final String UNREAD = "A message body cannot be read";
  private static final String AGAIN = "can be read again";

  @TempDir private Path folder;

  private Path data;

  @BeforeEach
  void deliver() throws IOException {
    data = folder.resolve("data");
    Users.make(data, List.of(USER));
    try (ServerProcess server = ServerProcess.serve(data);
        LmtpSession lmtp = new LmtpSession(server.address("lmtp"))) {
      for (int n = 1; n <= MAILS; n++) {
        assertThat(lmtp.delivered(USER, mail(n))).startsWith("250");
      }
      assertThat(server.terminate()).as(server::errors).isIn(ServerProcess.STOPPED);
    }
  }

  private static String mail(int number) {
    return "Subject: " + number + "\r\n\r\n" + (number + " 0123456789\r\n").repeat(3_000);
  }

  /// The file that the first messages stand in.
  private Path firstSegment() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("log"))) {
      return files.filter(file -> file.toString().endsWith(".seg")).sorted().findFirst().get();
    }
  }

  @Test
  void aFileThatCannotBeReadAtAll() throws IOException {
    Path segment = firstSegment();
    Path aside = folder.resolve("aside");
    Files.move(segment, aside);
    // What can be opened, and every read of it is an error of the disk.
    Files.createDirectory(segment);
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertUnread(server);
      assertUnread(server);
      Files.delete(segment);
      Files.move(aside, segment);
      assertSaidOnce(server);
    }
  }

  @Test
  void aFileThatIsCutShortUnderItsReaders() throws IOException {
    Path segment = firstSegment();
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertAllRead(server);
      byte[] whole = Files.readAllBytes(segment);
      Files.write(segment, Arrays.copyOf(whole, 8_000));
      assertUnread(server);
      assertUnread(server);
      Files.write(segment, whole, StandardOpenOption.WRITE);
      assertSaidOnce(server);
    }
  }

  private static void assertUnread(ServerProcess server) throws IOException {
    try (ImapSession imap = new ImapSession(server.address("imap"), false, USER, Users.PASSWORD);
        Pop3Session pop3 = new Pop3Session(server.address("pop3"), USER, Users.PASSWORD)) {
      imap.command("EXAMINE INBOX");
      String tag = imap.send("FETCH 1:* (UID BODY.PEEK[])");
      int read = 0;
      String response = imap.response();
      while (!response.startsWith(tag)) {
        read++;
        response = imap.response();
      }
      assertThat(response).startsWith(tag + " NO [UNAVAILABLE] ");
      // Those in other files.
      assertThat(read).isBetween(1, MAILS - 1);
      assertRefused(imap, "FETCH 1 (UID ENVELOPE BODY.PEEK[HEADER])");
      assertRefused(imap, "SEARCH BODY nowhere");
      assertThat(imap.command("FETCH 1:* (FLAGS ENVELOPE)")).hasSize(MAILS);
      assertThat(imap.command("FETCH " + MAILS + " BODY.PEEK[]")).hasSize(1);
      assertRefused(pop3, "RETR 1");
      assertRefused(pop3, "TOP 1 0");
      assertThat(pop3.message(MAILS)).endsWith(mail(MAILS));
      pop3.command("QUIT");
    }
  }

  private static void assertRefused(ImapSession imap, String command) {
    assertThatThrownBy(() -> imap.command(command))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(" NO [UNAVAILABLE] ");
  }

  private static void assertRefused(Pop3Session pop3, String command) {
    assertThatThrownBy(() -> pop3.command(command))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("-ERR [SYS/TEMP] ");
  }

  private static void assertAllRead(ServerProcess server) throws IOException {
    try (ImapSession imap = new ImapSession(server.address("imap"), false, USER, Users.PASSWORD);
        Pop3Session pop3 = new Pop3Session(server.address("pop3"), USER, Users.PASSWORD)) {
      imap.command("EXAMINE INBOX");
      List<String> responses = imap.command("FETCH 1:* BODY.PEEK[]");
      for (int n = 1; n <= MAILS; n++) {
        assertThat(responses.get(n - 1)).endsWith(mail(n) + ")");
        assertThat(pop3.message(n)).endsWith(mail(n));
      }
    }
  }

  private static void assertSaidOnce(ServerProcess server) throws IOException {
    assertAllRead(server);
    assertThat(server.errors().split(UNREAD, -1)).as(server::errors).hasSize(2);
    assertThat(server.errors().split(AGAIN, -1)).as(server::errors).hasSize(2);
    assertThat(server.errors()).doesNotContain("Exception").doesNotContain("fault of ours");
    assertThat(server.terminate()).as(server::errors).isIn(ServerProcess.STOPPED);
  }
}
