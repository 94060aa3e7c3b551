package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.depozit.storage.Account;
import org.depozit.storage.Flag;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.InternalDate;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxEntry;
import org.depozit.storage.MailboxName;
import org.depozit.storage.Spool;
import org.depozit.storage.SqlStore;
import org.depozit.storage.Store;
import org.depozit.storage.StoreSettings;
import org.depozit.storage.View;
import org.depozit.tests.ServerProcess.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `depozit export`: what goes out comes in again with its octets, flags and dates, and no name of
/// a mailbox leads out of the folder.
final class ExportTests {
  private static final OffsetDateTime DATE = OffsetDateTime.parse("2024-02-29T23:59:58+02:00");
  private static final List<String> NAMES =
      List.of(
          "INBOX",
          "INBOX/below",
          "Work",
          "Work/2024",
          "Work.2024",
          "../../etc/passwd",
          "..",
          ".hidden",
          "-rf",
          "C:\\mail & more %2F~",
          "\u0218erban/\u65e5\u672c\u8a9e",
          "long-".repeat(80) + "a",
          "long-".repeat(80) + "b");

  @TempDir private Path data;
  @TempDir private Path again;
  @TempDir private Path files;

  private record Message(String octets, Set<String> flags, long second) {}

  @BeforeEach
  void fill() throws IOException {
    try (Store store = SqlStore.open(StoreSettings.at(data))) {
      Account ana = store.createAccount("ana", Users.PASSWORD.toCharArray());
      for (String written : NAMES) {
        MailboxName name = MailboxName.of(written);
        if (ana.mailbox(name).isEmpty()) {
          ana.create(name, java.util.Optional.empty());
        }
        fill(store, ana.mailbox(name).orElseThrow(), written);
      }
    }
    Users.make(again, List.of("bob"));
  }

  private static void fill(Store store, Mailbox mailbox, String name) throws IOException {
    List<List<String>> flags =
        List.of(
            List.of(),
            List.of("\\Seen"),
            List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Draft"),
            List.of("$Forwarded", "work", "\\Seen"),
            IntStream.range(0, 25).mapToObj(i -> "keyword-number-" + i).toList());
    List<String> bodies =
        List.of(
            "Subject: one of "
                + name
                + "\r\n\r\nFrom here\r\n>From there\r\n>>From me\r\n.\r\n\r\n\r\n",
            "Subject: two\r\n\r\n",
            "Subject: three\r\nFrom: a\r\n\tb\r\n\r\nRom\u00e2n\u0103 "
                + "x".repeat(70_000)
                + "\r\n",
            "\r\nNo header at all\r\n",
            "Only: a header\r\n");
    for (int i = 0; i < bodies.size(); i++) {
      append(store, mailbox, bodies.get(i), flags.get(i), DATE.plusSeconds(i));
    }
  }

  private static void append(
      Store store, Mailbox mailbox, String text, List<String> flags, OffsetDateTime date)
      throws IOException {
    Set<Flag> set = new LinkedHashSet<>();
    flags.forEach(flag -> set.add(Flag.of(flag)));
    try (Spool spool = store.spool()) {
      spool.write(text.getBytes(StandardCharsets.UTF_8));
      mailbox.append(new IncomingMessage(spool, set, InternalDate.of(date)));
    }
  }

  private static Map<String, List<Message>> messages(Path data, String name) {
    Map<String, List<Message>> all = new TreeMap<>();
    try (Store store = SqlStore.open(StoreSettings.at(data))) {
      Account account = store.account(name).orElseThrow();
      for (MailboxEntry entry : account.mailboxes()) {
        Mailbox mailbox = account.mailbox(entry.name()).orElseThrow();
        View view = mailbox.view();
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < view.count(); i++) {
          Set<String> flags = new TreeSet<>();
          view.flags(view.flagBits(i)).forEach(flag -> flags.add(flag.name()));
          messages.add(
              new Message(octets(mailbox, view.uid(i)), flags, view.internalDate(i).epochSecond()));
        }
        if (!messages.isEmpty()) {
          all.put(entry.name().value(), messages);
        }
      }
    }
    return all;
  }

  private static String octets(Mailbox mailbox, long uid) {
    try (var content = mailbox.content(uid).orElseThrow();
        var out = new ByteArrayOutputStream()) {
      content.stream().transferTo(out);
      return out.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mbox", "maildir", "eml"})
  void whatGoesOutComesInAgain(String format) throws IOException {
    Path out = files.resolve("deep/out");
    Outcome exported = exported(data, out, format);
    assertThat(exported.out()).isEqualTo("exported 65 messages\n");
    assertThat(exported.err()).contains("100%").doesNotContain("not exported");
    assertThat(imported(out).out()).isEqualTo("imported 65 messages\n");
    assertThat(messages(again, "bob")).isEqualTo(messages(data, "ana"));
    try (Stream<Path> beside = Files.walk(files)) {
      assertThat(beside.filter(path -> !path.startsWith(out)))
          .as("nothing outside of the folder")
          .containsExactlyInAnyOrder(files, files.resolve("deep"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mbox", "eml"})
  void aRunningServerStreamsItOut(String format) throws IOException {
    Path out = files.resolve("out");
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertThat(exported(data, out, format).out()).isEqualTo("exported 65 messages\n");
      Outcome nobody = call("export", "nobody", files.resolve("x").toString());
      assertThat(nobody.code()).isEqualTo(1);
      assertThat(nobody.err()).contains("there is no user nobody");
      assertThat(server.errors()).doesNotContain("ERROR");
    }
    assertThat(imported(out).out()).isEqualTo("imported 65 messages\n");
    assertThat(messages(again, "bob")).isEqualTo(messages(data, "ana"));
  }

  @Test
  void aFolderWithSomethingInItIsRefused() throws IOException {
    Path out = Files.createDirectory(files.resolve("out"));
    Files.writeString(out.resolve("mine"), "dear to me");
    Outcome refused = call("export", "ana", out.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("is not empty");
    try (Stream<Path> left = Files.list(out)) {
      assertThat(left).containsExactly(out.resolve("mine"));
    }
    assertThat(call("export", "ana", out.toString(), "--format", "pst").code()).isEqualTo(2);
  }

  private Outcome exported(Path from, Path out, String format) throws IOException {
    Outcome outcome =
        ServerProcess.run(
            "",
            List.of(
                "export", "ana", out.toString(), "--format", format, "--data", from.toString()));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome;
  }

  private Outcome imported(Path from) throws IOException {
    Outcome outcome =
        ServerProcess.run(
            "", List.of("import", "bob", from.toString(), "--data", again.toString()));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome;
  }

  private Outcome call(String... words) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("--data", data.toString()));
    return ServerProcess.run("", arguments);
  }
}
