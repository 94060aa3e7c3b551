package org.depozit.imap.session;

import java.util.Optional;
import org.depozit.imap.syntax.Rejected;
import org.depozit.imap.syntax.SequenceSet;
import org.depozit.storage.Mailbox;
import org.depozit.storage.MailboxName;
import org.depozit.storage.UidSet;
import org.depozit.storage.View;

/// What the session believes of the mailbox it has selected, and what its client has been told: the
/// [Mailbox] is what the store knows, and may be ahead.
///
/// Two versions of the mailbox stand for it, nearly always the same one. The numbering gives
/// message numbers their meaning, and moves on only when EXPUNGE and EXISTS have been told. The
/// told version is the one whose flags the client knows; it moves on also while an EXPUNGE is
/// withheld. Both are shared with every other session that believes the same, and cost a reference
/// each.
///
/// Used by one thread at a time: the connection's own, or the [Pump] while it lives.
public final class Selected {
  private final Mailbox mailbox;
  private final MailboxName name;
  private final boolean readOnly;

  private View numbering;
  private View told;
  private UidSet recent;
  private Optional<OwnChange> own = Optional.empty();

  /// The mailbox as it is now, of which nothing has been told yet.
  ///
  /// @param readOnly whether EXAMINE selected it; it then claims no message as `\Recent`
  public Selected(Mailbox mailbox, MailboxName name, boolean readOnly) {
    this.mailbox = mailbox;
    this.name = name;
    this.readOnly = readOnly;
    this.numbering = mailbox.view();
    this.told = numbering;
    this.recent = readOnly ? mailbox.recent(numbering) : mailbox.claimRecent(numbering);
  }

  /// What the store knows.
  public Mailbox mailbox() {
    return mailbox;
  }

  /// The name it was selected by.
  public MailboxName name() {
    return name;
  }

  /// Whether nothing in it may be changed by this session.
  public boolean readOnly() {
    return readOnly;
  }

  /// Throws NO unless this session may change the mailbox.
  public void requireWritable() {
    if (readOnly) {
      throw Rejected.no("READ-ONLY", "The mailbox was opened by EXAMINE");
    }
  }

  /// The version that message numbers speak of: number n is position n-1. What searches are asked
  /// over.
  public View numbering() {
    return numbering;
  }

  /// The version whose flags and mod-sequences the client has been told, or can work out.
  public View told() {
    return told;
  }

  /// The flags of a message of the numbering, as bits of [#told]: what FETCH shows.
  ///
  /// @param position in the numbering
  public long flagBits(int position) {
    int known = toldPosition(position);
    return known < 0 ? numbering.flagBits(position) : told.flagBits(known);
  }

  /// The mod-sequence of a message of the numbering: what FETCH shows, after [Mailbox#awaitForced].
  ///
  /// @param position in the numbering
  public long modSeq(int position) {
    int known = toldPosition(position);
    return known < 0 ? numbering.modSeq(position) : told.modSeq(known);
  }

  private int toldPosition(int position) {
    return told == numbering ? position : told.position(numbering.uid(position));
  }

  /// The highest mod-sequence that may be told: it never passes an EXPUNGE that is withheld (RFC
  /// 7162 §3.2.5).
  public long highestModSeq() {
    mailbox.awaitForced(told);
    return Math.min(numbering.highestModSeq(), told.highestModSeq());
  }

  /// Whether this session may call the message `\Recent`. RFC 3501 §2.3.2.
  public boolean recent(long uid) {
    return recent.contains(uid);
  }

  /// The UIDs that this session may call `\Recent`.
  public UidSet recent() {
    return recent;
  }

  /// How many messages of the numbering are `\Recent` here.
  public int recentCount() {
    int count = 0;
    for (int range = 0; range < recent.ranges(); range++) {
      count += numbering.ceiling(recent.last(range) + 1) - numbering.ceiling(recent.first(range));
    }
    return count;
  }

  /// The messages that a command names, by UID or by number: [#byUid] or [#byNumber].
  public UidSet messages(SequenceSet set, boolean byUid) {
    return byUid ? byUid(set) : byNumber(set);
  }

  /// The messages of these numbers. UIDs between two neighbours of the numbering are used up, so a
  /// range of numbers is a range of UIDs. Resolving at once is right because a connection runs one
  /// command at a time, and numbers move only between commands.
  ///
  /// @throws Rejected BAD for a number above the highest (RFC 9051 §9, seq-number); where there is
  ///   no message, a range with `*` is empty, since clients open every mailbox with `1:*`
  public UidSet byNumber(SequenceSet set) {
    int count = numbering.count();
    UidSet.Builder uids = new UidSet.Builder();
    for (SequenceSet.Range range : set.ranges()) {
      long high = range.high(count);
      if (count == 0 && range.open()) {
        continue;
      }
      if (high > count) {
        throw Rejected.bad("No message has that number");
      }
      uids.add(numbering.uid((int) range.low(count) - 1), numbering.uid((int) high - 1));
    }
    return uids.build();
  }

  /// These UIDs, as far as the client knows of them: `*` is the highest, and a range that begins
  /// above it still holds it (RFC 9051 §9, seq-range).
  public UidSet byUid(SequenceSet set) {
    UidSet.Builder uids = new UidSet.Builder();
    if (numbering.count() > 0) {
      long highest = numbering.uid(numbering.count() - 1);
      for (SequenceSet.Range range : set.ranges()) {
        long high = Math.min(range.high(highest), highest);
        if (range.low(highest) <= high) {
          uids.add(range.low(highest), high);
        }
      }
    }
    return uids.build();
  }

  /// Tells [Updates] what the running command itself has changed.
  public void own(OwnChange change) {
    own = Optional.of(change);
  }

  /// What the running command has changed; asking forgets it.
  Optional<OwnChange> takeOwn() {
    Optional<OwnChange> change = own;
    own = Optional.empty();
    return change;
  }

  /// The client has been told of every message that came and went up to here.
  void renumbered(View latest) {
    UidSet.Builder both = new UidSet.Builder();
    add(both, recent);
    add(both, readOnly ? mailbox.recent(latest) : mailbox.claimRecent(latest));
    recent = both.build();
    numbering = latest;
  }

  /// The client has been told of every flag up to here.
  void flagsTold(View latest) {
    told = latest;
  }

  private static void add(UidSet.Builder all, UidSet some) {
    for (int range = 0; range < some.ranges(); range++) {
      all.add(some.first(range), some.last(range));
    }
  }
}
