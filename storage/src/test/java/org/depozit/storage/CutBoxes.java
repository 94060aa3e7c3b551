package org.depozit.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/// What a session of random work does with mailboxes as a whole: it makes, renames and deletes some
/// of its own, and subscribes to them.
final class CutBoxes {
  private final CutSession session;
  private final SqlStore store;
  private final CutHistory history;
  private final Random random;
  private final List<Box> own = new ArrayList<>();
  private final Map<String, Subscription> subscriptions = new HashMap<>();
  private int names;

  CutBoxes(CutSession session) {
    this.session = session;
    this.store = session.store;
    this.history = session.history;
    this.random = session.random;
  }

  void make(String account) {
    boolean below = !own.isEmpty() && random.nextInt(3) == 0;
    Box parent = below ? own.get(random.nextInt(own.size())) : null;
    String in = parent == null ? account : parent.account;
    String name =
        (parent == null ? "" : parent.name() + "/") + "s" + session.number + "-" + names++ % 5;
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

  void rename() {
    if (own.isEmpty()) {
      return;
    }
    Box head = own.get(random.nextInt(own.size()));
    List<Box> family = family(head);
    try {
      String from = head.name();
      String to = "s" + session.number + "r" + names++;
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
  void renameInbox(String account) {
    Box inbox = session.inbox(account);
    if (inbox.lock.writeLock().tryLock()) {
      List<Letter> letters = session.claim(inbox, Integer.MAX_VALUE);
      try {
        renameInbox(account, letters);
      } finally {
        CutSession.giveBack(letters);
        inbox.lock.writeLock().unlock();
      }
    }
  }

  private void renameInbox(String account, List<Letter> letters) {
    String name = "s" + session.number + "i" + names++;
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

  void drop() {
    if (own.isEmpty()) {
      return;
    }
    Box box = own.remove(random.nextInt(own.size()));
    box.lock.writeLock().lock();
    try {
      session.forget(box);
      Deed deed = history.begin("delete " + box.name());
      box.dropped = deed;
      history.enter(deed);
      store.account(box.account).orElseThrow().delete(MailboxName.of(box.name()));
      history.done(deed);
    } finally {
      box.lock.writeLock().unlock();
    }
  }

  void subscribe(String account) {
    String name = "s" + session.number + "-" + random.nextInt(4);
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
}
