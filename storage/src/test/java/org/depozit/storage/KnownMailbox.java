package org.depozit.storage;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A mailbox as clients know it.
///
/// @param highest its HIGHESTMODSEQ
/// @param messages by UID
record KnownMailbox(long uidValidity, long uidNext, long highest, Map<Long, Mail> messages) {
  /// A message as clients know it.
  record Mail(String octets, Set<String> flags, InternalDate date) {}

  /// All mailboxes of an account, by name.
  static Map<String, KnownMailbox> all(Store store, String name) {
    Account account = store.account(name).orElseThrow();
    Map<String, KnownMailbox> all = new TreeMap<>();
    for (MailboxEntry entry : account.mailboxes()) {
      all.put(entry.name().value(), of(account.mailbox(entry.name()).orElseThrow()));
    }
    return all;
  }

  private static KnownMailbox of(Mailbox mailbox) {
    View view = mailbox.view();
    Map<Long, Mail> messages = new TreeMap<>();
    for (int i = 0; i < view.count(); i++) {
      Set<String> flags = new TreeSet<>();
      view.flags(view.flagBits(i)).forEach(flag -> flags.add(flag.name()));
      String octets = TestStore.text(mailbox, view.uid(i)).orElseThrow();
      messages.put(view.uid(i), new Mail(octets, flags, view.internalDate(i)));
    }
    return new KnownMailbox(view.uidValidity(), view.uidNext(), view.highestModSeq(), messages);
  }

  /// The same with the numbers of a backup, which nobody has been told.
  static Map<String, KnownMailbox> jumped(Map<String, KnownMailbox> mailboxes) {
    Map<String, KnownMailbox> jumped = new TreeMap<>();
    mailboxes.forEach((name, box) ->
        jumped.put(
            name,
            new KnownMailbox(
                box.uidValidity,
                box.uidNext + Backup.JUMP,
                box.highest + Backup.JUMP,
                box.messages)));
    return jumped;
  }
}
