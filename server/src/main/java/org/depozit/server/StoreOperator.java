package org.depozit.server;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.depozit.imap.command.SearchKeys;
import org.depozit.imap.session.Selected;
import org.depozit.storage.Account;
import org.depozit.storage.Found;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxName;
import org.depozit.storage.PasswordHash;
import org.depozit.storage.Refused;
import org.depozit.storage.Return;
import org.depozit.storage.SearchKey;
import org.depozit.storage.SqlStore;
import org.depozit.storage.View;

/// The operator that stands at the store itself.
///
/// @param store what it works on
/// @param owned whether closing the operator closes the store
record StoreOperator(SqlStore store, boolean owned) implements Operator {
  @Override
  public void addUser(String name, char[] password) {
    store.createAccount(name, password);
  }

  @Override
  public void adoptUser(String name, String hash) {
    store.createAccount(name, PasswordHash.of(hash));
  }

  @Override
  public List<String> users() {
    return store.accountNames();
  }

  @Override
  public void setPassword(String name, char[] password) {
    store.setPassword(name, password);
  }

  @Override
  public void removeUser(String name) {
    store.removeAccount(name);
  }

  @Override
  public void search(SearchRequest request, Consumer<String> line) {
    Mailbox mailbox = mailbox(account(request.account()), request.mailbox());
    Selected selected = new Selected(mailbox, MailboxName.of(request.mailbox()), true);
    View view = selected.numbering();
    SearchKey key;
    try {
      key = SearchKeys.program(request.program(), selected);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("the search program cannot be read: " + e.getMessage(), e);
    }
    Set<Return> wanted = EnumSet.of(Return.ALL);
    if (request.explain()) {
      mailbox.explain(view, key, wanted).forEach(line);
      return;
    }
    Found found = mailbox.search(view, key, wanted);
    for (int position : found.positions()) {
      line.accept(MessageLine.of(mailbox, view, position));
    }
  }

  @Override
  public Intake intake(String account) {
    return new StoreIntake(store, account(account));
  }

  @Override
  public void export(String account, Outlet outlet) {
    new StoreExport(account(account)).to(outlet);
  }

  @Override
  public void check(Consumer<String> step, Consumer<String> fault) {
    store.check(step).forEach(each -> fault.accept(each.toString()));
  }

  @Override
  public void backup(
      Path folder, Optional<String> account, Consumer<String> step, Consumer<String> line) {
    BackupLines.of(store.backup(folder, account, step)).forEach(line);
  }

  @Override
  public void restore(
      Path folder, String account, String as, Consumer<String> step, Consumer<String> line) {
    long messages = store.restore(folder, account, as, step);
    line.accept("restored %s: %,d messages".formatted(as, messages));
  }

  private Account account(String name) {
    return store.account(name).orElseThrow(() -> new CommandFailed("there is no user " + name));
  }

  private static Mailbox mailbox(Account account, String name) {
    return account
        .mailbox(MailboxName.of(name))
        .orElseThrow(() -> new Refused(Refused.Reason.NONEXISTENT, "There is no mailbox " + name));
  }

  @Override
  public void close() {
    if (owned) {
      store.close();
    }
  }
}
