package org.depozit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.depozit.storage.InternalDate;
import org.depozit.storage.MailboxName;
import org.depozit.storage.SqlStore;
import org.depozit.storage.StoreSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTests {
  @TempDir private Path data;
  private SqlStore store;

  @BeforeEach
  void open() {
    store = SqlStore.open(StoreSettings.at(data));
    store.createAccount("ana", "secret".toCharArray());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static ImportedMail mail(String mailbox, List<String> flags) {
    byte[] octets = "Subject: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII);
    return new ImportedMail(mailbox, flags, InternalDate.of(Instant.EPOCH), octets);
  }

  @Test
  void onlyTheOwnerMayConnectAndWhatAKilledServerLeftIsReplaced() throws IOException {
    Files.createDirectories(data.resolve("admin.new"));
    Files.writeString(data.resolve("admin.new/s"), "");
    Files.writeString(Admin.socket(data), "");
    try (Admin _ = Admin.open(data, store);
        Operator operator = Operator.on(data)) {
      assertThat(operator).isInstanceOf(SocketOperator.class);
      assertThat(operator.users()).containsExactly("ana");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Admin.socket(data))))
          .isEqualTo("rw-------");
      assertThat(data.resolve("admin.new")).doesNotExist();
    }
    assertThat(Admin.socket(data)).doesNotExist();
  }

  @Test
  void aDataDirectoryWithTooLongAPathIsNamed() throws IOException {
    Path deep =
        Files.createDirectories(
            data.resolve(String.join("/", Collections.nCopies(4, "a".repeat(40)))));
    assertThatThrownBy(() -> Admin.open(deep, store))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no admin socket at " + deep)
        .hasMessageEndingWith("give a shorter --data");
  }

  @Test
  void anImportForNobodySaysSo() throws IOException {
    try (Admin _ = Admin.open(data, store);
        Operator operator = Operator.on(data)) {
      assertThatThrownBy(() -> importEndlessly(operator.intake("nobody")))
          .isInstanceOf(CommandFailed.class)
          .hasMessage("there is no user nobody");
    }
  }

  private static void importEndlessly(Intake intake) {
    while (true) {
      intake.take(mail("INBOX", List.of()));
    }
  }

  @Test
  void whatTheStoreWouldNotHaveIsNamedAndStopsNothingElse() throws IOException {
    List<String> flags = IntStream.range(0, 2_000).mapToObj(i -> "keyword" + i).toList();
    try (Admin _ = Admin.open(data, store);
        Operator operator = Operator.on(data)) {
      Intake intake = operator.intake("ana");
      intake.take(mail("a//b", List.of()));
      intake.take(mail("INBOX", flags));
      intake.take(mail("INBOX", List.of("\\Seen")));
      intake.finish();
      assertThat(intake.taken()).isEqualTo(1);
      assertThat(intake.failures()).hasSize(2);
      assertThat(intake.failures().getFirst()).endsWith("Not a mailbox name: a//b");
    }
    assertThat(store.account("ana").orElseThrow().mailbox(MailboxName.INBOX).orElseThrow().view())
        .extracting(view -> view.count())
        .isEqualTo(1);
  }
}
