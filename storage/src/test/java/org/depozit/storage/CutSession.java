package org.depozit.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.depozit.storage.CutHistory.Box;
import org.depozit.storage.CutHistory.Letter;

/// What a session of random work has in hands: the mailboxes that it holds open, and the messages
/// that are its own for a moment. One thread, but for the locks of mailboxes and messages.
final class CutSession {
  final SqlStore store;
  final CutHistory history;
  final int number;
  final Random random;
  private final Map<Box, Mailbox> open = new HashMap<>();

  CutSession(SqlStore store, CutHistory history, int number, long seed) {
    this.store = store;
    this.history = history;
    this.number = number;
    this.random = new Random(seed);
  }

  /// The mailbox is gone.
  void forget(Box box) {
    open.remove(box);
  }

  Box inbox(String account) {
    return history.boxes(account).stream()
        .filter(box -> box.name().equals("INBOX"))
        .findFirst()
        .orElseThrow();
  }

  /// INBOX, or any.
  Box box(String account) {
    List<Box> boxes = new ArrayList<>(history.boxes(account));
    return random.nextBoolean() ? inbox(account) : boxes.get(random.nextInt(boxes.size()));
  }

  /// Takes part in what happens in a mailbox.
  ///
  /// @return false if somebody does something with the mailbox as a whole
  static boolean enter(Box box) {
    if (box.lock.readLock().tryLock()) {
      if (box.dropped == null) {
        return true;
      }
      box.lock.readLock().unlock();
    }
    return false;
  }

  /// The mailbox, held open now and then.
  Mailbox mailbox(Box box) {
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

  /// Messages that nobody else does something with now; to be given back.
  List<Letter> claim(Box box, int most) {
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

  static UidSet uids(List<Letter> letters) {
    return UidSet.of(letters.stream().mapToLong(letter -> letter.uid).toArray());
  }

  static void giveBack(List<Letter> letters) {
    letters.forEach(letter -> letter.lock.unlock());
  }
}
