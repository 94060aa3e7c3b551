package org.depozit.pop3;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.depozit.storage.Account;
import org.depozit.storage.Delivered;
import org.depozit.storage.Doorbell;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxEntry;
import org.depozit.storage.MailboxName;
import org.depozit.storage.MailboxStatus;
import org.depozit.storage.Maildrop;
import org.depozit.storage.PasswordHash;
import org.depozit.storage.Recipient;
import org.depozit.storage.SpecialUse;
import org.depozit.storage.Spool;
import org.depozit.storage.Store;

/// The real store, but for what the maildrop is that a login locks: so that a disk can fail, and a
/// maildrop be larger than a test can fill.
///
/// @param real what does everything else
/// @param maildrop what whoever logs in finds
record StagedStore(Store real, Maildrop maildrop) implements Store {
  @Override
  public Optional<Account> login(String name, char[] password) {
    return real.login(name, password).map(account -> new StagedAccount(account, maildrop));
  }

  @Override
  public Optional<Account> account(String name) {
    return real.account(name);
  }

  @Override
  public Optional<Account> recipient(String address) {
    return real.recipient(address);
  }

  @Override
  public List<String> accountNames() {
    return real.accountNames();
  }

  @Override
  public Account createAccount(String name, char[] password) {
    return real.createAccount(name, password);
  }

  @Override
  public Account createAccount(String name, PasswordHash hash) {
    return real.createAccount(name, hash);
  }

  @Override
  public void setPassword(String name, char[] password) {
    real.setPassword(name, password);
  }

  @Override
  public void removeAccount(String name) {
    real.removeAccount(name);
  }

  @Override
  public Spool spool() {
    return real.spool();
  }

  @Override
  public List<Delivered> deliver(IncomingMessage message, List<Recipient> recipients) {
    return real.deliver(message, recipients);
  }

  @Override
  public Doorbell doorbell() {
    return real.doorbell();
  }

  @Override
  public void close() {
    real.close();
  }

  private record StagedAccount(Account real, Maildrop maildrop) implements Account {
    @Override
    public Optional<Maildrop> lockMaildrop() {
      return Optional.of(maildrop);
    }

    @Override
    public long id() {
      return real.id();
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public List<MailboxEntry> mailboxes() {
      return real.mailboxes();
    }

    @Override
    public Optional<Mailbox> mailbox(MailboxName name) {
      return real.mailbox(name);
    }

    @Override
    public Optional<MailboxStatus> status(MailboxName name) {
      return real.status(name);
    }

    @Override
    public void create(MailboxName name, Optional<SpecialUse> specialUse) {
      real.create(name, specialUse);
    }

    @Override
    public void delete(MailboxName name) {
      real.delete(name);
    }

    @Override
    public void rename(MailboxName from, MailboxName to) {
      real.rename(from, to);
    }

    @Override
    public void subscribe(MailboxName name) {
      real.subscribe(name);
    }

    @Override
    public void unsubscribe(MailboxName name) {
      real.unsubscribe(name);
    }

    @Override
    public Set<MailboxName> subscriptions() {
      return real.subscriptions();
    }
  }
}
