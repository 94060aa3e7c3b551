package org.depozit.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.depozit.storage.CutHistory.Box;
import org.depozit.storage.CutHistory.Deed;
import org.depozit.storage.CutHistory.Filing;
import org.depozit.storage.CutHistory.Letter;
import org.depozit.storage.CutHistory.State;

/// What a session of random work does with messages: they come, are copied, moved and flagged, and
/// go.
final class CutMail {
  private static final byte[] TRACE =
      "Return-Path: <a@example.org>\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> FLAGS =
      List.of("\\Seen", "\\Flagged", "\\Answered", "\\Draft", "$Forwarded", "work", "later");
  private static final int MOST_IN_A_BOX = 25;

  private final CutSession session;
  private final SqlStore store;
  private final CutHistory history;
  private final Random random;

  CutMail(CutSession session) {
    this.session = session;
    this.store = session.store;
    this.history = session.history;
    this.random = session.random;
  }

  private IncomingMessage message(long seed, Set<String> flags) {
    Spool spool = store.spool();
    try {
      spool.write(CutHistory.mail(seed));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new IncomingMessage(
        spool, flags.stream().map(Flag::of).collect(Collectors.toSet()), TestStore.NOON);
  }

  private static void close(IncomingMessage message) {
    try {
      message.content().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void deliver() {
    List<Box> inboxes = new ArrayList<>();
    int count = 1 + random.nextInt(CutWork.ACCOUNTS.size());
    for (String account : CutWork.ACCOUNTS.subList(0, count)) {
      Box inbox = session.inbox(account);
      if (CutSession.enter(inbox)) {
        inboxes.add(inbox);
      }
    }
    try {
      if (!inboxes.isEmpty()) {
        deliver(inboxes);
      }
    } finally {
      inboxes.forEach(inbox -> inbox.lock.readLock().unlock());
    }
  }

  private void deliver(List<Box> inboxes) {
    long seed = history.seed();
    Deed deed = history.begin("delivery");
    List<Recipient> recipients = new ArrayList<>();
    for (Box inbox : inboxes) {
      recipients.add(new Recipient(store.account(inbox.account).orElseThrow(), TRACE));
      deed.filings.add(new Filing(inbox, seed, Set.of()));
    }
    history.enter(deed);
    IncomingMessage message = message(seed, Set.of());
    try {
      List<Long> uids = new ArrayList<>();
      for (Delivered delivered : store.deliver(message, recipients)) {
        switch (delivered) {
          case Delivered.Kept(long uid) -> uids.add(uid);
          case Delivered.NotKept(Refused why) -> throw why;
        }
      }
      history.done(deed, uids);
    } finally {
      close(message);
    }
  }

  private Set<String> someFlags() {
    Set<String> flags = new TreeSet<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      flags.add(FLAGS.get(random.nextInt(FLAGS.size())));
    }
    return flags;
  }

  void append(String account, int count) {
    Box box = session.box(account);
    if (!CutSession.enter(box)) {
      return;
    }
    List<IncomingMessage> messages = new ArrayList<>();
    try {
      Mailbox mailbox = session.mailbox(box);
      Deed deed = history.begin("append");
      for (int i = 0; i < count; i++) {
        Filing filing = new Filing(box, history.seed(), someFlags());
        deed.filings.add(filing);
        messages.add(message(filing.seed(), filing.flags()));
      }
      history.enter(deed);
      history.done(deed, mailbox.append(messages).stream().map(Appended::uid).toList());
    } finally {
      messages.forEach(CutMail::close);
      box.lock.readLock().unlock();
    }
  }

  void copy(String account, boolean move) {
    Box from = session.box(account);
    Box to = session.box(account);
    if (from == to || !CutSession.enter(from)) {
      return;
    }
    if (!CutSession.enter(to)) {
      from.lock.readLock().unlock();
      return;
    }
    List<Letter> letters = session.claim(from, 1 + random.nextInt(4));
    try {
      if (!letters.isEmpty()) {
        copy(from, to, letters, move);
      }
    } finally {
      CutSession.giveBack(letters);
      to.lock.readLock().unlock();
      from.lock.readLock().unlock();
    }
  }

  private void copy(Box from, Box to, List<Letter> letters, boolean move) {
    Mailbox source = session.mailbox(from);
    Mailbox destination = session.mailbox(to);
    Deed deed = history.begin(move ? "move" : "copy");
    for (Letter letter : letters) {
      deed.filings.add(new Filing(to, letter.seed, letter.flags()));
      if (move) {
        deed.removed.add(letter);
        letter.removed = deed;
      }
    }
    history.enter(deed);
    UidSet uids = CutSession.uids(letters);
    Copied copied = move ? source.move(uids, destination) : source.copy(uids, destination);
    if (copied.from().length != letters.size()) {
      throw new IllegalStateException(deed + ": not all were there: " + letters);
    }
    List<Long> to2 = new ArrayList<>();
    for (long uid : copied.to()) {
      to2.add(uid);
    }
    history.done(deed, to2);
  }

  void flag(String account) {
    Box box = session.box(account);
    if (!CutSession.enter(box)) {
      return;
    }
    List<Letter> letters = session.claim(box, 1 + random.nextInt(4));
    try {
      if (!letters.isEmpty()) {
        flag(box, letters, change());
      }
    } finally {
      CutSession.giveBack(letters);
      box.lock.readLock().unlock();
    }
  }

  private FlagChange change() {
    Set<Flag> flags = someFlags().stream().map(Flag::of).collect(Collectors.toSet());
    return switch (random.nextInt(3)) {
      case 0 -> new FlagChange.Add(flags);
      case 1 -> new FlagChange.Remove(flags);
      default -> new FlagChange.Replace(flags);
    };
  }

  private void flag(Box box, List<Letter> letters, FlagChange change) {
    Mailbox mailbox = session.mailbox(box);
    Deed deed = history.begin("flags", true);
    for (Letter letter : letters) {
      letter.states.add(new State(deed, after(letter.flags(), change)));
    }
    history.enter(deed);
    mailbox.store(CutSession.uids(letters), change, OptionalLong.empty());
    history.done(deed);
  }

  private static Set<String> after(Set<String> before, FlagChange change) {
    Set<String> names = new TreeSet<>();
    change.flags().forEach(flag -> names.add(flag.name()));
    Set<String> after = new TreeSet<>(before);
    switch (change) {
      case FlagChange.Add _ -> after.addAll(names);
      case FlagChange.Remove _ -> after.removeAll(names);
      case FlagChange.Replace _ -> {
        return names;
      }
    }
    return after;
  }

  void expunge(String account) {
    Box box = session.box(account);
    if (!CutSession.enter(box)) {
      return;
    }
    int many =
        (int)
            Math.max(
                0, box.letters.stream().filter(l -> l.removed == null).count() - MOST_IN_A_BOX);
    List<Letter> letters = session.claim(box, many + 1 + random.nextInt(3));
    try {
      if (!letters.isEmpty()) {
        flag(box, letters, new FlagChange.Add(Set.of(Flag.DELETED)));
        Deed deed = removing("expunge", letters);
        session.mailbox(box).expunge(CutSession.uids(letters));
        history.done(deed);
      }
    } finally {
      CutSession.giveBack(letters);
      box.lock.readLock().unlock();
    }
  }

  private Deed removing(String what, List<Letter> letters) {
    Deed deed = history.begin(what);
    for (Letter letter : letters) {
      deed.removed.add(letter);
      letter.removed = deed;
    }
    return history.enter(deed);
  }

  /// A POP3 session: it reads, deletes and ends in order.
  void pop3(String account) {
    Box inbox = session.inbox(account);
    if (!CutSession.enter(inbox)) {
      return;
    }
    List<Letter> letters = session.claim(inbox, 1 + random.nextInt(3));
    try {
      store
          .account(account)
          .orElseThrow()
          .lockMaildrop()
          .ifPresent(drop -> {
            try (drop) {
              pop3(drop, letters);
            }
          });
    } finally {
      CutSession.giveBack(letters);
      inbox.lock.readLock().unlock();
    }
  }

  private void pop3(Maildrop drop, List<Letter> letters) {
    if (!drop.items().isEmpty()) {
      drop.accessed(1 + random.nextInt(drop.items().size()));
    }
    Set<Maildrop.Item> items =
        drop.items().stream()
            .filter(item -> letters.stream().anyMatch(letter -> letter.uid == item.uid()))
            .collect(Collectors.toSet());
    if (!letters.isEmpty()) {
      Deed deed = removing("POP3 update", letters);
      drop.remove(items);
      history.done(deed);
    }
  }

  /// Is told what a CONDSTORE session is told.
  void look(String account) {
    Box box = session.box(account);
    if (!CutSession.enter(box)) {
      return;
    }
    try {
      if (random.nextInt(3) == 0) {
        MailboxStatus status =
            store.account(account).orElseThrow().status(MailboxName.of(box.name())).orElseThrow();
        box.told.put(history.tick(), new CutHistory.Told(status.uidNext(), status.highestModSeq()));
        return;
      }
      Mailbox mailbox = session.mailbox(box);
      View view = mailbox.view();
      mailbox.awaitForced(view);
      box.told.put(history.tick(), new CutHistory.Told(view.uidNext(), view.highestModSeq()));
      for (int i = 0; i < 3 && view.count() > 0; i++) {
        int position = random.nextInt(view.count());
        box.seen.add(
            new CutHistory.Seen(
                history.tick(),
                view.uid(position),
                view.modSeq(position),
                CutCheck.names(view, position)));
      }
    } finally {
      box.lock.readLock().unlock();
    }
  }
}
