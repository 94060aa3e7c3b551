package org.depozit.storage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.depozit.mime.MessageParser;
import org.depozit.storage.Change.Dictionary;
import org.depozit.storage.Refused.Reason;

/// How a message comes in. Before the writer sees it, on the session's own thread: sealed, read
/// once by the parser under a permit for each processor, hashed. In the writer: a place for its
/// body, numbers for its texts, a UID in each mailbox. The body is kept once however many mailboxes
/// get it.
final class Delivery {
  private static final byte[] NO_PREFIX = {};

  private final StoreLimits limits;
  private final MessageParser parser = new MessageParser();
  private final Semaphore permits = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  /// Whose mailbox gets a copy, under which trace headers.
  record Target(int account, int mailbox, byte[] prefix) {}

  Delivery(StoreLimits limits) {
    this.limits = limits;
  }

  /// Reads and hashes a message; a big body is on the disk after it.
  ///
  /// @throws Refused TOO_BIG, UNAVAILABLE
  Prepared prepare(IncomingMessage message) {
    HeapOrFileSpool spool = spool(message);
    if (spool.tooBig()) {
      throw new Refused(Reason.TOO_BIG, "The message is too big");
    }
    spool.seal();
    permits.acquireUninterruptibly();
    try {
      return Prepared.of(message, spool, parser.parse(spool.octets()));
    } finally {
      permits.release();
    }
  }

  private static HeapOrFileSpool spool(IncomingMessage message) {
    return switch (message.content()) {
      case HeapOrFileSpool spool -> spool;
    };
  }

  /// What a delivery to several mailboxes comes to: those that cannot have it are told so, the
  /// others get it.
  Outcome<List<Delivered>> deliver(Ledger ledger, Prepared message, List<Target> targets) {
    Draft draft = new Draft(ledger, limits);
    List<Delivered> results = new ArrayList<>();
    Optional<Long> stored = Optional.empty();
    for (Target target : targets) {
      try {
        long bits = draft.bits(target.mailbox, message.flags());
        long uid = draft.nextUid(target.mailbox);
        long id = stored.isPresent() ? stored.get() : store(ledger, draft, message);
        stored = Optional.of(id);
        draft.add(filed(draft, message, id, target, uid, bits));
        draft.note(target.mailbox, uid, message.noted());
        results.add(new Delivered.Kept(uid));
      } catch (Refused refused) {
        results.add(new Delivered.NotKept(refused));
      }
    }
    return stored.isEmpty()
        ? Outcome.nothing(List.copyOf(results))
        : new Outcome<>(draft.change(), List.copyOf(results), true);
  }

  /// What adding messages to a mailbox comes to: all or none.
  Outcome<List<Appended>> append(Ledger ledger, List<Prepared> messages, int account, int mailbox) {
    Draft draft = new Draft(ledger, limits);
    long uidValidity = ledger.counters(mailbox).uidValidity();
    Target target = new Target(account, mailbox, NO_PREFIX);
    List<Appended> appended = new ArrayList<>();
    for (Prepared message : messages) {
      long bits = draft.bits(mailbox, message.flags());
      long uid = draft.nextUid(mailbox);
      draft.add(filed(draft, message, store(ledger, draft, message), target, uid, bits));
      draft.note(mailbox, uid, message.noted());
      appended.add(new Appended(uidValidity, uid));
    }
    return new Outcome<>(draft.change(), List.copyOf(appended), true);
  }

  private static long store(Ledger ledger, Draft draft, Prepared message) {
    long id = ledger.numbers().nextMessage();
    draft.add(
        new Change.MessageStored(
            id,
            ledger.keep(message.spool()),
            message.sha256(),
            message.structure(),
            message.messageId(),
            message.baseSubject()));
    return id;
  }

  private static Change.MessageFiled filed(
      Draft draft, Prepared message, long id, Target target, long uid, long bits) {
    int account = target.account;
    return new Change.MessageFiled(
        target.mailbox,
        uid,
        draft.modSeq(target.mailbox),
        id,
        bits,
        message.internalDate().packed(),
        Instant.now().getEpochSecond(),
        message.sentDay(),
        target.prefix.length + message.length(),
        target.prefix,
        message.envelope(),
        draft.text(account, Dictionary.SENDER, message.from()),
        draft.text(account, Dictionary.RECIPIENT, message.to()),
        draft.text(account, Dictionary.RECIPIENT, message.cc()),
        draft.text(account, Dictionary.RECIPIENT, message.bcc()),
        draft.text(account, Dictionary.SUBJECT, message.subject()));
  }
}
