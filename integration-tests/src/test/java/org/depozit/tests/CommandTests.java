package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.depozit.storage.SqlStore;
import org.depozit.storage.Store;
import org.depozit.storage.StoreSettings;
import org.depozit.tests.ServerProcess.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line, with a server on the data directory and without.
final class CommandTests {
  @TempDir private Path data;
  @TempDir private Path files;

  @Test
  void usersAndSearchesWorkWithoutAServer() throws IOException {
    usersAndSearches();
    try (Store store = SqlStore.open(StoreSettings.at(data))) {
      assertThat(store.login("ana", "second".toCharArray())).isPresent();
      assertThat(store.login("ana", "first".toCharArray())).isEmpty();
    }
    removal();
  }

  @Test
  void usersAndSearchesWorkThroughARunningServer() throws IOException {
    try (ServerProcess server = ServerProcess.serve(data)) {
      usersAndSearches();
      try (ImapSession session = new ImapSession(server.address("imap"), false, "ana", "second")) {
        session.command("SELECT INBOX");
        assertThat(session.command("UID SEARCH FROM \"cristi\"")).containsExactly("* SEARCH 1");
        removal();
        session.command("NOOP");
        assertThat(session.response()).startsWith("* BYE ");
      }
      assertThat(server.runs()).isTrue();
      assertThat(server.errors()).doesNotContain("first", "second", "ERROR");
    }
  }

  private void usersAndSearches() throws IOException {
    assertThat(user("first\n", "add", "ana", "--password-stdin"))
        .isEqualTo(new Outcome(0, "added ana\n", ""));
    refused(user("other\n", "add", "ana", "--password-stdin"), "such an account already");
    refused(user("\n", "add", "cristi", "--password-stdin"), "password");
    assertThat(user("", "add", "cristi").code()).as("no terminal to ask at").isEqualTo(2);
    assertThat(user("second\n", "passwd", "ana", "--password-stdin"))
        .isEqualTo(new Outcome(0, "changed ana\n", ""));
    refused(user("second\n", "passwd", "nobody", "--password-stdin"), "no such account");
    assertThat(user("", "list")).isEqualTo(new Outcome(0, "ana\n", ""));
    refused(user("secret\n", "add", "dan", "--password-hash-stdin"), "known scheme");
    searches();
  }

  private void searches() throws IOException {
    Path mail = files.resolve("one.eml");
    Files.writeString(
        mail,
        """
        From: =?UTF-8?Q?Cristi_P=C3=A2rvu?= <cristi@example.org>
        Subject: Caiete

        Salut.
        """);
    assertThat(call("", "import", "ana", mail.toString()).out()).isEqualTo("imported 1 message\n");
    Outcome found = call("", "search", "ana", "FROM \"cristi p\u00e2rvu\"");
    assertThat(found.code()).as(found.err()).isZero();
    assertThat(found.out()).contains("Cristi P\u00e2rvu <cristi@example.org>").contains("Caiete");
    assertThat(found.out().lines()).hasSize(1);
    assertThat(call("", "search", "ana", "FROM \"dan\"")).isEqualTo(new Outcome(0, "", ""));
    Outcome plan = call("", "search", "ana", "--explain", "FROM \"cristi\"");
    assertThat(plan.code()).isZero();
    assertThat(plan.out()).isNotBlank();
    refused(call("", "search", "ana", "FROM"), "search program");
    refused(call("", "search", "nobody", "ALL"), "nobody");
    refused(call("", "import", "nobody", mail.toString()), "nobody");
  }

  private void removal() throws IOException {
    assertThat(user("", "remove", "ana")).isEqualTo(new Outcome(0, "removed ana\n", ""));
    refused(user("", "remove", "ana"), "no such account");
    assertThat(user("", "list")).isEqualTo(new Outcome(0, "", ""));
  }

  private static void refused(Outcome outcome, String why) {
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("depozit: ").contains(why);
    assertThat(outcome.err().lines()).as(outcome.err()).hasSize(1);
  }

  private Outcome user(String input, String... words) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("user"));
    arguments.addAll(List.of(words));
    return call(input, arguments.toArray(String[]::new));
  }

  private Outcome call(String input, String... words) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("--data", data.toString()));
    return ServerProcess.run(input, arguments);
  }

  @Test
  void aConfigurationIsToldEveryFaultAtOnceWithItsLine() throws IOException {
    Path file = files.resolve("depozit.toml");
    Files.writeString(file, "data = \"mail\"\n[listen]\nimap = [\"127.0.0.1:0\"]\n");
    assertThat(check(file)).isEqualTo(new Outcome(0, file + ": no faults\n", ""));
    Files.writeString(file, "data = 7\n[listen]\nimap = [\"nowhere\"]\nsmtp = \"x:1\"\n");
    Outcome faults = check(file);
    assertThat(faults.code()).isEqualTo(1);
    assertThat(faults.err()).contains(file + ":1", file + ":3", file + ":4");
    assertThat(check(Path.of("../etc/depozit.toml")).code()).isZero();
  }

  @Test
  void aStoreIsCheckedWithAServerAndWithout() throws IOException {
    assertThat(call("", "check").err()).contains("there is no store");
    Users.make(data, List.of("ana"));
    Path mail = files.resolve("one.eml");
    Files.writeString(mail, "Subject: Caiete\n\nSalut.\n");
    assertThat(call("", "import", "ana", mail.toString()).code()).isZero();
    Outcome whole = new Outcome(0, data + ": no faults\n", "");
    assertThat(call("", "check")).isEqualTo(whole);
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertThat(call("", "check")).isEqualTo(whole);
      assertThat(server.errors()).doesNotContain("ERROR");
    }
    flip(data.resolve("log").resolve("0000000000000001.seg"), 200);
    Outcome damaged = call("", "check");
    assertThat(damaged.code()).isEqualTo(1);
    assertThat(damaged.out()).contains("segment 0000000000000001, octet ");
  }

  @Test
  void aBackupTakenFromARunningServerIsRestoredWholeAndByAccount() throws IOException {
    Users.make(data, List.of("ana", "bob"));
    Path mail = files.resolve("one.eml");
    Files.writeString(mail, "Subject: Caiete\n\nSalut.\n");
    Path backup = files.resolve("backup");
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertThat(call("", "import", "ana", mail.toString()).code()).isZero();
      Outcome saved = call("", "backup", backup.toString());
      assertThat(saved.code()).as(saved.err()).isZero();
      assertThat(saved.out())
          .contains("ana: 6 mailboxes, 1 messages")
          .contains("bob: 6 mailboxes, 0 messages");
      refused(call("", "backup", backup.toString()), "is there already");
      refused(call("", "restore", backup.toString(), "--account", "ana"), "such an account");
      Outcome back = call("", "restore", backup.toString(), "--account", "ana", "--as", "maria");
      assertThat(back).isEqualTo(new Outcome(0, "restored maria: 1 messages\n", ""));
      assertThat(call("", "search", "maria", "SUBJECT caiete").out()).contains("Caiete");
      refused(call("", "restore", backup.toString()), "is not empty");
      assertThat(call("", "restore", backup.toString(), "--as", "x").code()).isEqualTo(2);
      assertThat(server.errors()).doesNotContain("ERROR");
    }
    Path again = files.resolve("again");
    List<String> whole = List.of("restore", backup.toString(), "--data", again.toString());
    Outcome restored = ServerProcess.run("", whole);
    assertThat(restored.code()).as(restored.err()).isZero();
    assertThat(ServerProcess.run("", List.of("check", "--data", again.toString())).out())
        .isEqualTo(again + ": no faults\n");
    assertThat(call("", "check").out()).isEqualTo(data + ": no faults\n");
  }

  private static void flip(Path file, int octet) throws IOException {
    byte[] octets = Files.readAllBytes(file);
    octets[octet] ^= 4;
    Files.write(file, octets);
  }

  private static Outcome check(Path file) throws IOException {
    return ServerProcess.run("", List.of("config", "check", file.toString()));
  }
}
