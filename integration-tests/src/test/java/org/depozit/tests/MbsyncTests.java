package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// mbsync keeps a Maildir and the mailboxes in step, both ways, across a restart of the server.
final class MbsyncTests {
  private static final String USER = "ana";

  @TempDir private Path data;
  @TempDir private Path home;

  private Path near;

  @BeforeEach
  void makeAna() throws IOException {
    Programs.assumeInstalled("mbsync");
    Users.make(data, List.of(USER));
    near = Files.createDirectories(home.resolve("near"));
  }

  @Test
  void bothSidesBecomeTheSameAndStaySoAfterARestart() throws IOException {
    String validity;
    try (ServerProcess server = ServerProcess.serve(data)) {
      deliver(server, 1, 2, 3);
      sync(server);
      assertThat(mails("INBOX")).hasSize(3);
      assertThat(SeededMail.belowTheTrace(text(mail("INBOX", 2)))).isEqualTo(SeededMail.of(2));
      assertThat(near.resolve("Drafts")).as("the special mailboxes").isDirectory();
      change();
      sync(server);
      checkFar(server);
      validity = validity(server);
      server.terminate();
    }
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertThat(validity(server)).isEqualTo(validity).isNotEqualTo("0");
      deliver(server, 4);
      sync(server);
      assertThat(mails("INBOX")).as("nothing came twice").hasSize(4);
    }
  }

  /// Reads and flags the first, deletes the second, and writes a new one.
  private void change() throws IOException {
    Path cur = near.resolve("INBOX/cur");
    Path first = mail("INBOX", 1);
    Files.move(first, cur.resolve(name(first) + "FS"));
    Path second = mail("INBOX", 2);
    Files.move(second, cur.resolve(name(second) + "T"));
    Files.writeString(cur.resolve("1.mine.host:2,S"), SeededMail.of(100).replace("\r\n", "\n"));
  }

  /// The file's name without flags.
  private static String name(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf(',') + 1);
  }

  private static void checkFar(ServerProcess server) throws IOException {
    try (ImapSession session = session(server)) {
      session.command("SELECT INBOX");
      assertThat(session.command("UID SEARCH ALL")).containsExactly("* SEARCH 1 3 4");
      assertThat(session.command("UID SEARCH FLAGGED SEEN")).containsExactly("* SEARCH 1");
      String pushed = session.command("UID FETCH 4 (FLAGS BODY.PEEK[])").getFirst();
      assertThat(pushed).contains("\\Seen", "Subject: mail 100\r\n", "X-TUID: ");
      assertThat(session.command("UID SEARCH HEADER X-TUID \"\"")).containsExactly("* SEARCH 4");
    }
  }

  private static String validity(ServerProcess server) throws IOException {
    try (ImapSession session = session(server)) {
      String status = session.command("STATUS INBOX (UIDVALIDITY)").getFirst();
      return status.replaceAll("\\* STATUS INBOX \\(UIDVALIDITY (\\d+)\\)", "$1");
    }
  }

  private static ImapSession session(ServerProcess server) throws IOException {
    return new ImapSession(server.address("imap"), false, USER, Users.PASSWORD);
  }

  private static void deliver(ServerProcess server, long... seeds) throws IOException {
    try (LmtpSession session = new LmtpSession(server.address("lmtp"))) {
      for (long seed : seeds) {
        session.deliver(List.of(USER), SeededMail.of(seed), _ -> {});
      }
    }
  }

  private void sync(ServerProcess server) throws IOException {
    Path file = home.resolve("mbsyncrc");
    Files.writeString(
        file,
        """
        IMAPAccount depozit
        Host 127.0.0.1
        Port %d
        User %s
        Pass %s
        SSLType None
        AuthMechs LOGIN

        IMAPStore far
        Account depozit

        MaildirStore near
        Path %s/
        Inbox %s/INBOX
        SubFolders Verbatim

        Channel mail
        Far :far:
        Near :near:
        Patterns *
        Create Both
        Expunge Both
        CopyArrivalDate yes
        SyncState *
        """
            .formatted(server.address("imap").getPort(), USER, Users.PASSWORD, near, near));
    Programs.Outcome outcome = Programs.run(home, List.of("mbsync", "-c", file.toString(), "mail"));
    assertThat(outcome.code()).as(outcome.out()).isZero();
  }

  private List<Path> mails(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(near.resolve(folder))) {
      return files.filter(file -> file.toString().contains(":2,")).toList();
    }
  }

  /// The file of the message with a UID, which mbsync keeps in its name.
  private Path mail(String folder, long uid) throws IOException {
    return mails(folder).stream()
        .filter(file -> file.toString().contains(",U=" + uid + ":"))
        .findFirst()
        .orElseThrow();
  }

  /// A message with the line ends of the wire, and without the mark that mbsync leaves in it.
  private static String text(Path file) throws IOException {
    return Files.readString(file).replaceFirst("X-TUID: .*\n", "").replace("\n", "\r\n");
  }
}
