package org.depozit.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.depozit.storage.Account;
import org.depozit.storage.Content;
import org.depozit.storage.Flag;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxEntry;
import org.depozit.storage.MailboxStatus;
import org.depozit.storage.View;

/// The mail of an account on its way out: every mailbox as it is when its turn comes. What comes
/// later is left out, what goes meanwhile too.
record StoreExport(Account account) {
  void to(Outlet outlet) {
    List<MailboxEntry> mailboxes = account.mailboxes();
    outlet.total(
        mailboxes.stream()
            .flatMap(entry -> account.status(entry.name()).stream())
            .mapToLong(MailboxStatus::octets)
            .sum());
    for (MailboxEntry entry : mailboxes) {
      Optional<Mailbox> mailbox = account.mailbox(entry.name());
      mailbox.ifPresent(there -> export(entry.name().value(), there, outlet));
    }
  }

  private static void export(String name, Mailbox mailbox, Outlet outlet) {
    View view = mailbox.view();
    outlet.mailbox(name, names(view.keywords()));
    for (int position = 0; position < view.count(); position++) {
      long uid = view.uid(position);
      Optional<Content> content = mailbox.content(uid);
      if (content.isPresent()) {
        try (Content octets = content.get();
            InputStream stream = octets.stream()) {
          List<String> flags = names(view.flags(view.flagBits(position)));
          outlet.mail(
              new OutgoingMail(uid, flags, view.internalDate(position), octets.length(), stream));
        } catch (IOException e) {
          throw new CommandFailed("message " + uid + " of " + name + " cannot be read", e);
        }
      }
    }
  }

  private static List<String> names(List<Flag> flags) {
    List<String> names = new ArrayList<>();
    flags.forEach(flag -> names.add(flag.name()));
    return names;
  }
}
