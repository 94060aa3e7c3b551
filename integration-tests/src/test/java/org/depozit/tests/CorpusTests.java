package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jakarta.mail.Folder;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.depozit.wire.Limits;
import org.depozit.wire.Tls;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.protocol.BODYSTRUCTURE;
import org.eclipse.angus.mail.imap.protocol.ENVELOPE;
import org.eclipse.angus.mail.imap.protocol.FetchResponse;
import org.eclipse.angus.mail.imap.protocol.RFC822SIZE;
import org.eclipse.angus.mail.imap.protocol.UID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every message of the mail corpus that stands beside the project goes in by LMTP and comes back
/// by POP3 and by IMAP, octet for octet below the trace headers (RFC 5321 §4.4, RFC 1939 §11, RFC
/// 3501 §6.4.5); and what IMAP tells about it is read by another's client. Where there is no corpus
/// (the system property `depozit.corpus` may say where it is) the tests are skipped and say so.
class CorpusTests {
  private static final Path CORPUS =
      Path.of(System.getProperty("depozit.corpus", "../../shared/corpus"));

  /// Nothing but trace headers: whole fields, with their continuation lines.
  private static final Pattern TRACE =
      Pattern.compile("((Return-Path|Delivered-To|Received): [^\r\n]*\r\n([ \t][^\r\n]*\r\n)*){3}");

  private static final Pattern LITERAL = Pattern.compile(".*RFC822\\.SIZE (\\d+) .*\\{(\\d+)}");

  @TempDir static Path data;

  private static TestServer server;
  private static List<Mail> mails = List.of();

  /// A message of the corpus.
  ///
  /// @param name its file, and its place there
  /// @param sent what LMTP is given
  /// @param served what must come back, a character an octet
  private record Mail(String name, String sent, String served) {}

  @BeforeAll
  static void deliverTheCorpus() throws IOException {
    assumeTrue(Files.isDirectory(CORPUS), "no mail corpus beside the project");
    mails = read();
    server = new TestServer(Files.createDirectory(data.resolve("store")), tls(), Limits.DEFAULTS);
    server.user("ana");
    Instant start = Instant.now();
    deliver();
    System.out.println(
        "messages of the corpus delivered by LMTP, one connection: "
            + mails.size()
            + " in "
            + Duration.between(start, Instant.now()).toMillis()
            + " ms");
  }

  private static Tls tls() throws IOException {
    return Tls.selfSigned(data, "localhost");
  }

  @AfterAll
  static void stopTheServer() {
    if (server != null) {
      server.close();
    }
  }

  private static List<Mail> read() throws IOException {
    List<Mail> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(CORPUS)) {
      for (Path file : files.filter(CorpusTests::holdsMail).sorted().toList()) {
        String octets = Files.readString(file, StandardCharsets.ISO_8859_1);
        String name = CORPUS.relativize(file).toString();
        List<String> messages = name.endsWith(".mbox") ? parted(octets) : List.of(octets);
        for (String message : messages) {
          all.add(mail(name + "#" + all.size(), message));
        }
      }
    }
    return all;
  }

  private static boolean holdsMail(Path file) {
    return Files.isRegularFile(file) && !file.getParent().equals(CORPUS);
  }

  private static List<String> parted(String mbox) {
    return Stream.of(mbox.split("(?m)(?<=\\A|\n\r?\n)(?=^From )"))
        .filter(one -> !one.isBlank())
        .toList();
  }

  /// What is sent ends with CRLF, as LMTP's data always do; the other line ends are the corpus's
  /// own.
  private static Mail mail(String name, String octets) {
    String message =
        octets.startsWith("From ") ? octets.substring(octets.indexOf('\n') + 1) : octets;
    String sent = message.endsWith("\r\n") ? message : message + "\r\n";
    return new Mail(name, sent, sent.replaceAll("\r\n|\r|\n", "\r\n"));
  }

  private static void deliver() throws IOException {
    try (Wire lmtp = new Wire(server.address("lmtp"))) {
      lmtp.expect("220");
      lmtp.send("LHLO tester.example.org\r\n");
      lmtp.expectLast("250");
      for (Mail mail : mails) {
        lmtp.send("MAIL FROM:<cristi@example.org>\r\nRCPT TO:<ana@example.org>\r\nDATA\r\n");
        lmtp.expect("250", "250", "354");
        String stuffed = mail.sent().replace("\r\n.", "\r\n..");
        lmtp.send((stuffed.startsWith(".") ? "." : "") + stuffed + ".\r\n");
        assertThat(lmtp.line()).as(mail.name()).startsWith("250");
      }
    }
  }

  @Test
  void everyMessageComesBackByPop3() throws IOException {
    try (Wire pop3 = new Wire(server.address("pop3"))) {
      pop3.expect("+OK");
      pop3.send("USER ana\r\nPASS secret\r\nLIST\r\n");
      pop3.expect("+OK", "+OK", "+OK");
      List<String> list = pop3.untilDot();
      assertThat(list).hasSameSizeAs(mails);
      for (int i = 0; i < mails.size(); i++) {
        pop3.send("RETR " + (i + 1) + "\r\n");
        pop3.expect("+OK");
        String whole = String.join("\r\n", pop3.untilDot()) + "\r\n";
        assertServed(mails.get(i), whole);
        assertThat(list.get(i)).as(mails.get(i).name()).isEqualTo((i + 1) + " " + whole.length());
      }
    }
  }

  @Test
  void everyMessageComesBackByImap() throws IOException {
    try (Wire imap = new Wire(server.address("imap"))) {
      imap.expect("* OK");
      imap.send("a LOGIN ana secret\r\nb EXAMINE INBOX\r\n");
      imap.skipTo("b OK");
      imap.send("c FETCH 1:* (RFC822.SIZE BODY.PEEK[])\r\n");
      for (Mail mail : mails) {
        Matcher head = LITERAL.matcher(imap.line());
        assertThat(head.matches()).as(mail.name()).isTrue();
        assertThat(head.group(1)).as(mail.name()).isEqualTo(head.group(2));
        assertServed(
            new Mail(mail.name(), "", mail.served().replace('\0', '\u0080')),
            imap.octets(Integer.parseInt(head.group(2))));
        assertThat(imap.line()).as(mail.name()).isEqualTo(")");
      }
      imap.expect("c OK");
    }
  }

  private static void assertServed(Mail mail, String whole) {
    assertThat(whole.endsWith(mail.served())).as(mail.name() + " comes back").isTrue();
    String above = whole.substring(0, whole.length() - mail.served().length());
    assertThat(above).as(mail.name()).matches(TRACE);
  }

  @Test
  void everyEnvelopeAndStructureIsReadByJakartaMail() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("mail.mime.address.strict", "false");
    InetSocketAddress address = server.address("imap");
    try (Store store = Session.getInstance(properties).getStore("imap")) {
      store.connect(
          address.getAddress().getHostAddress(), address.getPort(), "ana", TestServer.PASSWORD);
      try (Folder inbox = store.getFolder("INBOX")) {
        inbox.open(Folder.READ_ONLY);
        assertThat(inbox.getMessageCount()).isEqualTo(mails.size());
        // Where its parser fails, Jakarta Mail leaves the response out.
        Object answers =
            ((IMAPFolder) inbox)
                .doCommand(imap ->
                    imap.command("FETCH 1:* (UID RFC822.SIZE ENVELOPE BODYSTRUCTURE)", null));
        assertThat((Response[]) answers).hasSize(mails.size() + 1);
        for (int i = 0; i < mails.size(); i++) {
          assertTold(mails.get(i), i + 1, ((Response[]) answers)[i]);
        }
      }
    }
  }

  private static void assertTold(Mail mail, int number, Response answer) {
    assertThat(answer)
        .as(mail.name())
        .isInstanceOfSatisfying(
            FetchResponse.class,
            fetch -> {
              assertThat(fetch.getNumber()).isEqualTo(number);
              assertThat(fetch.getItem(UID.class).uid).isEqualTo(number);
              assertThat(fetch.getItem(RFC822SIZE.class).size)
                  .isGreaterThan(mail.served().length());
              assertThat(fetch.getItem(ENVELOPE.class)).isNotNull();
              assertThat(fetch.getItem(BODYSTRUCTURE.class)).isNotNull();
            });
  }
}
