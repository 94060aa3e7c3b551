package org.depozit.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.depozit.storage.CutHistory.Box;
import org.depozit.storage.CutHistory.Deed;
import org.depozit.storage.CutHistory.Filing;
import org.depozit.storage.CutHistory.Letter;
import org.depozit.storage.CutHistory.Name;
import org.depozit.storage.CutHistory.State;
import org.depozit.storage.CutHistory.Subscription;

/// One session of random work on a store, all of it told to the history. What two sessions would do
/// to one message they do one after the other, so that the history knows what is to be; on one
/// mailbox they work at once.
final class CutWork {
  static final List<String> ACCOUNTS = List.of("ana", "ion", "eva");
  private static final byte[] TRACE =
      "Return-Path: <a@example.org>\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> FLAGS =
      List.of("\\Seen", "\\Flagged", "\\Answered", "\\Draft", "$Forwarded", "work", "later");
  private static final int MOST_IN_A_BOX = 25;

  private final SqlStore store;
  private final CutHistory history;
  private final int session;
  private final Random random;
  private final Map<Box, Mailbox> open = new HashMap<>();
  private final List<Box> own = new ArrayList<>();
  private final Map<String, Subscription> subscriptions = new HashMap<>();
  private int names;

  CutWork(SqlStore store, CutHistory history, int session, long seed) {
    this.store = store;
    this.history = history;
    this.session = session;
    this.random = new Random(seed);
  }

  /// Makes the accounts.
  static void makeAccounts(SqlStore store, CutHistory history) {
    for (String name : ACCOUNTS) {
      Deed deed = history.begin("account " + name);
      history.accounts.put(name, history.enter(deed));
      Account account = store.createAccount(name, TestStore.PASSWORD.clone());
      for (MailboxEntry entry : account.mailboxes()) {
        Box box = history.box(name, entry.name().value(), deed);
        box.uidValidity = account.status(entry.name()).orElseThrow().uidValidity();
        box.id = entry.id();
      }
      history.done(deed);
    }
  }

  /// One thing.
  void step() {
    String account = ACCOUNTS.get(random.nextInt(ACCOUNTS.size()));
    switch (random.nextInt(31)) {
      case 0, 1, 2, 3, 4 -> deliver();
      case 5, 6, 7 -> append(account, 1);
      case 8 -> append(account, 2 + random.nextInt(3));
      case 9, 10, 11 -> copy(account, false);
      case 12, 13, 14 -> copy(account, true);
      case 15, 16, 17, 18, 19, 20 -> flag(account);
      case 21, 22 -> expunge(account);
      case 23 -> pop3(account);
      case 24 -> make(account);
      case 25 -> rename();
      case 26 -> drop();
      case 27 -> subscribe(account);
      case 28 -> renameInbox(account);
      default -> look(account);
    }
  }

  private static Box inbox(CutHistory history, String account) {
    return history.boxes(account).stream()
        .filter(box -> box.name().equals("INBOX"))
        .findFirst()
        .orElseThrow();
  }

  private Box box(String account) {
    List<Box> boxes = new ArrayList<>(history.boxes(account));
    return random.nextBoolean() ? inbox(history, account) : boxes.get(random.nextInt(boxes.size()));
  }

  /// Takes part in what happens in a mailbox.
  ///
  /// @return false if somebody does something with the mailbox as a whole
  private static boolean enter(Box box) {
    if (box.lock.readLock().tryLock()) {
      if (box.dropped == null) {
        return true;
      }
      box.lock.readLock().unlock();
    }
    return false;
  }

  /// The mailbox, held open now and then.
  private Mailbox mailbox(Box box) {
    if (random.nextInt(20) == 0) {
      open.clear();
    }
    Mailbox mailbox = open.get(box);
    return mailbox != null ? mailbox : opened(box);
  }

  private Mailbox opened(Box box) {
    Mailbox mailbox =
        store.account(box.account).orElseThrow().mailbox(MailboxName.of(box.name())).orElseThrow();
    open.put(box, mailbox);
    return mailbox;
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

  private void deliver() {
    List<Box> inboxes = new ArrayList<>();
    int count = 1 + random.nextInt(ACCOUNTS.size());
    for (String account : ACCOUNTS.subList(0, count)) {
      Box inbox = inbox(history, account);
      if (enter(inbox)) {
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

  private void append(String account, int count) {
    Box box = box(account);
    if (!enter(box)) {
      return;
    }
    List<IncomingMessage> messages = new ArrayList<>();
    try {
      Mailbox mailbox = mailbox(box);
      Deed deed = history.begin("append");
      for (int i = 0; i < count; i++) {
        Filing filing = new Filing(box, history.seed(), someFlags());
        deed.filings.add(filing);
        messages.add(message(filing.seed(), filing.flags()));
      }
      history.enter(deed);
      history.done(deed, mailbox.append(messages).stream().map(Appended::uid).toList());
    } finally {
      messages.forEach(CutWork::close);
      box.lock.readLock().unlock();
    }
  }

  /// Messages that nobody else does something with now; to be given back.
  private List<Letter> claim(Box box, int most) {
    List<Letter> there =
        new ArrayList<>(box.letters.stream().filter(letter -> letter.removed == null).toList());
    List<Letter> claimed = new ArrayList<>();
    for (int i = 0; i < most && !there.isEmpty(); i++) {
      Letter letter = there.remove(random.nextInt(there.size()));
      if (letter.lock.tryLock()) {
        if (letter.removed == null) {
          claimed.add(letter);
        } else {
          letter.lock.unlock();
        }
      }
    }
    claimed.sort(Comparator.comparingLong(letter -> letter.uid));
    return claimed;
  }

  private static UidSet uids(List<Letter> letters) {
    return UidSet.of(letters.stream().mapToLong(letter -> letter.uid).toArray());
  }

  private static void giveBack(List<Letter> letters) {
    letters.forEach(letter -> letter.lock.unlock());
  }

  private void copy(String account, boolean move) {
    Box from = box(account);
    Box to = box(account);
    if (from == to || !enter(from)) {
      return;
    }
    if (!enter(to)) {
      from.lock.readLock().unlock();
      return;
    }
    List<Letter> letters = claim(from, 1 + random.nextInt(4));
    try {
      if (!letters.isEmpty()) {
        copy(from, to, letters, move);
      }
    } finally {
      giveBack(letters);
      to.lock.readLock().unlock();
      from.lock.readLock().unlock();
    }
  }

  private void copy(Box from, Box to, List<Letter> letters, boolean move) {
    Mailbox source = mailbox(from);
    Mailbox destination = mailbox(to);
    Deed deed = history.begin(move ? "move" : "copy");
    for (Letter letter : letters) {
      deed.filings.add(new Filing(to, letter.seed, letter.flags()));
      if (move) {
        deed.removed.add(letter);
        letter.removed = deed;
      }
    }
    history.enter(deed);
    UidSet uids = uids(letters);
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

  private void flag(String account) {
    Box box = box(account);
    if (!enter(box)) {
      return;
    }
    List<Letter> letters = claim(box, 1 + random.nextInt(4));
    try {
      if (!letters.isEmpty()) {
        flag(box, letters, change());
      }
    } finally {
      giveBack(letters);
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
    Mailbox mailbox = mailbox(box);
    Deed deed = history.begin("flags", true);
    for (Letter letter : letters) {
      letter.states.add(new State(deed, after(letter.flags(), change)));
    }
    history.enter(deed);
    mailbox.store(uids(letters), change, OptionalLong.empty());
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

  private void expunge(String account) {
    Box box = box(account);
    if (!enter(box)) {
      return;
    }
    int many =
        (int)
            Math.max(
                0, box.letters.stream().filter(l -> l.removed == null).count() - MOST_IN_A_BOX);
    List<Letter> letters = claim(box, many + 1 + random.nextInt(3));
    try {
      if (!letters.isEmpty()) {
        flag(box, letters, new FlagChange.Add(Set.of(Flag.DELETED)));
        Deed deed = removing("expunge", letters);
        mailbox(box).expunge(uids(letters));
        history.done(deed);
      }
    } finally {
      giveBack(letters);
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
  private void pop3(String account) {
    Box inbox = inbox(history, account);
    if (!enter(inbox)) {
      return;
    }
    List<Letter> letters = claim(inbox, 1 + random.nextInt(3));
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
      giveBack(letters);
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

  private void make(String account) {
    boolean below = !own.isEmpty() && random.nextInt(3) == 0;
    Box parent = below ? own.get(random.nextInt(own.size())) : null;
    String in = parent == null ? account : parent.account;
    String name = (parent == null ? "" : parent.name() + "/") + "s" + session + "-" + names++ % 5;
    Set<String> there =
        history.boxes(in).stream().map(Box::name).collect(Collectors.toCollection(TreeSet::new));
    for (String above = name; above.contains("/"); ) {
      above = above.substring(0, above.lastIndexOf('/'));
      if (!there.contains(above)) {
        // It would be made too.
        return;
      }
    }
    if (there.contains(name)) {
      return;
    }
    Deed deed = history.begin("create " + name);
    Box box = history.box(in, name, deed);
    history.enter(deed);
    Account handle = store.account(in).orElseThrow();
    handle.create(MailboxName.of(name), java.util.Optional.empty());
    box.uidValidity = handle.status(MailboxName.of(name)).orElseThrow().uidValidity();
    box.id = handle.mailbox(MailboxName.of(name)).orElseThrow().id();
    history.done(deed);
    own.add(box);
  }

  /// A mailbox of this session and all below it, locked.
  private List<Box> family(Box head) {
    List<Box> family = new ArrayList<>();
    for (Box box : own) {
      if (box == head
          || (box.account.equals(head.account) && box.name().startsWith(head.name() + "/"))) {
        box.lock.writeLock().lock();
        family.add(box);
      }
    }
    return family;
  }

  private void rename() {
    if (own.isEmpty()) {
      return;
    }
    Box head = own.get(random.nextInt(own.size()));
    List<Box> family = family(head);
    try {
      String from = head.name();
      String to = "s" + session + "r" + names++;
      Deed deed = history.begin("rename " + from + " to " + to);
      family.forEach(
          box -> box.names.add(new Name(deed, to + box.name().substring(from.length()))));
      history.enter(deed);
      store.account(head.account).orElseThrow().rename(MailboxName.of(from), MailboxName.of(to));
      history.done(deed);
    } finally {
      family.forEach(box -> box.lock.writeLock().unlock());
    }
  }

  /// All of INBOX goes into a mailbox that is made, and INBOX stays. RFC 9051 §6.3.6.
  private void renameInbox(String account) {
    Box inbox = inbox(history, account);
    if (inbox.lock.writeLock().tryLock()) {
      List<Letter> letters = claim(inbox, Integer.MAX_VALUE);
      try {
        renameInbox(account, letters);
      } finally {
        giveBack(letters);
        inbox.lock.writeLock().unlock();
      }
    }
  }

  private void renameInbox(String account, List<Letter> letters) {
    String name = "s" + session + "i" + names++;
    Deed deed = history.begin("rename INBOX to " + name);
    Box box = history.box(account, name, deed);
    for (Letter letter : letters) {
      deed.filings.add(new Filing(box, letter.seed, letter.flags()));
      deed.removed.add(letter);
      letter.removed = deed;
    }
    history.enter(deed);
    Account handle = store.account(account).orElseThrow();
    handle.rename(MailboxName.INBOX, MailboxName.of(name));
    Mailbox mailbox = handle.mailbox(MailboxName.of(name)).orElseThrow();
    View view = mailbox.view();
    List<Long> uids = new ArrayList<>();
    for (int position = 0; position < view.count(); position++) {
      uids.add(view.uid(position));
    }
    if (uids.size() != letters.size()) {
      throw new IllegalStateException(deed + ": " + letters + " became " + uids);
    }
    box.uidValidity = view.uidValidity();
    box.id = mailbox.id();
    history.done(deed, uids);
    own.add(box);
  }

  private void drop() {
    if (own.isEmpty()) {
      return;
    }
    Box box = own.remove(random.nextInt(own.size()));
    box.lock.writeLock().lock();
    try {
      open.remove(box);
      Deed deed = history.begin("delete " + box.name());
      box.dropped = deed;
      history.enter(deed);
      store.account(box.account).orElseThrow().delete(MailboxName.of(box.name()));
      history.done(deed);
    } finally {
      box.lock.writeLock().unlock();
    }
  }

  private void subscribe(String account) {
    String name = "s" + session + "-" + random.nextInt(4);
    Subscription subscription =
        subscriptions.computeIfAbsent(account + "/" + name, _ -> subscription(account, name));
    boolean on = random.nextBoolean();
    Deed deed = history.enter(history.begin((on ? "subscribe " : "unsubscribe ") + name));
    subscription.states().add(new State(deed, on ? Set.of(name) : Set.of()));
    Account handle = store.account(account).orElseThrow();
    if (on) {
      handle.subscribe(MailboxName.of(name));
    } else {
      handle.unsubscribe(MailboxName.of(name));
    }
    history.done(deed);
  }

  private Subscription subscription(String account, String name) {
    Subscription made =
        new Subscription(account, name, new java.util.concurrent.CopyOnWriteArrayList<>());
    history.subscriptions.add(made);
    return made;
  }

  /// Is told what a CONDSTORE session is told.
  private void look(String account) {
    Box box = box(account);
    if (!enter(box)) {
      return;
    }
    try {
      if (random.nextInt(3) == 0) {
        MailboxStatus status =
            store.account(account).orElseThrow().status(MailboxName.of(box.name())).orElseThrow();
        box.told.put(history.tick(), new CutHistory.Told(status.uidNext(), status.highestModSeq()));
        return;
      }
      Mailbox mailbox = mailbox(box);
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
