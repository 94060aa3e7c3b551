package org.depozit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.depozit.storage.InternalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailSourceTests {
  @TempDir private Path folder;

  private static List<ImportedMail> read(Path path, String mailbox) {
    List<ImportedMail> mail = new ArrayList<>();
    MailSource.at(path, mailbox).each(mail::add);
    return mail;
  }

  private static String text(ImportedMail mail) {
    return new String(mail.octets(), StandardCharsets.ISO_8859_1);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text, StandardCharsets.ISO_8859_1);
  }

  @Test
  void anMboxIsSplitAtItsFromLinesAndUnquoted() throws IOException {
    Path mbox =
        write(
            "a.mbox",
            """
            From ana@example.org Mon Nov  9 09:00:00 2026
            Subject: one

            >From here
            >>From there
            From me to you is no separator

            From bob@example.org Tue Nov 10 09:00:30 2026 +0200
            Subject: two

            body
            """);
    List<ImportedMail> mail = read(mbox, "INBOX");
    assertThat(mail).hasSize(2);
    assertThat(text(mail.get(0)))
        .isEqualTo("Subject: one\n\nFrom here\n>From there\nFrom me to you is no separator\n");
    assertThat(mail.get(0).date())
        .isEqualTo(InternalDate.of(OffsetDateTime.parse("2026-11-09T09:00:00Z")));
    assertThat(text(mail.get(1))).isEqualTo("Subject: two\n\nbody\n");
    assertThat(mail.get(1).date())
        .isEqualTo(InternalDate.of(OffsetDateTime.parse("2026-11-10T09:00:30+02:00")));
  }

  @Test
  void theNotesOfAnMboxBecomeFlagsAndAreNoPartOfTheMail() throws IOException {
    Path mbox =
        write(
            "b.mbox",
            """
            From ana@example.org Mon Nov  9 09:00:00 2026
            Status: RO
            X-Status: AF
            X-Keywords: $Forwarded, work
            X-UID: 12
            Subject: one
              and more

            Status: in the body stays
            """);
    ImportedMail mail = read(mbox, "INBOX").getFirst();
    assertThat(mail.flags())
        .containsExactly("\\Seen", "\\Answered", "\\Flagged", "$Forwarded", "work");
    assertThat(text(mail)).isEqualTo("Subject: one\n  and more\n\nStatus: in the body stays\n");
  }

  @Test
  void anMboxWithCrlfKeepsItsLineEnds() throws IOException {
    Path mbox =
        write(
            "c.mbox",
            "From a Mon Nov  9 09:00:00 2026\r\nSubject: x\r\n\r\nb\r\n\r\nFrom a Mon Nov  9 09:00:00 2026\r\n\r\n");
    List<ImportedMail> mail = read(mbox, "INBOX");
    assertThat(mail).hasSize(2);
    assertThat(text(mail.getFirst())).isEqualTo("Subject: x\r\n\r\nb\r\n");
  }

  @Test
  void aMaildirTreeGivesFoldersFlagsKeywordsAndDates() throws IOException {
    Path old = write("Maildir/cur/1.a:2,RSb", "Subject: old\n\n");
    Path young = write("Maildir/new/2.b", "Subject: young\n\n");
    write("Maildir/dovecot-keywords", "0 $Junk\n1 work\n");
    write("Maildir/.Work.2024/cur/3.c:2,FT", "Subject: filed\n\n");
    Files.createDirectories(folder.resolve("Maildir/.Work.2024/new"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    Files.setLastModifiedTime(young, FileTime.from(Instant.parse("2021-01-01T00:00:00Z")));
    List<ImportedMail> mail = read(folder.resolve("Maildir"), "INBOX");
    assertThat(mail)
        .extracting(MailSourceTests::text)
        .containsExactly("Subject: old\n\n", "Subject: young\n\n", "Subject: filed\n\n");
    assertThat(mail)
        .extracting(ImportedMail::mailbox)
        .containsExactly("INBOX", "INBOX", "Work/2024");
    assertThat(mail.get(0).flags()).containsExactly("\\Answered", "\\Seen", "work");
    assertThat(mail.get(2).flags()).containsExactly("\\Flagged", "\\Deleted");
    assertThat(mail.get(0).date())
        .isEqualTo(InternalDate.of(Instant.parse("2020-01-01T00:00:00Z")));
    assertThat(read(folder.resolve("Maildir"), "Old").get(2).mailbox()).isEqualTo("Old/Work/2024");
  }

  @Test
  void theFoldersOfAMaildirTreeHaveNamesInModifiedUtf7OrUtf8() throws IOException {
    Files.createDirectories(folder.resolve("Maildir/cur"));
    Files.createDirectories(folder.resolve("Maildir/new"));
    for (String name : List.of(".Entw&APw-rfe.R&-D", ".Tom&Jerry", ".Ciorne-în-lucru")) {
      write("Maildir/" + name + "/cur/1.a", "Subject: filed\n\n");
      Files.createDirectories(folder.resolve("Maildir/" + name + "/new"));
    }
    assertThat(read(folder.resolve("Maildir"), "INBOX"))
        .extracting(ImportedMail::mailbox)
        .containsExactlyInAnyOrder("Entwürfe/R&D", "Tom&Jerry", "Ciorne-în-lucru");
  }

  @Test
  void anMboxWhoseFirstLineHasNoDateIsReadAllTheSame() throws IOException {
    Path mbox =
        write(
            "d.mbox",
            "From ana@example.org\nSubject: one\n\nFrom bob, with love\n\nFrom a Mon Nov  9 09:00:00 2026\nSubject: two\n\n");
    assertThat(read(mbox, "INBOX"))
        .extracting(MailSourceTests::text)
        .containsExactly("Subject: one\n\nFrom bob, with love\n", "Subject: two\n");
  }

  @Test
  void aFolderHoldsMessagesMboxesAndMaildirs() throws IOException {
    write("all/1.eml", "Subject: one\n\n");
    write("all/2.mbox", "From a Mon Nov  9 09:00:00 2026\nSubject: two\n\n");
    write("all/3/cur/x", "Subject: three\n\n");
    Files.createDirectories(folder.resolve("all/3/new"));
    write("all/.hidden", "Subject: no\n\n");
    assertThat(read(folder.resolve("all"), "INBOX"))
        .extracting(MailSourceTests::text)
        .containsExactly("Subject: one\n\n", "Subject: two\n", "Subject: three\n\n");
  }

  @Test
  void aPathThatIsNotThereIsAClearError() {
    assertThatThrownBy(() -> read(folder.resolve("none"), "INBOX"))
        .isInstanceOf(CommandFailed.class)
        .hasMessage("cannot read " + folder.resolve("none") + ": there is no such file");
  }

  @Test
  void theSampleMailIsWhole() {
    assertThat(SampleMail.all())
        .hasSize(12)
        .allSatisfy(mail -> assertThat(text(mail)).contains("\nTo: ").contains("\n\n"));
  }
}
