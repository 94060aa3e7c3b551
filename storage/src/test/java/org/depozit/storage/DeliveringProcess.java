package org.depozit.storage;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A process that delivers, flags and expunges mail in a store from sixteen threads until it is
/// killed, and tells on its standard output what was acknowledged: a line for each, written at
/// once.
///
/// | line | |
/// |---|---|
/// | `kept USER UID SEED` | a message was acknowledged; the seed tells its octets |
/// | `flagged USER UID` | `\Flagged` was acknowledged |
/// | `expunging USER UID` | is about to be expunged |
/// | `expunged USER UID` | that was acknowledged |
/// | `copied USER UID` | a copy in `Archive` was acknowledged, among many |
final class DeliveringProcess {
  static final int USERS = 4;
  private static final int THREADS = 16;
  private static final byte[] TRACE =
      "Return-Path: <a@example.org>\r\n".getBytes(StandardCharsets.US_ASCII);

  /// Copies of some messages are many, and rows are late soon: segments are looked at when no
  /// recovery needs them.
  private static final StoreLimits.Bulk BULK =
      new StoreLimits.Bulk(8, 1_000_000, 20, 200, 5_000, 8);

  private final SqlStore store;
  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);

  private DeliveringProcess(SqlStore store) {
    this.store = store;
  }

  /// Runs until it is killed.
  ///
  /// @param args the store's directory
  public static void main(String[] args) {
    // Many kills come in the middle of a segment; small ones bring the other places too.
    SqlStore store =
        SqlStore.open(
            new StoreSettings(
                Path.of(args[0]),
                LogSample.limits(2 << 20, new SpaceLimits(5, 100, 1_000, 10)).with(BULK),
                false));
    DeliveringProcess process = new DeliveringProcess(store);
    for (int user = 0; user < USERS; user++) {
      process.account(user);
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < THREADS; thread++) {
        int user = thread % USERS;
        threads.execute(() -> process.deliver(user));
      }
    }
  }

  static String name(int user) {
    return "user" + user;
  }

  private Account account(int user) {
    return store
        .account(name(user))
        .orElseGet(() -> store.createAccount(name(user), "secret".toCharArray()));
  }

  /// A message that can be made again from its seed; one in twenty is too big for a group.
  static byte[] mail(long seed) {
    Random random = new Random(seed);
    int size = random.nextInt(20) == 0 ? 60_000 + random.nextInt(60_000) : random.nextInt(4_000);
    StringBuilder mail = new StringBuilder(size + 200);
    mail.append("X-Seed: ").append(seed).append("\r\nFrom: sender").append(seed % 100);
    mail.append(" <s@example.org>\r\nSubject: message ").append(seed % 1_000).append("\r\n\r\n");
    while (mail.length() < size) {
      mail.append(Long.toString(random.nextLong(), 36)).append("\r\n");
    }
    return mail.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void deliver(int user) {
    Random random = new Random();
    Account account = account(user);
    Mailbox inbox = account.mailbox(MailboxName.INBOX).orElseThrow();
    List<Long> own = new ArrayList<>();
    try {
      while (true) {
        long seed = random.nextLong() >>> 1;
        long uid = deliver(account, mail(seed));
        out.println("kept " + user + " " + uid + " " + seed);
        own.add(uid);
        if (random.nextInt(4) == 0) {
          flag(inbox, user, own.get(random.nextInt(own.size())));
        }
        if (random.nextInt(40) == 0) {
          copy(inbox, account, user, own.subList(Math.max(0, own.size() - 20), own.size()));
        }
        if (random.nextInt(10) == 0) {
          expunge(inbox, user, own.remove(random.nextInt(own.size())));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private long deliver(Account account, byte[] mail) throws IOException {
    try (Spool spool = store.spool()) {
      spool.write(mail);
      IncomingMessage message =
          new IncomingMessage(spool, Set.of(), InternalDate.of(Instant.EPOCH));
      return switch (store.deliver(message, List.of(new Recipient(account, TRACE))).getFirst()) {
        case Delivered.Kept(long uid) -> uid;
        case Delivered.NotKept(Refused why) -> throw why;
      };
    }
  }

  private void flag(Mailbox inbox, int user, long uid) {
    inbox.store(UidSet.of(uid), new FlagChange.Add(Set.of(Flag.FLAGGED)), OptionalLong.empty());
    out.println("flagged " + user + " " + uid);
  }

  private void copy(Mailbox inbox, Account account, int user, List<Long> some) {
    Mailbox archive = account.mailbox(MailboxName.of("Archive")).orElseThrow();
    UidSet uids = UidSet.of(some.stream().mapToLong(uid -> uid).toArray());
    for (long uid : inbox.copy(uids, archive).to()) {
      out.println("copied " + user + " " + uid);
    }
  }

  private void expunge(Mailbox inbox, int user, long uid) {
    out.println("expunging " + user + " " + uid);
    inbox.store(UidSet.of(uid), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
    inbox.expunge(UidSet.of(uid));
    out.println("expunged " + user + " " + uid);
  }
}
