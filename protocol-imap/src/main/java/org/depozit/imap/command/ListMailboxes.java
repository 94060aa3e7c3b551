package org.depozit.imap.command;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.imap.syntax.Strings;
import org.depozit.storage.MailboxEntry;
import org.depozit.storage.MailboxName;

/// LIST. RFC 3501 §6.3.8; the children attributes are RFC 3348's, the special-use ones RFC 6154's.
/// Special uses are shown always, since some clients never ask; the selection and the return option
/// SPECIAL-USE are taken too (RFC 6154 §5.2).
record ListMailboxes(String reference, String name, boolean specialUseOnly) implements ImapCommand {
  static final Spec SPEC =
      Spec.of("LIST", State.AFTER_LOGIN, ListMailboxes::read, "CHILDREN", "SPECIAL-USE");

  private static ListMailboxes read(Args args, Session session) throws IOException {
    args.sp();
    boolean specialUseOnly = args.ahead('(');
    if (specialUseOnly) {
      specialUse(args);
      args.sp();
    }
    String reference = args.astring();
    args.sp();
    String name = args.listMailbox();
    if (args.acceptSp()) {
      if (!args.word().equals("RETURN")) {
        throw Rejected.bad("Expected RETURN");
      }
      args.sp();
      specialUse(args);
    }
    args.end();
    return new ListMailboxes(reference, name, specialUseOnly);
  }

  private static void specialUse(Args args) throws IOException {
    args.must('(');
    if (!args.word().equals("SPECIAL-USE")) {
      throw Rejected.bad("No such option");
    }
    args.must(')');
  }

  @Override
  public String run(Session session) throws IOException {
    if (name.isEmpty()) {
      session.responses().untagged("LIST (\\Noselect) \"/\" \"\"");
      return "LIST completed";
    }
    ListPattern pattern = ListPattern.of(reference, name);
    List<MailboxEntry> entries = session.account().mailboxes();
    Set<MailboxName> parents = parents(entries);
    for (Map.Entry<MailboxName, Optional<MailboxEntry>> one :
        hierarchy(entries, parents).entrySet()) {
      boolean wanted =
          !specialUseOnly || one.getValue().flatMap(MailboxEntry::specialUse).isPresent();
      if (wanted && pattern.matches(one.getKey())) {
        String attributes = attributes(one.getValue(), parents.contains(one.getKey()));
        session.responses().untagged(line("LIST", attributes, one.getKey()));
      }
    }
    return "LIST completed";
  }

  /// The line of a mailbox in the answer to LIST or LSUB.
  static String line(String command, String attributes, MailboxName name) {
    return command + " (" + attributes + ") \"/\" " + Strings.mailbox(name);
  }

  /// Every name that has another below it.
  private static Set<MailboxName> parents(List<MailboxEntry> entries) {
    Set<MailboxName> parents = new HashSet<>();
    for (MailboxEntry entry : entries) {
      Optional<MailboxName> parent = entry.name().parent();
      while (parent.isPresent() && parents.add(parent.get())) {
        parent = parent.get().parent();
      }
    }
    return parents;
  }

  /// The mailboxes, and the parents that are only implied, sorted with INBOX first.
  private static Map<MailboxName, Optional<MailboxEntry>> hierarchy(
      List<MailboxEntry> entries, Set<MailboxName> parents) {
    Map<MailboxName, Optional<MailboxEntry>> all = new TreeMap<>(inboxFirst());
    parents.forEach(parent -> all.put(parent, Optional.empty()));
    entries.forEach(entry -> all.put(entry.name(), Optional.of(entry)));
    return all;
  }

  /// INBOX, then the others by name.
  static Comparator<MailboxName> inboxFirst() {
    return Comparator.comparing((MailboxName name) -> !name.inbox())
        .thenComparing(Comparator.naturalOrder());
  }

  private static String attributes(Optional<MailboxEntry> entry, boolean hasChildren) {
    String children = hasChildren ? "\\HasChildren" : "\\HasNoChildren";
    if (entry.isEmpty()) {
      return "\\Noselect " + children;
    }
    return entry.get().specialUse().map(use -> children + " " + use.attribute()).orElse(children);
  }
}
