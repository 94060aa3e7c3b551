package org.depozit.imap.command;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.storage.MailboxEntry;
import org.depozit.storage.MailboxName;

/// LSUB: the names subscribed to. RFC 3501 §6.3.9. With special uses, since Outlook looks for them
/// here.
record Lsub(String reference, String name) implements ImapCommand {
  static final Spec SPEC = Spec.of("LSUB", State.AFTER_LOGIN, Lsub::read);

  private static Lsub read(Args args, Session session) throws IOException {
    args.sp();
    String reference = args.astring();
    args.sp();
    String name = args.listMailbox();
    args.end();
    return new Lsub(reference, name);
  }

  @Override
  public String run(Session session) throws IOException {
    Map<MailboxName, MailboxEntry> existing =
        session.account().mailboxes().stream()
            .collect(Collectors.toMap(MailboxEntry::name, Function.identity()));
    for (Map.Entry<MailboxName, Boolean> one :
        matches(session.account().subscriptions()).entrySet()) {
      Optional<MailboxEntry> entry = Optional.ofNullable(existing.get(one.getKey()));
      String attributes = attributes(entry, one.getValue());
      session.responses().untagged(ListMailboxes.line("LSUB", attributes, one.getKey()));
    }
    return "LSUB completed";
  }

  /// The names to show, and whether each is itself subscribed to: where `%` hides a name that is,
  /// its parent stands for it, `\Noselect`.
  private Map<MailboxName, Boolean> matches(Set<MailboxName> subscribed) {
    ListPattern pattern = ListPattern.of(reference, name);
    Map<MailboxName, Boolean> matches = new TreeMap<>(ListMailboxes.inboxFirst());
    for (MailboxName one : subscribed) {
      if (pattern.matches(one)) {
        matches.put(one, true);
      } else if (name.endsWith("%")) {
        one.parent()
            .flatMap(parent -> nearest(pattern, parent))
            .ifPresent(it -> matches.putIfAbsent(it, false));
      }
    }
    return matches;
  }

  /// The nearest of the name and those above it that matches.
  private static Optional<MailboxName> nearest(ListPattern pattern, MailboxName name) {
    Optional<MailboxName> one = Optional.of(name);
    while (one.isPresent() && !pattern.matches(one.get())) {
      one = one.get().parent();
    }
    return one;
  }

  private static String attributes(Optional<MailboxEntry> entry, boolean subscribed) {
    if (!subscribed || entry.isEmpty()) {
      return "\\Noselect";
    }
    return entry.get().specialUse().map(use -> use.attribute()).orElse("");
  }
}
