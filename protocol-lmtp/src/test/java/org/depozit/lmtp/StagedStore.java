package org.depozit.lmtp;

import java.util.List;
import java.util.Optional;
import org.depozit.storage.Account;
import org.depozit.storage.Delivered;
import org.depozit.storage.Doorbell;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.PasswordHash;
import org.depozit.storage.Recipient;
import org.depozit.storage.Refused;
import org.depozit.storage.Spool;
import org.depozit.storage.Store;

/// The real store, but for what becomes of deliveries: so that a disk can fail for some and not for
/// others.
///
/// @param real what does everything else
/// @param fate of the recipients, in turn: `KEPT`, a [Refused.Reason] for one of them, `REFUSED` or
///   `FAULT` for all
record StagedStore(Store real, List<String> fate) implements Store {
  @Override
  public List<Delivered> deliver(IncomingMessage message, List<Recipient> recipients) {
    if (fate.getFirst().equals("REFUSED")) {
      throw new Refused(Refused.Reason.UNAVAILABLE, "The disk is full");
    }
    if (fate.getFirst().equals("FAULT")) {
      throw new IllegalStateException("a fault");
    }
    return fate.stream().map(StagedStore::delivered).toList();
  }

  private static Delivered delivered(String fate) {
    return fate.equals("KEPT")
        ? new Delivered.Kept(1)
        : new Delivered.NotKept(new Refused(Refused.Reason.valueOf(fate), "No"));
  }

  @Override
  public Optional<Account> login(String name, char[] password) {
    return real.login(name, password);
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
  public Doorbell doorbell() {
    return real.doorbell();
  }

  @Override
  public void close() {
    real.close();
  }
}
