package org.depozit.storage;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One user's mailboxes. A light handle: any thread, no closing.
public interface Account {
  /// The store's number of the account, never reused.
  long id();

  /// The name the account was made with.
  String name();

  /// All mailboxes, sorted by name, INBOX first. Parents that are only implied have no entry.
  List<MailboxEntry> mailboxes();

  /// Opens a mailbox: loads its index state unless somebody has it open.
  Optional<Mailbox> mailbox(MailboxName name);

  /// The counters of a mailbox, without loading it.
  Optional<MailboxStatus> status(MailboxName name);

  /// Makes a mailbox and the parents that are missing.
  ///
  /// @throws Refused ALREADY_EXISTS, CANNOT, LIMIT
  void create(MailboxName name, Optional<SpecialUse> specialUse);

  /// Removes a mailbox and its messages; children stay (RFC 9051 §6.3.5).
  ///
  /// @throws Refused NONEXISTENT, CANNOT (INBOX), HAS_CHILDREN (it is only implied by its children)
  void delete(MailboxName name);

  /// Renames a mailbox and all below it; renaming INBOX moves its messages into a new mailbox and
  /// leaves it empty (RFC 9051 §6.3.6). Missing parents of the new name are made.
  ///
  /// @throws Refused NONEXISTENT, ALREADY_EXISTS, CANNOT
  void rename(MailboxName from, MailboxName to);

  /// Adds the name to the subscriptions, whether such a mailbox exists or not.
  void subscribe(MailboxName name);

  /// Takes the name off the subscriptions; no error if it was not among them.
  void unsubscribe(MailboxName name);

  /// The subscribed names, sorted; a name stays when its mailbox goes (RFC 9051 §6.3.9).
  Set<MailboxName> subscriptions();

  /// Locks INBOX as a POP3 maildrop (RFC 1939 §4): one holder at a time; others, IMAP and delivery
  /// go on.
  ///
  /// @return empty if somebody holds it
  Optional<Maildrop> lockMaildrop();
}
