package org.depozit.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.depozit.storage.Account;
import org.depozit.storage.Flag;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxName;
import org.depozit.storage.Refused;
import org.depozit.storage.Spool;
import org.depozit.storage.Store;

/// Takes messages into the store in batches, so that many share one force; a batch that the store
/// refuses is taken one by one, so that only the bad ones stay out.
final class StoreIntake implements Intake {
  private static final int BATCH = 200;
  private static final long BATCH_OCTETS = 4L << 20;

  private final Store store;
  private final Account account;
  private final List<ImportedMail> batch = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private Optional<Mailbox> mailbox = Optional.empty();
  private String mailboxName = "";
  private String unfit = "";
  private long octets;
  private long taken;

  StoreIntake(Store store, Account account) {
    this.store = store;
    this.account = account;
  }

  @Override
  public void take(ImportedMail mail) {
    if (!mail.mailbox().equals(mailboxName)) {
      flush();
      mailbox = opened(mail.mailbox());
      mailboxName = mail.mailbox();
    }
    if (mailbox.isEmpty()) {
      failures.add(mail.named() + ": " + unfit);
      return;
    }
    batch.add(mail);
    octets += mail.octets().length;
    if (batch.size() >= BATCH || octets >= BATCH_OCTETS) {
      flush();
    }
  }

  /// The mailbox, made if it is missing; empty if the store would have none of that name, and then
  /// [#unfit] says why.
  private Optional<Mailbox> opened(String written) {
    try {
      return Optional.of(opened(MailboxName.of(written)));
    } catch (Refused e) {
      if (e.reason() == Refused.Reason.UNAVAILABLE) {
        throw e;
      }
      unfit = e.getMessage() + ": " + written;
      return Optional.empty();
    }
  }

  private Mailbox opened(MailboxName name) {
    Optional<Mailbox> there = account.mailbox(name);
    if (there.isPresent()) {
      return there.get();
    }
    account.create(name, Optional.empty());
    account.subscribe(name);
    return account
        .mailbox(name)
        .orElseThrow(() -> new Refused(Refused.Reason.NONEXISTENT, "The mailbox went away"));
  }

  private void flush() {
    if (!batch.isEmpty()) {
      Mailbox into = mailbox.orElseThrow();
      if (!together(into)) {
        batch.forEach(mail -> alone(into, mail));
      }
      batch.clear();
      octets = 0;
    }
  }

  private boolean together(Mailbox into) {
    List<Spool> spools = new ArrayList<>();
    try {
      List<IncomingMessage> messages = new ArrayList<>();
      for (ImportedMail mail : batch) {
        messages.add(incoming(mail, spools));
      }
      into.append(messages);
      taken += batch.size();
      return true;
    } catch (Refused e) {
      if (e.reason() == Refused.Reason.UNAVAILABLE) {
        throw e;
      }
      return false;
    } finally {
      spools.forEach(StoreIntake::close);
    }
  }

  private void alone(Mailbox into, ImportedMail mail) {
    List<Spool> spools = new ArrayList<>();
    try {
      into.append(incoming(mail, spools));
      taken++;
    } catch (Refused e) {
      failures.add(mail.named() + ": " + e.getMessage());
    } finally {
      spools.forEach(StoreIntake::close);
    }
  }

  private IncomingMessage incoming(ImportedMail mail, List<Spool> spools) {
    Spool spool = store.spool();
    spools.add(spool);
    try {
      spool.write(mail.octets());
    } catch (IOException e) {
      throw new Refused(Refused.Reason.UNAVAILABLE, "The spool cannot be written", e);
    }
    Set<Flag> flags =
        mail.flags().stream().map(Flag::of).collect(Collectors.toCollection(LinkedHashSet::new));
    return new IncomingMessage(spool, flags, mail.date());
  }

  private static void close(Spool spool) {
    try {
      spool.close();
    } catch (IOException e) {
      throw new Refused(Refused.Reason.UNAVAILABLE, "The spool cannot be closed", e);
    }
  }

  @Override
  public List<String> failures() {
    return failures;
  }

  @Override
  public long taken() {
    return taken;
  }

  @Override
  public void finish() {
    flush();
  }
}
