package org.depozit.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.depozit.pop3.StagedMaildrop.Fault;
import org.depozit.wire.Endpoint;
import org.depozit.wire.Limits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a client is told when something goes wrong here, and a maildrop that is larger than most.
class TroubleTests {
  private static final String FAULT = "-ERR [SYS/TEMP] something went wrong here";

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

  @Test
  void aMessageThatCannotBeOpenedStopsNothingElse() throws IOException {
    StagedMaildrop drop = new StagedMaildrop(3, Fault.OPENING);
    try (var server = serve(drop);
        Client client = server.logIn(office.account())) {
      assertThat(client.ask("RETR 1")).isEqualTo(FAULT);
      assertThat(client.ask("TOP 1 0")).isEqualTo(FAULT);
      assertThat(client.ask("STAT")).isEqualTo("+OK 3 300000");
      assertThat(client.ask("QUIT")).isEqualTo("+OK goodbye");
    }
    await().until(() -> drop.closings() == 1);
  }

  @Test
  void aMessageThatCannotBeReadIsToldAsLongAsNothingOfItWasSent() throws IOException {
    StagedMaildrop drop = new StagedMaildrop(1, Fault.READING_AT_ALL);
    try (var server = serve(drop);
        Client client = server.logIn(office.account())) {
      assertThat(client.ask("RETR 1")).isEqualTo(FAULT);
      assertThat(client.ask("TOP 1 0")).isEqualTo(FAULT);
      assertThat(client.ask("STAT")).isEqualTo("+OK 1 100000");
    }
  }

  /// An error line in the middle would be a line of the message: only a missing end tells.
  @Test
  void aMessageThatBreaksOffIsNeverEnded() throws IOException {
    StagedMaildrop drop = new StagedMaildrop(1, Fault.READING);
    try (var server = serve(drop);
        Client client = server.logIn(office.account())) {
      assertThat(client.ask("RETR 1")).startsWith("+OK");
      assertThat(client.rest()).doesNotContain("\r\n.\r\n").doesNotContain("ERR");
    }
    await().until(() -> drop.closings() == 1);
  }

  /// A second reply to RETR would be taken for the first to what follows.
  @Test
  void aMessageThatCannotBeMarkedAsSeenIsAnsweredOnce() throws IOException {
    Pop3Settings seeing = new Pop3Settings(true, false, false, true, false, Duration.ZERO);
    StagedMaildrop drop = new StagedMaildrop(1, Fault.SEEING);
    try (var server = serve(drop, seeing);
        Client client = server.logIn(office.account())) {
      assertThat(client.ask("RETR 1")).startsWith("+OK");
      client.lines();
      assertThat(client.ask("STAT")).isEqualTo("+OK 1 100000");
    }
  }

  @Test
  void aMaildropThatCannotBeListedIsGivenBack() throws IOException {
    StagedMaildrop drop = new StagedMaildrop(1, Fault.LISTING);
    String user = office.account();
    try (var server = serve(drop);
        Client client = server.connect()) {
      client.line();
      client.ask("USER " + user);
      assertThat(client.ask("PASS secret")).isEqualTo(FAULT);
      assertThat(client.line()).isEqualTo("<end>");
    }
    await().until(() -> drop.closings() == 1);
  }

  @Test
  void anUpdateThatFailsIsToldAndTheSessionEnds() throws IOException {
    StagedMaildrop drop = new StagedMaildrop(1, Fault.REMOVING);
    try (var server = serve(drop);
        Client client = server.logIn(office.account())) {
      client.ask("DELE 1");
      assertThat(client.ask("QUIT")).isEqualTo("-ERR [SYS/TEMP] the store cannot do that now");
      assertThat(client.line()).isEqualTo("<end>");
    }
    await().until(() -> drop.closings() == 1);
  }

  @Test
  void whoLeavesInTheMiddleOfAMessageGivesTheMaildropBack() throws IOException {
    StagedMaildrop drop = new StagedMaildrop(1000);
    try (var server = serve(drop)) {
      Client client = server.logIn(office.account());
      client.send("RETR 1\r\n".repeat(1000));
      client.line();
      client.close();
      await().until(() -> drop.closings() == 1);
    }
  }

  /// Interop 65.
  @Test
  @Timeout(20)
  void aMaildropOf200000MessagesIsListedAsItComes() throws IOException {
    try (var server = serve(new StagedMaildrop(200_000));
        Client client = server.logIn(office.account())) {
      long before = System.nanoTime();
      assertThat(client.ask("STAT")).isEqualTo("+OK 200000 20000000000");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
      client.ask("LIST");
      assertThat(client.lines()).hasSize(200_000).startsWith("1 100000").endsWith("200000 100000");
      client.ask("UIDL");
      assertThat(client.lines()).hasSize(200_000);
    }
  }

  private static PostOffice.Server serve(StagedMaildrop drop) throws IOException {
    return serve(drop, Pop3Settings.DEFAULTS);
  }

  private static PostOffice.Server serve(StagedMaildrop drop, Pop3Settings settings)
      throws IOException {
    return PostOffice.Server.open(
        Endpoint.plain("pop3", PostOffice.anyPort()),
        Limits.DEFAULTS,
        new Pop3(new StagedStore(office.store(), drop), settings));
  }
}
