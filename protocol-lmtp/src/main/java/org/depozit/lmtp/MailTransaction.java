package org.depozit.lmtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.depozit.storage.Account;
import org.depozit.storage.Delivered;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.InternalDate;
import org.depozit.storage.Recipient;
import org.depozit.storage.Spool;
import org.depozit.storage.Store;

/// What MAIL has begun: a sender and the recipients so far. RFC 5321 §3.3, RFC 2033 §4.2.
final class MailTransaction {
  private final Optional<MailAddress> sender;
  private final boolean utf8;
  private final List<Accepted> accepted = new ArrayList<>();

  /// A recipient that was told 250.
  private record Accepted(MailAddress address, Account account) {}

  MailTransaction(Optional<MailAddress> sender, boolean utf8) {
    this.sender = sender;
    this.utf8 = utf8;
  }

  /// The sender; empty for the null path.
  Optional<MailAddress> sender() {
    return sender;
  }

  /// Whether SMTPUTF8 was given.
  boolean utf8() {
    return utf8;
  }

  /// How many recipients were accepted, each of whom gets a reply of its own.
  int recipients() {
    return accepted.size();
  }

  /// Takes one more recipient.
  ///
  /// @throws Rejected if there is no such user, or there are too many
  void add(MailAddress recipient, Store store, int most) throws Rejected {
    if (!recipient.ascii() && !utf8) {
      throw new Rejected(Reply.NEEDS_SMTPUTF8);
    }
    if (accepted.size() >= most) {
      throw new Rejected(Reply.TOO_MANY_RECIPIENTS);
    }
    Account account =
        store.recipient(recipient.plain()).orElseThrow(() -> new Rejected(Reply.UNKNOWN_USER));
    accepted.add(new Accepted(recipient, account));
  }

  /// Delivers to all of them.
  ///
  /// @return a reply for each, in the order of their RCPT commands
  List<Reply> deliver(Store store, Spool content, TraceHeaders trace) {
    IncomingMessage message = new IncomingMessage(content, Set.of(), InternalDate.of(trace.time()));
    List<Recipient> recipients =
        accepted.stream().map(one -> new Recipient(one.account, trace.of(one.address))).toList();
    return store.deliver(message, recipients).stream().map(one -> reply(one, trace.id())).toList();
  }

  private static Reply reply(Delivered delivered, String id) {
    return switch (delivered) {
      case Delivered.Kept _ -> Reply.kept(id);
      case Delivered.NotKept(var why) -> Reply.of(why.reason());
    };
  }
}
