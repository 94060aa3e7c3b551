package org.depozit.storage;

import java.util.List;
import java.util.Random;
import org.depozit.storage.CutHistory.Box;
import org.depozit.storage.CutHistory.Deed;

/// One session of random work on a store, all of it told to the history. What two sessions would do
/// to one message they do one after the other, so that the history knows what is to be; on one
/// mailbox they work at once.
final class CutWork {
  static final List<String> ACCOUNTS = List.of("ana", "ion", "eva");

  private final Random random;
  private final CutMail mail;
  private final CutBoxes boxes;

  CutWork(SqlStore store, CutHistory history, int number, long seed) {
    CutSession session = new CutSession(store, history, number, seed);
    this.random = session.random;
    this.mail = new CutMail(session);
    this.boxes = new CutBoxes(session);
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
      case 0, 1, 2, 3, 4 -> mail.deliver();
      case 5, 6, 7 -> mail.append(account, 1);
      case 8 -> mail.append(account, 2 + random.nextInt(3));
      case 9, 10, 11 -> mail.copy(account, false);
      case 12, 13, 14 -> mail.copy(account, true);
      case 15, 16, 17, 18, 19, 20 -> mail.flag(account);
      case 21, 22 -> mail.expunge(account);
      case 23 -> mail.pop3(account);
      case 24 -> boxes.make(account);
      case 25 -> boxes.rename();
      case 26 -> boxes.drop();
      case 27 -> boxes.subscribe(account);
      case 28 -> boxes.renameInbox(account);
      default -> mail.look(account);
    }
  }
}
