package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// curl against the real program: IMAP, IMAP inside TLS, and POP3.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CurlTests {
  private Path home;
  private ServerProcess server;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    Programs.assumeInstalled("curl");
    home = folder;
    Path data = folder.resolve("data");
    Users.make(data, List.of("imap", "imaps", "pop"));
    server = ServerProcess.serve(data);
    try (LmtpSession session = new LmtpSession(server.address("lmtp"))) {
      for (long seed = 1; seed <= 3; seed++) {
        List<String> users = List.of("imap", "imaps", "pop");
        session.deliver(users, SeededMail.of(seed), _ -> {});
      }
    }
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private String curl(String user, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("curl", "-sS", "-u", user + ":" + Users.PASSWORD));
    command.addAll(List.of(words));
    Programs.Outcome outcome = Programs.run(home, command);
    assertThat(outcome.code()).as(outcome.out()).isZero();
    return outcome.out();
  }

  private String url(String protocol, String path) {
    return protocol + "://" + server.at(protocol) + "/" + path;
  }

  @Test
  void imapListsFetchesSearchesStoresAndAppends() throws IOException {
    assertThat(curl("imap", url("imap", ""))).contains("* LIST (", "\"/\" INBOX");
    assertThat(SeededMail.belowTheTrace(curl("imap", url("imap", "INBOX;MAILINDEX=2"))))
        .isEqualTo(SeededMail.of(2));
    assertThat(curl("imap", url("imap", "INBOX;UID=3;SECTION=HEADER.FIELDS%20(SUBJECT)")))
        .isEqualTo("Subject: mail 3\r\n\r\n");
    assertThat(curl("imap", url("imap", "INBOX?SUBJECT%20%22mail%202%22")).strip())
        .isEqualTo("* SEARCH 2");
    assertThat(curl("imap", url("imap", "INBOX"), "-X", "STORE 1 +FLAGS (\\Flagged)"))
        .contains("* 1 FETCH (FLAGS (", "\\Flagged");
    Path mail = home.resolve("mail.eml");
    Files.writeString(mail, SeededMail.of(4));
    curl("imap", "-T", mail.toString(), url("imap", "INBOX"));
    assertThat(curl("imap", url("imap", "INBOX;UID=4"))).isEqualTo(SeededMail.of(4));
  }

  @Test
  void imapInsideTlsFetches() throws IOException {
    assertThat(SeededMail.belowTheTrace(curl("imaps", "-k", url("imaps", "INBOX;UID=1"))))
        .isEqualTo(SeededMail.of(1));
    String startTls = curl("imaps", "-k", "--ssl-reqd", url("imap", "INBOX;UID=2"));
    assertThat(SeededMail.belowTheTrace(startTls)).isEqualTo(SeededMail.of(2));
  }

  @Test
  void pop3ListsRetrievesAndDeletes() throws IOException {
    assertThat(curl("pop", url("pop3", "")).lines()).hasSize(3);
    assertThat(SeededMail.belowTheTrace(curl("pop", url("pop3", "3")))).isEqualTo(SeededMail.of(3));
    assertThat(curl("pop", "-X", "UIDL", url("pop3", "")).lines()).hasSize(3);
    curl("pop", "-X", "DELE", "-l", url("pop3", "1"));
    assertThat(curl("pop", "-k", "--ssl-reqd", url("pop3", "")).lines()).hasSize(2);
    assertThat(curl("pop", "-k", url("pop3s", "")).lines()).hasSize(2);
  }
}
