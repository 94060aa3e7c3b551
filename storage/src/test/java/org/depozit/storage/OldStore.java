package org.depozit.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// A small store as a fixture for the versions to come, and what it holds, told through the store's
/// public door. It uses only what the first version that opened a store had, so that it compiles
/// beside each of them.
///
/// `OldStore DIRECTORY` makes `DIRECTORY/clean` and `DIRECTORY/unclean`, the second as if the
/// process had been killed with changes in its log that no checkpoint has, each with a file `told`
/// of what was acknowledged.
final class OldStore {
  private static final Flag WORK = Flag.of("$work");
  private static final InternalDate NOON = InternalDate.of(Instant.parse("2026-11-20T12:00:00Z"));

  private final SqlStore store;
  private int made;

  private OldStore(SqlStore store) {
    this.store = store;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    Path clean = directory.resolve("clean");
    try (SqlStore store = SqlStore.open(StoreSettings.at(clean))) {
      new OldStore(store).fill();
      Files.write(directory.resolve("told"), told(store));
    }
    Files.move(directory.resolve("told"), clean.resolve("told"));
    Path open = directory.resolve("open");
    copy(clean, open);
    try (SqlStore store = SqlStore.open(StoreSettings.at(open))) {
      new OldStore(store).change();
      copy(open, directory.resolve("unclean"));
      Files.write(directory.resolve("unclean").resolve("told"), told(store));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private Mailbox mailbox(String account, String name) {
    Account owner =
        store
            .account(account)
            .orElseGet(() -> store.createAccount(account, "secret".toCharArray()));
    if (owner.mailbox(MailboxName.of(name)).isEmpty()) {
      owner.create(MailboxName.of(name), Optional.empty());
    }
    return owner.mailbox(MailboxName.of(name)).orElseThrow();
  }

  private void fill() throws IOException {
    Mailbox inbox = mailbox("ana", "INBOX");
    Mailbox work = mailbox("ana", "Work/2026");
    for (int i = 0; i < 10; i++) {
      append(inbox, mail("Cristi " + i % 3, "Ana", "number " + i), i % 2 == 0 ? Flag.SEEN : WORK);
    }
    append(inbox, mail("Big", "Ana", "big") + "x".repeat(100_000));
    append(inbox, mail("Long", "r".repeat(6_000), "s".repeat(6_000)), Flag.FLAGGED);
    append(inbox, "Nothing but a body\r\n");
    deliver("Received: by x\r\n", mail("Dan", "Ana, Ion", "to two"));
    inbox.copy(UidSet.range(2, 5), work);
    inbox.store(UidSet.range(3, 4), new FlagChange.Add(Set.of(Flag.DELETED)), OptionalLong.empty());
    inbox.expunge(UidSet.ALL);
    store.account("ana").orElseThrow().subscribe(MailboxName.of("elsewhere"));
  }

  /// What a second opening of the store does.
  private void change() throws IOException {
    made = 100;
    Mailbox inbox = mailbox("ana", "INBOX");
    append(inbox, mail("Elena", "Maria", "later"));
    deliver("Received: by y\r\n", mail("Elena", "Maria, Ion", "later to two"));
    inbox.store(
        UidSet.of(1), new FlagChange.Replace(Set.of(Flag.ANSWERED, WORK)), OptionalLong.empty());
    inbox.move(UidSet.of(2), mailbox("ana", "Moved"));
    mailbox("ion", "New");
  }

  private String mail(String from, String to, String subject) {
    made++;
    return "From: "
        + from
        + " <f@example.org>\r\nTo: "
        + to
        + " <t@example.org>\r\nCc: Copy "
        + made % 2
        + " <c@example.org>\r\nSubject: "
        + subject
        + "\r\nDate: Fri, 20 Nov 2026 10:00:00 +0200\r\nMessage-ID: <"
        + made
        + "@example.org>\r\nIn-Reply-To: <r"
        + made
        + "@example.org>\r\n\r\nHello, "
        + made
        + "\r\n";
  }

  private void append(Mailbox mailbox, String text, Flag... flags) throws IOException {
    try (Spool spool = spool(text)) {
      mailbox.append(new IncomingMessage(spool, Set.of(flags), NOON));
    }
  }

  private void deliver(String trace, String text) throws IOException {
    mailbox("ion", "INBOX");
    byte[] prefix = trace.getBytes(StandardCharsets.US_ASCII);
    List<Recipient> recipients =
        Stream.of("ana", "ion")
            .map(name -> new Recipient(store.account(name).orElseThrow(), prefix))
            .toList();
    try (Spool spool = spool(text)) {
      store.deliver(new IncomingMessage(spool, Set.of(), NOON), recipients);
    }
  }

  private Spool spool(String text) throws IOException {
    Spool spool = store.spool();
    spool.write(text.getBytes(StandardCharsets.UTF_8));
    return spool;
  }

  /// All that the store holds: a line for each account, mailbox and message.
  static List<String> told(SqlStore store) {
    List<String> told = new ArrayList<>();
    for (String name : store.accountNames()) {
      Account account = store.login(name, "secret".toCharArray()).orElseThrow();
      told.add("account " + name + " subscribed to " + account.subscriptions());
      for (MailboxEntry entry : account.mailboxes()) {
        account.mailbox(entry.name()).ifPresent(mailbox -> tell(entry, mailbox, told));
      }
    }
    return told;
  }

  private static void tell(MailboxEntry entry, Mailbox mailbox, List<String> told) {
    View view = mailbox.view();
    told.add(
        "mailbox %s %s UIDVALIDITY %d UIDNEXT %d HIGHESTMODSEQ %d, %d messages, %d unseen"
            .formatted(
                entry.name(),
                entry.specialUse(),
                view.uidValidity(),
                view.uidNext(),
                view.highestModSeq(),
                view.count(),
                view.unseen()));
    for (int position = 0; position < view.count(); position++) {
      told.add(
          "message %d %s MODSEQ %d %s %d octets %s envelope and structure %s"
              .formatted(
                  view.uid(position),
                  view.flags(view.flagBits(position)),
                  view.modSeq(position),
                  view.internalDate(position),
                  view.size(position),
                  content(mailbox, view.uid(position)),
                  rows(mailbox, view.uid(position))));
    }
  }

  private static String content(Mailbox mailbox, long uid) {
    try (Content content = mailbox.content(uid).orElseThrow()) {
      return content.prefixLength() + " " + hash(content.bytes());
    }
  }

  private static String rows(Mailbox mailbox, long uid) {
    return mailbox.fetch(new long[] {uid}, Set.of(Column.ENVELOPE, Column.STRUCTURE)).stream()
        .map(row -> hash(row.envelope()) + " " + hash(row.structure().orElseThrow().encode()))
        .findFirst()
        .orElse("none");
  }

  private static String hash(byte[] octets) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
