package org.depozit.storage;

import java.util.List;
import java.util.Optional;

/// The one store of mail. Every call may come from any thread; a call that writes has happened,
/// durably, when it returns (flag changes: see [Mailbox#store]). Calls throw [Refused] when the
/// store says no.
public interface Store extends AutoCloseable {
  /// The account of this name and password; empty if there is none or the password is wrong, which
  /// takes the same time. Burns processor time (argon2id) under a permit of a bounded pool.
  ///
  /// @param name compared by i;unicode-casemap
  /// @param password not kept, not changed
  Optional<Account> login(String name, char[] password);

  /// The account of this name.
  Optional<Account> account(String name);

  /// The account that gets mail for the address: the one named like the whole address, else like
  /// its local part.
  ///
  /// @param address without angle brackets
  Optional<Account> recipient(String address);

  /// The names of all accounts, sorted.
  List<String> accountNames();

  /// Makes an account with INBOX, Drafts, Sent, Junk, Trash and Archive (RFC 6154), subscribed.
  ///
  /// @throws Refused ALREADY_EXISTS, CANNOT (a bad name), LIMIT
  Account createAccount(String name, char[] password);

  /// Makes an account whose password is known by its hash only: one that moves over from another
  /// server.
  ///
  /// @throws Refused ALREADY_EXISTS, CANNOT (a bad name), LIMIT
  Account createAccount(String name, PasswordHash hash);

  /// Sets another password.
  ///
  /// @throws Refused NONEXISTENT
  void setPassword(String name, char[] password);

  /// Removes the account and all of its mail.
  ///
  /// @throws Refused NONEXISTENT
  void removeAccount(String name);

  /// A place where a message's octets wait while they come in.
  Spool spool();

  /// Delivers one message to the INBOX of each recipient, one copy of the content for all. RFC 2033
  /// §4.2.
  ///
  /// @param message its flags and internal date hold for each copy
  /// @param recipients at least one; the same account may stand there twice and gets two copies
  /// @return one result for each recipient, in order
  List<Delivered> deliver(IncomingMessage message, List<Recipient> recipients);

  /// Rings when a mailbox changes.
  Doorbell doorbell();

  /// Forces what is written, takes a checkpoint and closes. Calls after it are refused with
  /// UNAVAILABLE.
  @Override
  void close();
}
