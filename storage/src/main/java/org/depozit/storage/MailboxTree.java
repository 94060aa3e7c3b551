package org.depozit.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.depozit.storage.Loads.MailboxRow;
import org.depozit.storage.Refused.Reason;

/// The mailboxes of an account by their names: what CREATE, DELETE and RENAME propose. RFC 9051
/// §6.3.4 to §6.3.6. A parent may be only implied by its children, without a row: when it was
/// deleted and they stayed.
final class MailboxTree {
  private final int account;
  private final StoreLimits limits;

  MailboxTree(int account, StoreLimits limits) {
    this.account = account;
    this.limits = limits;
  }

  /// Makes a mailbox and the parents that are missing.
  Outcome<MailboxName> create(Ledger ledger, MailboxName name, Optional<SpecialUse> specialUse) {
    requireInbox(ledger);
    if (find(ledger, name).isPresent()) {
      throw new Refused(Reason.ALREADY_EXISTS, "There is such a mailbox already");
    }
    Draft draft = new Draft(ledger, limits);
    int made = createParents(ledger, draft, name);
    create(ledger, draft, name, specialUse.map(use -> use.attribute().substring(1)).orElse(""));
    requireRoom(ledger, made + 1);
    return new Outcome<>(draft.change(), name, true);
  }

  /// Removes a mailbox; its children stay.
  Outcome<MailboxName> delete(Ledger ledger, MailboxName name) {
    if (name.inbox()) {
      throw new Refused(Reason.CANNOT, "INBOX cannot be deleted");
    }
    Optional<MailboxRow> row = find(ledger, name);
    if (row.isEmpty()) {
      throw children(ledger, name).isEmpty() ? missing() : hasChildren();
    }
    return Outcome.forced(new Change.MailboxDeleted(row.get().id()), name);
  }

  /// Renames a mailbox and all below it. Each keeps its number, UIDVALIDITY and UIDs.
  Outcome<MailboxName> rename(Ledger ledger, MailboxName from, MailboxName to) {
    requireFree(ledger, from, to);
    List<MailboxRow> moving = new ArrayList<>(children(ledger, from));
    find(ledger, from).ifPresent(moving::add);
    if (moving.isEmpty()) {
      throw missing();
    }
    Draft draft = new Draft(ledger, limits);
    requireRoom(ledger, createParents(ledger, draft, to));
    for (MailboxRow row : moving) {
      MailboxName name = MailboxName.of(to.value() + row.name().substring(from.value().length()));
      // Names of those who move away are free.
      if (find(ledger, name).filter(there -> !moving.contains(there)).isPresent()) {
        throw new Refused(Reason.ALREADY_EXISTS, "There is such a mailbox already");
      }
      draft.add(new Change.MailboxRenamed(row.id(), name.value()));
    }
    return new Outcome<>(draft.change(), to, true);
  }

  /// Moves all messages of INBOX into a new mailbox; what is below INBOX stays.
  Outcome<MailboxName> renameInbox(Ledger ledger, OpenMailbox inbox, MailboxName to) {
    requireFree(ledger, MailboxName.INBOX, to);
    Draft draft = new Draft(ledger, limits);
    int made = createParents(ledger, draft, to);
    int mailbox = create(ledger, draft, to, "");
    requireRoom(ledger, made + 1);
    new Copying(ledger, draft, limits, inbox.mailbox(), mailbox)
        .move(ledger.view(inbox.mailbox()).present(UidSet.ALL));
    return new Outcome<>(draft.change(), to, true);
  }

  private void requireFree(Ledger ledger, MailboxName from, MailboxName to) {
    requireInbox(ledger);
    if (find(ledger, to).isPresent()) {
      throw new Refused(Reason.ALREADY_EXISTS, "There is such a mailbox already");
    }
    if (!from.inbox() && to.below(from)) {
      throw new Refused(Reason.CANNOT, "A mailbox cannot be moved below itself");
    }
  }

  /// An account without INBOX is no more.
  private void requireInbox(Ledger ledger) {
    if (find(ledger, MailboxName.INBOX).isEmpty()) {
      throw new Refused(Reason.NONEXISTENT, "The account is gone");
    }
  }

  private void requireRoom(Ledger ledger, int more) {
    int have = ledger.ask(connection -> Loads.countMailboxes(connection, account));
    if (have + more > limits.mailboxesPerAccount()) {
      throw new Refused(Reason.LIMIT, "Too many mailboxes");
    }
  }

  /// Makes the parents that have no row, the highest first.
  ///
  /// @return how many
  private int createParents(Ledger ledger, Draft draft, MailboxName name) {
    List<MailboxName> missing = new ArrayList<>();
    Optional<MailboxName> parent = name.parent();
    while (parent.isPresent()) {
      if (find(ledger, parent.get()).isEmpty()) {
        missing.addFirst(parent.get());
      }
      parent = parent.get().parent();
    }
    missing.forEach(one -> create(ledger, draft, one, ""));
    return missing.size();
  }

  private int create(Ledger ledger, Draft draft, MailboxName name, String specialUse) {
    int mailbox = ledger.numbers().nextMailbox();
    draft.create(
        new Change.MailboxCreated(
            mailbox, account, name.value(), ledger.numbers().nextUidValidity(), specialUse));
    return mailbox;
  }

  private Optional<MailboxRow> find(Ledger ledger, MailboxName name) {
    return ledger.ask(connection -> Loads.mailbox(connection, account, name.value()));
  }

  private List<MailboxRow> children(Ledger ledger, MailboxName name) {
    return ledger.ask(connection -> Loads.below(connection, account, name.value()));
  }

  private static Refused missing() {
    return new Refused(Reason.NONEXISTENT, "There is no such mailbox");
  }

  private static Refused hasChildren() {
    return new Refused(Reason.HAS_CHILDREN, "The name has children and is no mailbox itself");
  }
}
