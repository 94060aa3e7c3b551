package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// fetchmail and mpop download: all once, what is kept never twice, and what is not kept goes.
final class DownloadTests {
  private static final String USER = "ana";
  private static final int MAILS = 5;

  /// fetchmail's exit code when there was nothing to fetch.
  private static final int NO_MAIL = 1;

  @TempDir private Path data;
  @TempDir private Path home;

  private ServerProcess server;

  @BeforeEach
  void start() throws IOException {
    Users.make(data, List.of(USER));
    server = ServerProcess.serve(data);
    deliver(1, MAILS);
    Files.createDirectories(home.resolve("in/new"));
    Files.createDirectories(home.resolve("in/cur"));
    Files.createDirectories(home.resolve("in/tmp"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void deliver(long first, long last) throws IOException {
    try (LmtpSession session = new LmtpSession(server.address("lmtp"))) {
      for (long seed = first; seed <= last; seed++) {
        session.deliver(List.of(USER), SeededMail.of(seed), _ -> {});
      }
    }
  }

  @Test
  void fetchmailTakesEachMessageOnceAndDeletesWhenTold() throws IOException {
    Programs.assumeInstalled("fetchmail");
    assertThat(fetchmail("keep")).isZero();
    assertThat(downloaded()).isEqualTo(seeds(1, MAILS));
    assertThat(fetchmail("keep")).as("all is known by its UIDL").isEqualTo(NO_MAIL);
    deliver(MAILS + 1, MAILS + 1);
    assertThat(fetchmail("keep")).isZero();
    assertThat(downloaded()).isEqualTo(seeds(1, MAILS + 1));
    assertThat(fetchmail("fetchall nokeep")).isZero();
    assertThat(count()).isZero();
    assertThat(fetchmail("nokeep")).isEqualTo(NO_MAIL);
  }

  private int fetchmail(String options) throws IOException {
    String file =
        """
        poll 127.0.0.1 service %d protocol pop3 auth password uidl
          user "%s" password "%s" is "%s" here %s
          sslproto '' mda "/bin/sh -c 'cat > $(mktemp -p %s/in/new)'"
        """
            .formatted(server.address("pop3").getPort(), USER, Users.PASSWORD, USER, options, home);
    Programs.Outcome outcome =
        Programs.run(
            home, List.of("fetchmail", "-f", secret("fetchmailrc", file).toString(), "--nosyslog"));
    assertThat(outcome.code()).as(outcome.out()).isLessThanOrEqualTo(NO_MAIL);
    return outcome.code();
  }

  @Test
  void mpopTakesEachMessageOnceAndDeletesWhenTold() throws IOException {
    Programs.assumeInstalled("mpop");
    mpop("on");
    assertThat(downloaded()).isEqualTo(seeds(1, MAILS));
    mpop("on");
    assertThat(files()).as("nothing came twice").hasSize(MAILS);
    deliver(MAILS + 1, MAILS + 1);
    mpop("off");
    assertThat(downloaded()).isEqualTo(seeds(1, MAILS + 1));
    assertThat(count()).isZero();
  }

  private void mpop(String keep) throws IOException {
    String file =
        """
        account default
        host 127.0.0.1
        port %d
        user %s
        password %s
        tls off
        auth user
        keep %s
        received_header off
        uidls_file %s/uidls
        delivery maildir %s/in
        """
            .formatted(server.address("pop3").getPort(), USER, Users.PASSWORD, keep, home, home);
    Programs.Outcome outcome =
        Programs.run(home, List.of("mpop", "-q", "-C", secret("mpoprc", file).toString()));
    assertThat(outcome.code()).as(outcome.out()).isZero();
  }

  /// A file that only its owner may read, as these programs want it.
  private Path secret(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private int count() throws IOException {
    try (Pop3Session pop3 = new Pop3Session(server.address("pop3"), USER, Users.PASSWORD)) {
      return Integer.parseInt(pop3.command("STAT").split(" ", -1)[0]);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("in/new"))) {
      return files.toList();
    }
  }

  /// The seeds of what was downloaded; each message is whole.
  private Set<Long> downloaded() throws IOException {
    List<Path> files = files();
    Set<Long> seeds = new TreeSet<>();
    for (Path file : files) {
      String mail = SeededMail.belowTheTrace(Files.readString(file).replace("\n", "\r\n"));
      long seed = SeededMail.seed(mail);
      assertThat(mail).isEqualTo(SeededMail.of(seed));
      seeds.add(seed);
    }
    assertThat(files).hasSameSizeAs(seeds);
    return seeds;
  }

  private static Set<Long> seeds(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().collect(Collectors.toSet());
  }
}
