package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.depozit.tests.ServerProcess.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `depozit import`: what comes in keeps its octets, flags and dates, with a server and without.
final class ImportTests {
  private static final Path MAILGEN =
      Path.of(System.getProperty("depozit.mailgen", "../../shared/mailgen/mailgen.py"));
  private static final int GENERATED = 200;
  private static final Instant DATE = Instant.parse("2024-02-29T23:59:58Z");
  private static final DateTimeFormatter IMAP_DATE =
      DateTimeFormatter.ofPattern("dd-MMM-uuuu HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final Pattern FETCHED =
      Pattern.compile(
          "\\* \\d+ FETCH \\(UID (\\d+) FLAGS \\(([^)]*)\\) INTERNALDATE \"([^\"]+)\".*",
          Pattern.DOTALL);

  @TempDir private Path data;
  @TempDir private Path files;

  @BeforeEach
  void makeAna() {
    Users.make(data, List.of("ana"));
  }

  @Test
  void anMboxKeepsFlagsAndDatesAndLosesOnlyItsOwnNotes() throws IOException {
    Path mbox = files.resolve("mail.mbox");
    Files.writeString(
        mbox,
        """
        From cristi@example.org Thu Feb 29 23:59:58 2024
        From: cristi@example.org
        Subject: one
        Status: RO
        X-Status: AF
        X-Keywords: $Forwarded

        >From the window.

        From dan@example.org Fri Mar  1 00:00:00 2024
        Subject: two

        Second.
        """);
    assertThat(imported(mbox)).isEqualTo(2);
    try (ServerProcess server = ServerProcess.serve(data)) {
      List<Message> there = messages(server, "INBOX");
      assertThat(there.getFirst())
          .isEqualTo(new Message(Set.of("\\Answered", "\\Flagged", "\\Seen", "$Forwarded"), DATE));
      assertThat(there.get(1)).isEqualTo(new Message(Set.of(), DATE.plusSeconds(2)));
      try (Pop3Session pop3 = new Pop3Session(server.address("pop3"), "ana", Users.PASSWORD)) {
        assertThat(pop3.message(1))
            .isEqualTo("From: cristi@example.org\r\nSubject: one\r\n\r\nFrom the window.\r\n");
      }
    }
  }

  @Test
  void aMaildirTreeAndMailFilesComeInThroughARunningServer() throws IOException {
    Path maildir = files.resolve("Maildir");
    file(maildir.resolve("cur/1.M1.host:2,RS"), "Subject: one\n\nOne.\n");
    file(maildir.resolve("new/2.M2.host"), "Subject: two\r\n\r\nTwo.\r\n");
    Files.createDirectories(maildir.resolve("tmp"));
    file(maildir.resolve(".Work.2024/cur/3.M3.host:2,F"), "Subject: three\n\nThree.\n");
    Files.createDirectories(maildir.resolve(".Work.2024/new"));
    Path eml = files.resolve("four.eml");
    file(eml, "Subject: four\n\nFour.\n");
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertThat(imported(maildir)).isEqualTo(3);
      assertThat(imported(eml, "--mailbox", "Archive")).isEqualTo(1);
      assertThat(messages(server, "INBOX"))
          .containsExactlyInAnyOrder(
              new Message(Set.of("\\Answered", "\\Seen"), DATE), new Message(Set.of(), DATE));
      assertThat(messages(server, "Work/2024"))
          .containsExactly(new Message(Set.of("\\Flagged"), DATE));
      assertThat(messages(server, "Archive")).hasSize(1);
    }
  }

  private static void file(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(DATE));
  }

  @Test
  void aGeneratedMboxKeepsTheFlagsAndDatesOfItsIndex() throws IOException {
    assumeTrue(Files.exists(MAILGEN), "no generator at " + MAILGEN);
    Programs.assumeInstalled("python3");
    Path mbox = files.resolve("big.mbox");
    Path index = files.resolve("big.tsv");
    String generate =
        "python3 %s --count %d --seed 7 --out %s --index %s"
            .formatted(MAILGEN.toAbsolutePath(), GENERATED, mbox, index);
    assertThat(Programs.run(files, List.of("sh", "-c", generate)).code()).isZero();
    assertThat(imported(mbox)).isEqualTo(GENERATED);
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertThat(messages(server, "INBOX")).isEqualTo(indexed(index));
    }
  }

  /// What the generator says of each message.
  private static List<Message> indexed(Path index) throws IOException {
    List<String> lines = Files.readAllLines(index);
    List<String> columns = List.of(lines.getFirst().split("\t", -1));
    int epoch = columns.indexOf("epoch");
    int flags = columns.indexOf("flags");
    return lines.stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .map(words ->
            new Message(set(words[flags]), Instant.ofEpochSecond(Long.parseLong(words[epoch]))))
        .toList();
  }

  /// @return how many messages the program says it has taken
  private int imported(Path source, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("import", "ana", source.toString()));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("--data", data.toString()));
    Outcome outcome = ServerProcess.run("", arguments);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).as("the progress").contains("100%");
    Matcher matcher = Pattern.compile("imported (\\d+) messages?\n").matcher(outcome.out());
    assertThat(matcher.matches()).as(outcome.out()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /// What a mailbox holds, in its order.
  private static List<Message> messages(ServerProcess server, String mailbox) throws IOException {
    try (ImapSession session =
        new ImapSession(server.address("imap"), false, "ana", Users.PASSWORD)) {
      session.command("EXAMINE " + mailbox);
      List<Message> messages = new ArrayList<>();
      for (String line : session.command("FETCH 1:* (UID FLAGS INTERNALDATE)")) {
        Matcher matcher = FETCHED.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        Instant date = Instant.from(IMAP_DATE.parse(matcher.group(3).strip()));
        messages.add(new Message(set(matcher.group(2).replace("\\Recent", "")), date));
      }
      return messages;
    }
  }

  private static Set<String> set(String words) {
    String stripped = words.strip();
    return stripped.isEmpty() ? Set.of() : new TreeSet<>(List.of(stripped.split(" +", -1)));
  }

  private record Message(Set<String> flags, Instant date) {}
}
