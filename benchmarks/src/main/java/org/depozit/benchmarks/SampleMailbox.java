package org.depozit.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.depozit.storage.Account;
import org.depozit.storage.Flag;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.InternalDate;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxName;
import org.depozit.storage.Spool;
import org.depozit.storage.SqlStore;
import org.depozit.storage.StoreSettings;

/// A store in a temporary folder with one mailbox, for the pieces.
final class SampleMailbox implements AutoCloseable {
  private static final String LINE =
      "All work and no play makes Jack a dull boy, says the line.\r\n";
  private static final int BATCH = 500;

  private final Path directory;
  private final SqlStore store;
  private final Mailbox mailbox;

  /// A thousand senders; each fifth message is seen.
  SampleMailbox(int messages) throws IOException {
    directory = Files.createTempDirectory("depozit-jmh");
    store = SqlStore.open(StoreSettings.at(directory));
    Account account = store.createAccount("ana", "secret".toCharArray());
    mailbox = account.mailbox(MailboxName.INBOX).orElseThrow();
    for (int first = 0; first < messages; first += BATCH) {
      append(first, Math.min(messages, first + BATCH));
    }
  }

  private void append(int from, int to) throws IOException {
    List<IncomingMessage> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Spool spool = store.spool();
      spool.write(mail(i));
      Set<Flag> flags = i % 5 == 0 ? Set.of(Flag.SEEN) : Set.of();
      batch.add(new IncomingMessage(spool, flags, InternalDate.of(Instant.now())));
    }
    mailbox.append(batch);
    for (IncomingMessage message : batch) {
      message.content().close();
    }
  }

  /// A mail of 4 KiB.
  static byte[] mail(int number) {
    String mail =
        "From: Sender %d <sender%d@example.org>\r\n".formatted(number % 1_000, number % 1_000)
            + "To: Ana <ana@example.org>\r\nSubject: Message number %d\r\n".formatted(number)
            + "Message-ID: <%d@example.org>\r\n".formatted(number)
            + "Date: Fri, 20 Nov 2026 10:00:00 +0200\r\n\r\n"
            + LINE.repeat(62);
    return mail.getBytes(StandardCharsets.US_ASCII);
  }

  Mailbox mailbox() {
    return mailbox;
  }

  @Override
  public void close() throws IOException {
    store.close();
    Processes.delete(directory);
  }
}
