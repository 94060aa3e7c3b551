package org.depozit.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.depozit.storage.Refused.Reason;

/// The changes of one proposal while they are put together: gives UIDs, one mod-sequence for each
/// mailbox, the bits of keywords and the numbers of texts, beyond what the ledger knows, which sees
/// the changes only when all are there.
final class Draft {
  /// UIDs stay below 2^31: clients with signed integers exist.
  private static final long LAST_UID = Integer.MAX_VALUE;

  private final Ledger ledger;
  private final StoreLimits limits;
  private final List<Change> changes = new ArrayList<>();
  private final Map<Integer, Filing> filings = new HashMap<>();
  private final Map<Integer, Keywords> keywords = new HashMap<>();
  private final Map<Text, Integer> texts = new HashMap<>();

  private record Text(int account, Change.Dictionary dictionary, String folded) {}

  private record Filing(long uidNext, long modSeq) {}

  Draft(Ledger ledger, StoreLimits limits) {
    this.ledger = ledger;
    this.limits = limits;
  }

  void add(Change change) {
    changes.add(change);
  }

  /// Header fields of a message, if it has any that are noted.
  void note(int mailbox, long uid, Map<NotedField, String> texts) {
    if (!texts.isEmpty()) {
      add(new Change.HeaderNoted(mailbox, uid, texts));
    }
  }

  /// A mailbox made by this proposal.
  void create(Change.MailboxCreated made) {
    filings.put(made.mailbox(), new Filing(1, 2));
    keywords.put(made.mailbox(), Keywords.NONE);
    add(made);
  }

  private Filing filing(int mailbox) {
    Filing known = filings.get(mailbox);
    if (known == null) {
      MailboxCounters now = ledger.counters(mailbox);
      known = new Filing(now.uidNext(), now.highestModSeq() + 1);
      filings.put(mailbox, known);
    }
    return known;
  }

  /// The mod-sequence of all that this proposal does in the mailbox.
  ///
  /// @throws Refused NONEXISTENT
  long modSeq(int mailbox) {
    return filing(mailbox).modSeq;
  }

  /// The next UID of the mailbox.
  ///
  /// @throws Refused NONEXISTENT; LIMIT if its UIDs are used up
  long nextUid(int mailbox) {
    return nextUids(mailbox, 1);
  }

  /// The next UIDs of the mailbox, one after the other.
  ///
  /// @return the first of them
  /// @throws Refused NONEXISTENT; LIMIT if its UIDs are used up
  long nextUids(int mailbox, int count) {
    Filing filing = filing(mailbox);
    if (filing.uidNext + count - 1 > LAST_UID) {
      throw new Refused(Reason.LIMIT, "The mailbox has given all its UIDs");
    }
    filings.put(mailbox, new Filing(filing.uidNext + count, filing.modSeq));
    return filing.uidNext;
  }

  /// The bits of flags in the mailbox; new keywords get theirs.
  ///
  /// @throws Refused LIMIT if there are too many keywords, or one is too long; nothing is added
  ///   then
  long bits(int mailbox, Set<Flag> flags) {
    long bits = 0;
    List<Flag> unknown = new ArrayList<>();
    for (Flag flag : flags) {
      long mask = flag.keyword() ? known(mailbox).mask(flag) : FlagBits.system(flag);
      bits |= mask;
      if (mask == 0 && flag.keyword()) {
        unknown.add(flag);
      }
    }
    return unknown.isEmpty() ? bits : bits | named(mailbox, unknown);
  }

  private Keywords known(int mailbox) {
    return keywords.computeIfAbsent(mailbox, ledger::keywords);
  }

  private long named(int mailbox, List<Flag> unknown) {
    Keywords known = known(mailbox);
    if (known.named().size() + unknown.size() > limits.keywordsPerMailbox()) {
      throw new Refused(Reason.LIMIT, "Too many keywords in the mailbox");
    }
    if (unknown.stream().anyMatch(flag -> flag.name().length() > limits.keywordLength())) {
      throw new Refused(Reason.LIMIT, "Keyword too long");
    }
    long bits = 0;
    for (Flag flag : unknown) {
      int bit = FlagBits.FIRST_KEYWORD + known.named().size();
      known = known.with(bit, flag);
      add(new Change.KeywordNamed(mailbox, bit, flag.name()));
      bits |= 1L << bit;
    }
    keywords.put(mailbox, known);
    return bits;
  }

  /// The number of a folded text in a dictionary of the account; 0 for none.
  int text(int account, Change.Dictionary dictionary, Optional<String> folded) {
    return folded.isEmpty() ? 0 : text(new Text(account, dictionary, folded.get()));
  }

  private int text(Text text) {
    Integer drafted = texts.get(text);
    if (drafted != null) {
      return drafted;
    }
    OptionalInt known = ledger.text(text.account, text.dictionary, text.folded);
    if (known.isPresent()) {
      return known.getAsInt();
    }
    int id = ledger.nextText(text.account, text.dictionary);
    texts.put(text, id);
    add(new Change.TextNamed(text.account, text.dictionary, id, text.folded));
    return id;
  }

  /// All of it as one change; empty if there is nothing to do.
  Optional<Change> change() {
    return switch (changes.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(changes.getFirst());
      default -> Optional.of(new Change.Together(changes));
    };
  }
}
