package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Store;
import jakarta.mail.event.MessageChangedEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Two PCs and a download client on one mailbox, by Jakarta Mail's clients and by raw sockets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TwoClientsTests {
  private static final int FLAGS = 100;
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private ServerProcess server;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    Users.make(data, List.of("delay", "idle", "pop", "move", "tls"));
    server = ServerProcess.serve(data);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private ImapSession raw(String user) throws IOException {
    return new ImapSession(server.address("imap"), false, user, Users.PASSWORD);
  }

  private Store jakarta(String protocol, String user) throws MessagingException {
    return JakartaMail.connect(server, protocol, user);
  }

  private void deliver(String user, int count) throws IOException {
    try (LmtpSession session = new LmtpSession(server.address("lmtp"))) {
      for (int seed = 1; seed <= count; seed++) {
        session.deliver(List.of(user), SeededMail.of(seed), recipient -> {});
      }
    }
  }

  @Test
  void aFlagSetAtWorkShowsAtHomeInIdle() throws IOException {
    deliver("delay", 10);
    try (ImapSession work = raw("delay");
        ImapSession home = raw("delay")) {
      work.command("SELECT INBOX");
      home.command("SELECT INBOX");
      home.client().patience(LONGEST);
      String idling = home.idle();
      long[] micros = new long[FLAGS];
      for (int flag = 0; flag < FLAGS; flag++) {
        int number = flag % 10 + 1;
        String change = (flag / 10 % 2 == 0 ? "+" : "-") + "FLAGS (\\Flagged)";
        long start = System.nanoTime();
        String tag = work.send("STORE " + number + " " + change);
        String told = home.response();
        micros[flag] = (System.nanoTime() - start) / 1_000;
        assertThat(told).startsWith("* " + number + " FETCH ");
        assertThat(told.contains("\\Flagged")).isEqualTo(change.startsWith("+"));
        work.answer(tag);
      }
      assertThat(home.done(idling)).isEmpty();
      Arrays.sort(micros);
      System.out.printf(
          "a flag at work shows at home: median %.1f ms, 99th of 100 %.1f ms, max %.1f ms%n",
          micros[FLAGS / 2] / 1e3, micros[FLAGS - 2] / 1e3, micros[FLAGS - 1] / 1e3);
    }
  }

  @Test
  void jakartaMailSeesFlagsAndNewMailWhileItIdles() throws Exception {
    deliver("idle", 2);
    try (Store atWork = jakarta("imap", "idle");
        Store atHome = jakarta("imap", "idle");
        IMAPFolder work = JakartaMail.open(atWork, "INBOX");
        IMAPFolder home = JakartaMail.open(atHome, "INBOX")) {
      Set<Integer> changed = ConcurrentHashMap.newKeySet();
      home.addMessageChangedListener(event -> {
        if (event.getMessageChangeType() == MessageChangedEvent.FLAGS_CHANGED) {
          changed.add(event.getMessage().getMessageNumber());
        }
      });
      Thread idle = Thread.ofVirtual().start(() -> JakartaMail.idle(home));
      work.getMessage(2).setFlag(Flags.Flag.FLAGGED, true);
      await().atMost(LONGEST).until(() -> changed.contains(2));
      deliver("idle", 1);
      await().atMost(LONGEST).until(() -> JakartaMail.count(work) == 3);
      home.close(false);
      idle.join();
      home.open(Folder.READ_WRITE);
      assertThat(home.getMessageCount()).isEqualTo(3);
      assertThat(home.getMessage(2).isSet(Flags.Flag.FLAGGED)).isTrue();
    }
  }

  @Test
  void whatPop3DeletesAtQuitGoesFromBothImapClients() throws Exception {
    deliver("pop", 5);
    try (Store pop3 = jakarta("pop3", "pop");
        Store atWork = jakarta("imap", "pop");
        IMAPFolder work = JakartaMail.open(atWork, "INBOX");
        ImapSession home = raw("pop")) {
      home.command("SELECT INBOX");
      String idling = home.idle();
      Message last = work.getMessage(5);
      long uid = work.getUID(last);
      Folder drop = pop3.getFolder("INBOX");
      drop.open(Folder.READ_WRITE);
      assertThat(drop.getMessageCount()).isEqualTo(5);
      drop.getMessage(2).setFlag(Flags.Flag.DELETED, true);
      drop.getMessage(4).setFlag(Flags.Flag.DELETED, true);
      assertThat(work.getMessageCount()).as("before QUIT").isEqualTo(5);
      drop.close(true);
      assertThat(home.response()).matches("\\* [234] EXPUNGE");
      assertThat(home.response()).matches("\\* [234] EXPUNGE");
      assertThat(home.done(idling)).isEmpty();
      assertThat(home.command("UID SEARCH ALL")).containsExactly("* SEARCH 1 3 5");
      await().atMost(LONGEST).until(() -> JakartaMail.count(work) == 3);
      work.expunge();
      assertThat(last.getMessageNumber()).isEqualTo(3);
      assertThat(work.getUID(last)).isEqualTo(uid);
      assertThat(work.getMessage(2).getSubject()).isEqualTo("mail 3");
    }
  }

  @Test
  void jakartaMailAppendsAndMovesAndTheOtherSeesIt() throws Exception {
    try (Store atWork = jakarta("imap", "move");
        Store atHome = jakarta("imap", "move");
        IMAPFolder inbox = JakartaMail.open(atWork, "INBOX");
        IMAPFolder home = JakartaMail.open(atHome, "INBOX")) {
      IMAPFolder archive = (IMAPFolder) atWork.getFolder("Archive");
      Message[] mails = {JakartaMail.message("one"), JakartaMail.message("two")};
      mails[1].setFlag(Flags.Flag.FLAGGED, true);
      assertThat(inbox.appendUIDMessages(mails)).doesNotContainNull().hasSize(2);
      assertThat(JakartaMail.count(home)).isEqualTo(2);
      assertThat(home.getMessage(2).isSet(Flags.Flag.FLAGGED)).isTrue();
      assertThat(JakartaMail.count(inbox)).isEqualTo(2);
      inbox.moveMessages(new Message[] {inbox.getMessage(1)}, archive);
      await().atMost(LONGEST).until(() -> JakartaMail.count(home) == 1);
      home.expunge();
      assertThat(home.getMessage(1).getSubject()).isEqualTo("two");
      archive.open(Folder.READ_ONLY);
      assertThat(archive.getMessage(1).getSubject()).isEqualTo("one");
      assertThat(archive.getMessage(1).getContent()).isEqualTo("Text of one.\r\n");
      archive.close();
    }
  }

  @Test
  void everyDoorOpensInsideTls() throws Exception {
    deliver("tls", 1);
    for (String protocol : List.of("imap", "imaps", "pop3", "pop3s")) {
      try (Store store = JakartaMail.connectInsideTls(server, protocol, "tls")) {
        Folder inbox = store.getFolder("INBOX");
        inbox.open(Folder.READ_ONLY);
        assertThat(inbox.getMessage(1).getSubject()).as(protocol).isEqualTo("mail 1");
        assertThat(JakartaMail.isSecure(store)).as(protocol).isTrue();
        inbox.close();
      }
    }
  }
}
