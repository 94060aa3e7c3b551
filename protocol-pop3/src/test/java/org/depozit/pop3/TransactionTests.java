package org.depozit.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.depozit.storage.Content;
import org.depozit.storage.Flag;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.InternalDate;
import org.depozit.storage.Mailbox;
import org.depozit.storage.Spool;
import org.depozit.storage.View;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The TRANSACTION and UPDATE states over real sockets and a real store. RFC 1939 §5 to §7, RFC
/// 1460 §5.
class TransactionTests {
  private static final String ONE = "Subject: 1//one/";
  private static final String TWO = "Subject: 2//two/.dot/..dots/";
  private static final String THREE = "Subject: 3//a/b/c/";

  @TempDir static Path directory;
  private static PostOffice office;

  @BeforeAll
  static void open() {
    office = new PostOffice(directory);
  }

  @AfterAll
  static void close() {
    office.close();
  }

  /// Interop 59: what STAT and LIST say is what RETR sends, dots of transparency not counted.
  @Test
  void sizesAreThoseOfTheOctetsThatAreSent() throws IOException {
    String user = office.account(ONE, TWO, THREE);
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      assertThat(client.ask("STAT")).isEqualTo("+OK 3 75");
      assertThat(client.ask("LIST")).isEqualTo("+OK 3 messages (75 octets)");
      assertThat(client.lines()).containsExactly("1 19", "2 33", "3 23");
      assertThat(client.ask("LIST 2")).isEqualTo("+OK 2 33");
      assertThat(client.ask("RETR 2")).isEqualTo("+OK 33 octets");
      assertThat(client.message()).isEqualTo(PostOffice.octets(TWO));
    }
  }

  @Test
  void anEmptyMaildropIsNoError() throws IOException {
    String user = office.account();
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      assertThat(client.ask("STAT")).isEqualTo("+OK 0 0");
      assertThat(client.ask("LIST")).startsWith("+OK");
      assertThat(client.lines()).isEmpty();
      assertThat(client.ask("UIDL")).startsWith("+OK");
      assertThat(client.lines()).isEmpty();
      assertThat(client.ask("LAST")).isEqualTo("+OK 0");
      assertThat(client.ask("RETR 1")).isEqualTo("-ERR no such message, there are 0");
    }
  }

  /// Interop 57.
  @Test
  void topGivesTheHeaderTheBlankLineAndSoManyLinesOfTheBody() throws IOException {
    String user = office.account(THREE);
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      assertThat(client.ask("TOP 1 0")).startsWith("+OK");
      assertThat(client.message()).isEqualTo(PostOffice.octets("Subject: 3//"));
      client.ask("TOP 1 2");
      assertThat(client.message()).isEqualTo(PostOffice.octets("Subject: 3//a/b/"));
      client.ask("TOP 1 99999999999");
      assertThat(client.message()).isEqualTo(PostOffice.octets(THREE));
      assertThat(client.ask("TOP 1")).startsWith("-ERR");
      assertThat(client.ask("TOP 0 0")).startsWith("-ERR");
    }
  }

  /// Interop 58.
  @Test
  void whatIsDeletedIsGoneAndTheOtherNumbersStay() throws IOException {
    String user = office.account(ONE, TWO, THREE);
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      assertThat(client.ask("DELE 2")).isEqualTo("+OK message 2 deleted");
      for (String line : List.of("RETR 2", "TOP 2 0", "LIST 2", "UIDL 2", "DELE 2")) {
        assertThat(client.ask(line)).isEqualTo("-ERR message 2 is deleted");
      }
      for (String line : List.of("RETR 0", "LIST 4", "RETR 4294967297", "DELE 0")) {
        assertThat(client.ask(line)).isEqualTo("-ERR no such message, there are 3");
      }
      assertThat(client.ask("RETR -1")).startsWith("-ERR");
      assertThat(client.ask("STAT")).isEqualTo("+OK 2 42");
      client.ask("LIST");
      assertThat(client.lines()).containsExactly("1 19", "3 23");
      client.ask("UIDL");
      assertThat(client.lines()).hasSize(2).last().asString().startsWith("3 ");
      assertThat(client.ask("RETR 3")).startsWith("+OK");
      assertThat(client.message()).isEqualTo(PostOffice.octets(THREE));
      assertThat(client.ask("RSET")).isEqualTo("+OK maildrop has 3 messages (75 octets)");
      assertThat(client.ask("LIST 2")).isEqualTo("+OK 2 33");
    }
  }

  /// Interop 62.
  @Test
  void onlyQuitDeletes() throws IOException {
    String user = office.account(ONE, TWO, THREE);
    try (var server = office.serve()) {
      try (Client client = server.logIn(user)) {
        client.ask("DELE 1");
      }
      Client again = awaitLogIn(server, user);
      assertThat(again.ask("STAT")).isEqualTo("+OK 3 75");
      again.ask("DELE 1");
      again.ask("DELE 3");
      assertThat(again.ask("QUIT")).isEqualTo("+OK goodbye, 2 messages removed");
      assertThat(again.line()).isEqualTo("<end>");
      assertThat(office.count(user)).isEqualTo(1);
      try (Client client = server.logIn(user)) {
        assertThat(client.ask("LIST 1")).isEqualTo("+OK 1 33");
      }
    }
  }

  private static Client awaitLogIn(PostOffice.Server server, String user) {
    return Awaitility.await().ignoreExceptions().until(() -> server.logIn(user), client -> true);
  }

  /// Interop 60.
  @Test
  void uniqueIdsAreUniqueAndStay() throws IOException {
    String user = office.account(ONE, TWO);
    try (var server = office.serve()) {
      List<String> first = uniqueIds(server, user);
      assertThat(new HashSet<>(first)).hasSize(2);
      assertThat(first).allMatch(line -> line.matches("\\d+ [\\x21-\\x7e]{1,70}"));
      office.deliver(user, PostOffice.octets(THREE));
      assertThat(uniqueIds(server, user)).hasSize(3).startsWith(first.toArray(String[]::new));
      try (Client client = server.logIn(user)) {
        client.ask("DELE 3");
        client.ask("QUIT");
      }
      Set<String> gone = Set.copyOf(uniqueIds(server, user));
      office.deliver(user, PostOffice.octets(THREE));
      assertThat(gone).doesNotContain(uniqueIds(server, user).getLast());
    }
  }

  private static List<String> uniqueIds(PostOffice.Server server, String user) throws IOException {
    try (Client client = server.logIn(user)) {
      client.ask("UIDL");
      List<String> lines = client.lines();
      assertThat(client.ask("UIDL 1")).isEqualTo("+OK " + lines.getFirst());
      client.ask("QUIT");
      return lines;
    }
  }

  /// Interop 64.
  @Test
  void aWholeSessionMayComeInOnePacket() throws IOException {
    String user = office.account(ONE, TWO);
    try (var server = office.serve();
        Client client = server.connect()) {
      client.line();
      client.send(
          "USER %s\r\nPASS secret\r\nSTAT\r\nLIST\r\nUIDL\r\nRETR 1\r\nRETR 2\r\nDELE 1\r\nQUIT\r\n"
              .formatted(user));
      assertThat(client.line()).isEqualTo("+OK now the password");
      assertThat(client.line()).isEqualTo("+OK maildrop has 2 messages (52 octets)");
      assertThat(client.line()).isEqualTo("+OK 2 52");
      client.line();
      assertThat(client.lines()).containsExactly("1 19", "2 33");
      client.line();
      assertThat(client.lines()).hasSize(2);
      client.line();
      assertThat(client.message()).isEqualTo(PostOffice.octets(ONE));
      client.line();
      assertThat(client.message()).isEqualTo(PostOffice.octets(TWO));
      assertThat(client.line()).isEqualTo("+OK message 1 deleted");
      assertThat(client.line()).isEqualTo("+OK goodbye, 1 messages removed");
      assertThat(client.line()).isEqualTo("<end>");
    }
  }

  /// Interop 67.
  @Test
  void retrSetsSeenOnlyWhereAsked() throws IOException {
    String user = office.account(ONE);
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      client.ask("RETR 1");
      client.message();
      client.ask("QUIT");
    }
    assertThat(seen(user)).isFalse();
    try (var server = office.serve(Pop3Settings.DEFAULTS.withSeenOnRetr(true));
        Client client = server.logIn(user)) {
      client.ask("TOP 1 5");
      client.message();
      assertThat(seen(user)).isFalse();
      client.ask("RETR 1");
      client.message();
      client.ask("QUIT");
    }
    assertThat(seen(user)).isTrue();
  }

  private static boolean seen(String user) {
    View view = office.inbox(user).view();
    return view.flags(view.flagBits(0)).contains(Flag.SEEN);
  }

  @Test
  void lastTellsTheHighestMessageAccessedThisTimeOrBefore() throws IOException {
    String user = office.account(ONE, TWO, THREE);
    try (var server = office.serve()) {
      try (Client client = server.logIn(user)) {
        assertThat(client.ask("LAST")).isEqualTo("+OK 0");
        client.ask("RETR 2");
        client.message();
        assertThat(client.ask("LAST")).isEqualTo("+OK 2");
        client.ask("DELE 1");
        client.ask("TOP 3 0");
        client.message();
        assertThat(client.ask("LAST")).isEqualTo("+OK 2");
        client.ask("QUIT");
      }
      try (Client client = server.logIn(user)) {
        assertThat(client.ask("LAST")).isEqualTo("+OK 1");
        client.ask("DELE 2");
        assertThat(client.ask("LAST")).isEqualTo("+OK 2");
        client.ask("RSET");
        assertThat(client.ask("LAST")).isEqualTo("+OK 0");
      }
    }
  }

  @Test
  void lastMayBeForgottenAsRfc1939Has() throws IOException {
    String user = office.account();
    try (var server = office.serve(Pop3Settings.DEFAULTS.withLast(false));
        Client client = server.logIn(user)) {
      assertThat(client.ask("LAST")).isEqualTo("-ERR no such command");
      assertThat(client.ask("NOOP")).startsWith("+OK");
    }
  }

  /// Interop 68, and that the numbers of the others stay.
  @Test
  void aMessageThatImapHasExpungedIsToldOnceThenTheSessionEnds() throws IOException {
    String user = office.account(ONE, TWO, THREE);
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      client.ask("DELE 3");
      office.expunge(user, 2);
      String told = "-ERR message 2 has been removed by another session";
      assertThat(client.ask("STAT")).isEqualTo("+OK 2 52");
      assertThat(client.ask("RETR 2")).isEqualTo(told);
      assertThat(client.ask("LIST 1")).isEqualTo("+OK 1 19");
      assertThat(client.ask("RETR 1")).startsWith("+OK");
      assertThat(client.message()).isEqualTo(PostOffice.octets(ONE));
      assertThat(client.ask("TOP 2 0")).isEqualTo(told);
      assertThat(client.line()).isEqualTo("<end>");
    }
    assertThat(office.count(user)).as("no QUIT, no update").isEqualTo(2);
  }

  @Test
  void whatImapHasExpungedMayStillBeDeleted() throws IOException {
    String user = office.account(ONE, TWO);
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      office.expunge(user, 1);
      client.ask("DELE 1");
      client.ask("DELE 2");
      assertThat(client.ask("QUIT")).startsWith("+OK");
    }
    assertThat(office.count(user)).isZero();
  }

  @Test
  void whatArrivesMeanwhileIsForTheNextSession() throws IOException {
    String user = office.account(ONE);
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      office.deliver(user, PostOffice.octets(TWO));
      assertThat(client.ask("STAT")).isEqualTo("+OK 1 19");
      client.ask("DELE 1");
      client.ask("QUIT");
    }
    assertThat(office.count(user)).isEqualTo(1);
  }

  /// Interop 56.
  @Test
  void nulComesAsItselfUnlessAskedOtherwise() throws IOException {
    String user = office.account("Subject: nul//a\0b/");
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      client.ask("RETR 1");
      assertThat(client.message()).isEqualTo(PostOffice.octets("Subject: nul//a\0b/"));
      client.ask("QUIT");
    }
    try (var server = office.serve(Pop3Settings.DEFAULTS.withNulAs80(true));
        Client client = server.logIn(user)) {
      client.ask("RETR 1");
      assertThat(client.message()).contains(0x80).doesNotContain(0);
    }
  }

  @Test
  void aMessageWithoutAFinalCrlfGetsOneOnTheWire() throws IOException {
    String user = office.account();
    append(user, "Subject: x//no end");
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      assertThat(client.ask("LIST 1")).isEqualTo("+OK 1 20");
      client.ask("RETR 1");
      assertThat(client.message()).isEqualTo(PostOffice.octets("Subject: x//no end/"));
      assertThat(client.ask("NOOP")).startsWith("+OK");
    }
  }

  private static void append(String user, String message) throws IOException {
    Mailbox inbox = office.inbox(user);
    try (Spool spool = office.store().spool()) {
      spool.write(PostOffice.octets(message));
      inbox.append(new IncomingMessage(spool, Set.of(), new InternalDate(0, 0)));
    }
  }

  @Test
  void utf8InAHeaderIsRefusedOnlyWhereAskedAndOnlyWithoutUtf8() throws IOException {
    String user = office.account("Subject: ș//a/", "Subject: s//ș/");
    String refused = "-ERR [UTF8] message 1 needs UTF8";
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      assertThat(client.ask("RETR 1")).startsWith("+OK");
      client.message();
      client.ask("QUIT");
    }
    try (var server = office.serve(Pop3Settings.DEFAULTS.withRefuseUtf8(true))) {
      try (Client client = server.logIn(user)) {
        assertThat(client.ask("RETR 1")).isEqualTo(refused);
        assertThat(client.ask("TOP 1 0")).isEqualTo(refused);
        assertThat(client.ask("RETR 2")).startsWith("+OK");
        client.message();
        client.ask("QUIT");
      }
      try (Client client = server.connect()) {
        client.line();
        client.ask("UTF8");
        client.ask("USER " + user);
        client.ask("PASS secret");
        assertThat(client.ask("RETR 1")).startsWith("+OK");
        assertThat(client.message()).isEqualTo(PostOffice.octets("Subject: ș//a/"));
      }
    }
  }

  @Test
  void aBigMessageComesWhole() throws IOException {
    String user = office.account();
    StringBuilder lines = new StringBuilder("Subject: big\r\n\r\n");
    Random random = new Random(1939);
    while (lines.length() < 5_000_000) {
      lines.append(random.nextInt(3) == 0 ? "." : "").append(random.nextLong()).append("\r\n");
    }
    byte[] message = lines.toString().getBytes(StandardCharsets.US_ASCII);
    office.deliver(user, message);
    try (var server = office.serve();
        Client client = server.logIn(user)) {
      assertThat(client.ask("RETR 1")).isEqualTo("+OK " + message.length + " octets");
      assertThat(client.message()).isEqualTo(message);
    }
  }

  @Test
  void contentIsWhatTheStoreSaysItIs() throws IOException {
    String user = office.account(TWO);
    Mailbox inbox = office.inbox(user);
    try (Content content = inbox.content(inbox.view().uid(0)).orElseThrow()) {
      assertThat(Optional.of(content.bytes())).contains(PostOffice.octets(TWO));
    }
  }
}
