package org.depozit.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.depozit.storage.SqlStore;
import org.depozit.storage.StoreSettings;

/// What the command line asks of a store. There are two ways: through the admin socket of the
/// server that runs on the data directory, or straight on the store if no server does. Both refuse
/// with [org.depozit.storage.Refused] or [CommandFailed]. Used by one thread.
sealed interface Operator extends AutoCloseable permits StoreOperator, SocketOperator {
  /// The way to the store in this directory.
  static Operator on(Path data) {
    Optional<SocketOperator> running = running(data);
    return running.isPresent()
        ? running.get()
        : new StoreOperator(SqlStore.open(StoreSettings.at(data)), true);
  }

  /// The way through the server that runs on this directory, if one does.
  static Optional<SocketOperator> running(Path data) {
    return Files.exists(Admin.socket(data))
        ? SocketOperator.connect(Admin.socket(data))
        : Optional.empty();
  }

  /// Adds an account.
  void addUser(String name, char[] password);

  /// Adds an account whose password is known by its hash only.
  ///
  /// @param hash as [org.depozit.storage.PasswordHash] reads it
  void adoptUser(String name, String hash);

  /// The names of all accounts.
  List<String> users();

  /// Sets another password.
  void setPassword(String name, char[] password);

  /// Removes an account and all its mail.
  void removeUser(String name);

  /// Runs an IMAP search program over a mailbox and gives the answer line by line.
  void search(SearchRequest request, Consumer<String> line);

  /// Begins taking in messages for an account.
  Intake intake(String account);

  /// Takes out all mail of an account.
  void export(String account, Outlet outlet);

  /// Checks the store while it serves.
  ///
  /// @param step is told what comes next
  /// @param fault is told each fault
  void check(Consumer<String> step, Consumer<String> fault);

  /// Saves all accounts, or one, while the store serves.
  ///
  /// @param folder absolute, and not there yet
  /// @param account whose mail; empty for everybody's
  /// @param line is told what was saved
  void backup(Path folder, Optional<String> account, Consumer<String> step, Consumer<String> line);

  /// Restores one account of a backup.
  ///
  /// @param folder absolute
  /// @param as the account's name from now on
  void restore(
      Path folder, String account, String as, Consumer<String> step, Consumer<String> line);

  @Override
  void close();

  /// A search from the shell.
  ///
  /// @param program as IMAP's SEARCH takes it, `FROM "Cristi"`
  /// @param explain whether to tell the plan instead of the messages
  record SearchRequest(String account, String mailbox, String program, boolean explain) {}
}
