package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real server on a file system that becomes full, and in a directory that becomes read-only:
/// each protocol says so in its own words, the log once; what is there is served, and mail is taken
/// again when the cause is gone. A second server on the directory of a first is refused.
final class DiskFaultTests {
  private static final String USER = "ana";
  private static final int MOST = 2_000;
  private static final String TROUBLE = "The log cannot be written";

  @TempDir private Path folder;

  private boolean mounted;

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", "-l", folder.resolve("small").toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor() == 0;
  }

  /// A file system of its own for a test.
  private Path small() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", small.toString());
    assumeThat(mounted).as("only root can make a small file system").isTrue();
    return small;
  }

  @Test
  void aFullDiskIsToldByEachProtocolAndForgottenWhenThereIsRoom() throws Exception {
    Path small = small();
    Path data = small.resolve("data");
    Path filler = small.resolve("filler");
    Users.make(data, List.of(USER));
    try (ServerProcess server = ServerProcess.serve(data)) {
      refusesAndGoesOn(server, () -> fill(filler), () -> Files.delete(filler));
    }
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertServed(server, -1);
    }
  }

  @Test
  void aDirectoryThatBecomesReadOnlyIsToldByEachProtocolAndForgottenWhenItCanBeWritten()
      throws Exception {
    Path data = folder.resolve("data");
    Users.make(data, List.of(USER));
    try (ServerProcess server = ServerProcess.serveBound(data)) {
      refusesAndGoesOn(server, () -> permit(data, "r-x------"), () -> permit(data, "rwx------"));
    } finally {
      permit(data, "rwx------");
    }
    try (ServerProcess server = ServerProcess.serve(data)) {
      assertServed(server, -1);
    }
  }

  private static void permit(Path data, String permissions) throws IOException {
    for (Path directory : List.of(data.resolve("log"), data.resolve("index"), data)) {
      if (Files.exists(directory)) {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
      }
    }
  }

  @Test
  void whoStartsInAReadOnlyDirectoryIsToldSo() throws Exception {
    Path data = folder.resolve("data");
    Users.make(data, List.of(USER));
    permit(data, "r-x------");
    try {
      ServerProcess.Outcome outcome = ServerProcess.runBound(ServerProcess.serving(data));
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err())
          .startsWith("depozit: ")
          .contains(data.toString())
          .contains("denied");
    } finally {
      permit(data, "rwx------");
    }
    try (ServerProcess server = ServerProcess.serve(data);
        LmtpSession lmtp = new LmtpSession(server.address("lmtp"))) {
      assertThat(lmtp.delivered(USER, SeededMail.of(1))).startsWith("250");
    }
  }

  @Test
  void whoStartsOnAReadOnlyFileSystemIsToldSo() throws Exception {
    Path small = small();
    Path data = small.resolve("data");
    Users.make(data, List.of(USER));
    assertThat(run("mount", "-o", "remount,ro", small.toString())).isTrue();
    ServerProcess.Outcome outcome = ServerProcess.run("", ServerProcess.serving(data));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("depozit: ")
        .contains(data.toString())
        .contains("Read-only file system");
    assertThat(run("mount", "-o", "remount,rw", small.toString())).isTrue();
    try (ServerProcess server = ServerProcess.serve(data);
        LmtpSession lmtp = new LmtpSession(server.address("lmtp"))) {
      assertThat(lmtp.delivered(USER, SeededMail.of(1))).startsWith("250");
    }
  }

  /// Something that is done to the disk.
  private interface Deed {
    void run() throws IOException;
  }

  private static void refusesAndGoesOn(ServerProcess server, Deed cause, Deed cure)
      throws IOException {
    try (LmtpSession lmtp = new LmtpSession(server.address("lmtp"))) {
      assertThat(lmtp.delivered(USER, SeededMail.of(1))).startsWith("250");
      cause.run();
      int kept = deliverUntilRefused(lmtp);
      assertRefused(server);
      assertNotRemoved(server, kept);
      assertServed(server, kept);
      cure.run();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> lmtp.delivered(USER, SeededMail.of(1)).startsWith("250"));
      assertServed(server, kept + 1);
      assertRemoved(server, kept + 1);
      assertThat(server.errors().split(TROUBLE, -1).length - 1).as(server::errors).isBetween(1, 3);
      assertThat(server.errors()).doesNotContain("fault of ours");
      assertThat(server.terminate()).as(server::errors).isIn(ServerProcess.STOPPED);
    }
  }

  private static void fill(Path filler) {
    byte[] some = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(some);
      }
    } catch (IOException e) {
      // Full.
    }
  }

  /// @return how many messages are there now
  private static int deliverUntilRefused(LmtpSession lmtp) throws IOException {
    String mail = "Subject: x\r\n\r\n" + "0123456789\r\n".repeat(3_000);
    for (int kept = 1; kept < MOST; kept++) {
      String reply = lmtp.delivered(USER, mail);
      if (!reply.startsWith("250")) {
        assertThat(reply).startsWith("452 4.3.1");
        return kept;
      }
    }
    throw new AssertionError("the disk was never full");
  }

  private static void assertRefused(ServerProcess server) throws IOException {
    String mail = "Subject: y\r\n\r\n" + "0123456789\r\n".repeat(3_000);
    try (ImapSession imap = new ImapSession(server.address("imap"), false, USER, Users.PASSWORD)) {
      assertThatThrownBy(() -> imap.append("INBOX", mail))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("NO [UNAVAILABLE]");
      imap.command("NOOP");
    }
  }

  /// RFC 1939 §6: what was not removed is told, and is there.
  private static void assertNotRemoved(ServerProcess server, int count) throws IOException {
    try (Pop3Session pop3 = new Pop3Session(server.address("pop3"), USER, Users.PASSWORD)) {
      pop3.command("DELE 1");
      pop3.command("DELE " + count);
      assertThatThrownBy(() -> pop3.command("QUIT"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("-ERR [SYS/TEMP] ");
    }
  }

  private static void assertRemoved(ServerProcess server, int count) throws IOException {
    try (Pop3Session pop3 = new Pop3Session(server.address("pop3"), USER, Users.PASSWORD)) {
      pop3.command("DELE " + count);
      pop3.command("QUIT");
    }
    assertServed(server, count - 1);
  }

  private static void assertServed(ServerProcess server, int count) throws IOException {
    try (Pop3Session pop3 = new Pop3Session(server.address("pop3"), USER, Users.PASSWORD)) {
      int there = Integer.parseInt(pop3.command("STAT").split(" ", -1)[0]);
      if (count >= 0) {
        assertThat(there).isEqualTo(count);
      }
      assertThat(SeededMail.belowTheTrace(pop3.message(1))).isEqualTo(SeededMail.of(1));
    }
  }

  @Test
  void aSecondServerOnTheDirectoryIsRefusedInAClearWord() throws IOException {
    Path data = folder.resolve("data");
    Users.make(data, List.of(USER));
    try (ServerProcess server = ServerProcess.serve(data);
        LmtpSession lmtp = new LmtpSession(server.address("lmtp"))) {
      ServerProcess.Outcome second = ServerProcess.run("", ServerProcess.serving(data));
      assertThat(second.code()).isEqualTo(1);
      assertThat(second.err()).contains("Another server uses this data directory");
      assertThat(lmtp.delivered(USER, SeededMail.of(1))).startsWith("250");
      assertServed(server, 1);
    }
  }
}
