package org.depozit.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.depozit.mime.Casemap;
import org.depozit.storage.Refused.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The accounts of a store: who may log in, who gets mail, and how they come and go. Any thread.
final class Accounts {
  private static final Logger LOGGER = LoggerFactory.getLogger(Accounts.class);

  /// Made for each account. RFC 6154.
  private static final List<SpecialUse> SPECIAL =
      List.of(
          SpecialUse.DRAFTS,
          SpecialUse.SENT,
          SpecialUse.JUNK,
          SpecialUse.TRASH,
          SpecialUse.ARCHIVE);

  private final Workings workings;
  private final Passwords passwords = new Passwords();
  private final boolean hashesUpgraded;

  /// @param hashesUpgraded as [StoreSettings#hashesUpgraded]
  Accounts(Workings workings, boolean hashesUpgraded) {
    this.workings = workings;
    this.hashesUpgraded = hashesUpgraded;
  }

  /// The account of this name and password; see [Store#login].
  Optional<Account> login(String name, char[] password) {
    Optional<Loads.AccountRow> row = row(name);
    boolean fits = passwords.fits(password, row.map(Loads.AccountRow::passwordHash));
    if (fits && hashesUpgraded) {
      row.filter(known -> !passwords.current(known.passwordHash()))
          .ifPresent(known -> upgrade(known, password));
    }
    return fits ? row.flatMap(this::handle) : Optional.empty();
  }

  /// Replaces a hash that came from another server, unless the password was changed meanwhile. A
  /// store that cannot write lets its user in all the same.
  private void upgrade(Loads.AccountRow known, char[] password) {
    String hash = passwords.hash(password);
    try {
      workings
          .commits()
          .submit(ledger -> {
            boolean same = find(ledger, known.name()).filter(known::equals).isPresent();
            return same
                ? Outcome.forced(new Change.PasswordSet(known.id(), hash), known.id())
                : Outcome.nothing(known.id());
          });
    } catch (Refused e) {
      LOGGER.warn(
          "The password hash of account {} stays as it was: {}", known.id(), e.getMessage());
    }
  }

  /// The account of this name.
  Optional<Account> named(String name) {
    return row(name).flatMap(this::handle);
  }

  private Optional<Loads.AccountRow> row(String name) {
    if (!nameable(name)) {
      return Optional.empty();
    }
    String folded = Casemap.fold(name);
    return workings.db().read(connection -> Loads.account(connection, folded));
  }

  private Optional<Account> handle(Loads.AccountRow row) {
    return workings
        .db()
        .read(connection -> Loads.mailbox(connection, row.id(), MailboxName.INBOX.value()))
        .map(inbox -> new SqlAccount(row.id(), row.name(), inbox.id(), workings));
  }

  /// The account that gets mail for the address; see [Store#recipient].
  Optional<Account> recipient(String address) {
    return named(address).or(() -> named(localPart(address)));
  }

  private static String localPart(String address) {
    int at = address.lastIndexOf('@');
    String local = at < 0 ? address : address.substring(0, at);
    boolean quoted = local.length() > 1 && local.startsWith("\"") && local.endsWith("\"");
    return quoted ? local.substring(1, local.length() - 1).replaceAll("\\\\(.)", "$1") : local;
  }

  /// The names of all accounts, sorted.
  List<String> names() {
    return workings.db().read(Loads::accountNames);
  }

  /// Makes an account with INBOX and the mailboxes of RFC 6154, subscribed.
  ///
  /// @throws Refused ALREADY_EXISTS, CANNOT (a bad name), LIMIT
  Account create(String name, char[] password) {
    return create(name, new PasswordHash(passwords.hash(password)));
  }

  /// Makes an account whose password is known by its hash only.
  ///
  /// @throws Refused ALREADY_EXISTS, CANNOT (a bad name), LIMIT
  Account create(String name, PasswordHash hash) {
    mustBeName(name);
    return workings.commits().submit(ledger -> create(ledger, name, hash.text()));
  }

  /// The hash that is kept for an account.
  Optional<String> passwordHash(String name) {
    return row(name).map(Loads.AccountRow::passwordHash);
  }

  /// @throws Refused CANNOT unless an account can have this name
  void mustBeName(String name) {
    if (!nameable(name)) {
      throw new Refused(Reason.CANNOT, "Not an account name");
    }
  }

  private boolean nameable(String name) {
    return !name.isBlank()
        && name.length() <= workings.limits().accountNameLength()
        && name.codePoints().noneMatch(Accounts::unfit);
  }

  private static boolean unfit(int c) {
    return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
  }

  private Outcome<Account> create(Ledger ledger, String name, String hash) {
    if (find(ledger, name).isPresent()) {
      throw new Refused(Reason.ALREADY_EXISTS, "There is such an account already");
    }
    Draft draft = new Draft(ledger, workings.limits());
    int account = ledger.numbers().nextAccount();
    draft.add(new Change.AccountCreated(account, name, hash, Instant.now().getEpochSecond()));
    int inbox = create(ledger, draft, account, MailboxName.INBOX.value(), "");
    for (SpecialUse use : SPECIAL) {
      String called = use.attribute().substring(1);
      create(ledger, draft, account, called, called);
    }
    return new Outcome<>(draft.change(), new SqlAccount(account, name, inbox, workings), true);
  }

  private static int create(Ledger ledger, Draft draft, int account, String name, String use) {
    int mailbox = ledger.numbers().nextMailbox();
    draft.create(
        new Change.MailboxCreated(mailbox, account, name, ledger.numbers().nextUidValidity(), use));
    draft.add(new Change.Subscribed(account, name, true));
    return mailbox;
  }

  private static Optional<Loads.AccountRow> find(Ledger ledger, String name) {
    return ledger.ask(connection -> Loads.account(connection, Casemap.fold(name)));
  }

  private static Loads.AccountRow found(Ledger ledger, String name) {
    return find(ledger, name)
        .orElseThrow(() -> new Refused(Reason.NONEXISTENT, "There is no such account"));
  }

  /// Sets another password.
  ///
  /// @throws Refused NONEXISTENT
  void setPassword(String name, char[] password) {
    String hash = passwords.hash(password);
    workings
        .commits()
        .submit(ledger -> {
          int account = found(ledger, name).id();
          return Outcome.forced(new Change.PasswordSet(account, hash), account);
        });
  }

  /// Removes an account and all of its mail.
  ///
  /// @throws Refused NONEXISTENT
  void remove(String name) {
    workings
        .commits()
        .submit(ledger -> remove(ledger, found(ledger, name).id(), workings.limits()));
  }

  /// Proposes that an account and all its mailboxes go.
  static Outcome<Integer> remove(Ledger ledger, int account, StoreLimits limits) {
    Draft draft = new Draft(ledger, limits);
    ledger
        .ask(connection -> Loads.mailboxes(connection, account))
        .forEach(mailbox -> draft.add(new Change.MailboxDeleted(mailbox.id())));
    draft.add(new Change.AccountRemoved(account));
    return new Outcome<>(draft.change(), account, true);
  }
}
