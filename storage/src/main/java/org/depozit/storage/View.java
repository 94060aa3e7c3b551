package org.depozit.storage;

import java.util.List;

/// One immutable version of a mailbox: its UIDs in order, and of each message flags, mod-sequence,
/// size and internal date. Sessions share versions: holding one costs a reference. Positions run
/// from 0 to [#count]-1; IMAP's message sequence number is the position plus one and exists only in
/// the protocol. Any thread, no lock.
///
/// A version shares with the one it was made from all chunks that the change did not touch
/// ([Chunks]); about 40 octets a message.
public final class View {
  private final int mailbox;
  private final long uidValidity;
  private final long uidNext;
  private final long highestModSeq;
  private final long logPosition;
  private final Keywords keywords;
  private final Chunks chunks;

  View(
      int mailbox,
      long uidValidity,
      long uidNext,
      long highestModSeq,
      long logPosition,
      Keywords keywords,
      Chunks chunks) {
    this.mailbox = mailbox;
    this.uidValidity = uidValidity;
    this.uidNext = uidNext;
    this.highestModSeq = highestModSeq;
    this.logPosition = logPosition;
    this.keywords = keywords;
    this.chunks = chunks;
  }

  /// The first version of a mailbox that has just been made.
  static View empty(int mailbox, long uidValidity) {
    return new View(mailbox, uidValidity, 1, 1, 0, Keywords.NONE, Chunks.NONE);
  }

  /// The version after the change; itself if the change does not concern this mailbox's messages.
  /// Applying a change a second time, or one that the loaded rows already bear, changes nothing.
  View apply(Change change) {
    return switch (change) {
      case Change.Together all -> together(all);
      case Change.KeywordNamed named -> named.mailbox() == mailbox ? with(named) : this;
      case Change.MessageFiled filed -> filed.mailbox() == mailbox ? with(filed) : this;
      case Change.FlagsSet set -> set.mailbox() == mailbox ? with(set) : this;
      case Change.Expunged gone -> gone.mailbox() == mailbox ? without(gone) : this;
      // What it does takes two mailboxes: the ledger works it out by [#with(Change.Copied, View)].
      case Change.Copied _ -> this;
      case Change.AccountCreated _ -> this;
      case Change.PasswordSet _ -> this;
      case Change.AccountRemoved _ -> this;
      case Change.MailboxCreated _ -> this;
      case Change.MailboxRenamed _ -> this;
      case Change.MailboxDeleted _ -> this;
      case Change.Subscribed _ -> this;
      case Change.TextNamed _ -> this;
      case Change.MessageStored _ -> this;
      case Change.HeaderNoted _ -> this;
      case Change.UidlSet _ -> this;
      case Change.MaildropAccessed _ -> this;
      case Change.Carried _ -> this;
      case Change.SegmentDropped _ -> this;
      case Change.NumbersGiven _ -> this;
      case Change.MailboxReached reached ->
          reached.mailbox() == mailbox
              ? next(reached.uidNext(), reached.highestModSeq(), chunks)
              : this;
    };
  }

  private View together(Change.Together all) {
    View view = this;
    for (Change change : all.changes()) {
      view = view.apply(change);
    }
    return view;
  }

  private View with(Change.KeywordNamed named) {
    return new View(
        mailbox,
        uidValidity,
        uidNext,
        highestModSeq,
        logPosition,
        keywords.with(named.bit(), Flag.of(named.name())),
        chunks);
  }

  /// A UID below the highest here that is not here itself has been expunged before the rows were
  /// loaded: its change is an old one.
  private View with(Change.MessageFiled filed) {
    return filed.uid() > chunks.lastUid()
        ? next(filed.uid() + 1, filed.modSeq(), chunks.appended(filed))
        : next(filed.uid() + 1, filed.modSeq(), chunks);
  }

  /// With the copies of messages of another mailbox, or of this one.
  View with(Change.Copied copied, View source) {
    ChunkWriter rows = new ChunkWriter();
    int[] count = {0};
    Present.each(
        source.chunks,
        copied.uids(),
        (chunk, row) -> {
          Facts facts = chunk.facts();
          rows.add(
              new Loads.Row(
                  copied.firstUid() + count[0],
                  copied.modSeq(),
                  copied.flags()[count[0]],
                  facts.internalDate[row],
                  facts.sentDay[row],
                  Integer.toUnsignedLong(facts.size[row]),
                  facts.from[row],
                  facts.subject[row]));
          count[0]++;
        });
    return next(copied.lastUid() + 1, copied.modSeq(), chunks.with(rows.chunks()));
  }

  private View with(Change.FlagsSet set) {
    return next(uidNext, set.modSeq(), chunks.flagged(set));
  }

  private View without(Change.Expunged gone) {
    return next(uidNext, gone.modSeq(), chunks.without(gone.uids()));
  }

  private View next(long newUidNext, long modSeq, Chunks newChunks) {
    return new View(
        mailbox,
        uidValidity,
        Math.max(uidNext, newUidNext),
        Math.max(highestModSeq, modSeq),
        logPosition,
        keywords,
        newChunks);
  }

  /// The same version, known to be in the log up to this position.
  View stamped(long position) {
    return new View(mailbox, uidValidity, uidNext, highestModSeq, position, keywords, chunks);
  }

  /// The position in the log after the last change in this version; see [#stamped].
  long logPosition() {
    return logPosition;
  }

  /// The mailbox's number.
  int mailbox() {
    return mailbox;
  }

  /// RFC 9051 §2.3.1.1
  public long uidValidity() {
    return uidValidity;
  }

  /// The UID that the next message gets, at least.
  public long uidNext() {
    return uidNext;
  }

  /// The highest mod-sequence of the mailbox. RFC 7162 §3.1.2.1. See [Mailbox#awaitForced] before
  /// telling it.
  public long highestModSeq() {
    return highestModSeq;
  }

  /// How many messages.
  public int count() {
    return chunks.count;
  }

  /// How many messages without `\Seen`.
  public int unseen() {
    return chunks.unseen;
  }

  /// How many messages with `\Deleted`.
  int deleted() {
    return chunks.deleted;
  }

  /// The position of the first message without `\Seen`; -1 if there is none.
  public int firstUnseen() {
    return chunks.firstUnseen();
  }

  /// The sum of the sizes in octets.
  public long octets() {
    return chunks.octets;
  }

  /// The UID at a position; O(log chunks).
  public long uid(int position) {
    long place = chunks.place(position);
    return chunks.chunk(place).facts().uid[Chunks.row(place)];
  }

  /// The position of a UID; -1 if it is not in this version. O(log n).
  public int position(long uid) {
    return Math.max(-1, chunks.search(uid));
  }

  /// The first position whose UID is this or higher; [#count] if there is none. O(log n).
  public int ceiling(long uid) {
    int found = chunks.search(uid);
    return found >= 0 ? found : -found - 1;
  }

  /// The size in octets as served, trace headers included.
  public long size(int position) {
    long place = chunks.place(position);
    return Integer.toUnsignedLong(chunks.chunk(place).facts().size[Chunks.row(place)]);
  }

  /// The internal date.
  public InternalDate internalDate(int position) {
    long place = chunks.place(position);
    return InternalDate.unpacked(chunks.chunk(place).facts().internalDate[Chunks.row(place)]);
  }

  /// The message's mod-sequence.
  public long modSeq(int position) {
    long place = chunks.place(position);
    return chunks.chunk(place).marks().modSeq[Chunks.row(place)];
  }

  /// The flags as bits: 0 to 4 the system flags in the order of [Flag#SYSTEM], from 5 on the
  /// mailbox's keywords.
  public long flagBits(int position) {
    long place = chunks.place(position);
    return chunks.chunk(place).marks().flags(Chunks.row(place));
  }

  /// The epoch day of the Date: field; [Integer#MIN_VALUE] if there is none.
  int sentDay(int position) {
    long place = chunks.place(position);
    return chunks.chunk(place).facts().sentDay[Chunks.row(place)];
  }

  /// The id of the From: field in the account's dictionary of senders; 0 if it is absent.
  int from(int position) {
    long place = chunks.place(position);
    return chunks.chunk(place).facts().from[Chunks.row(place)];
  }

  /// The id of the Subject: field in the account's dictionary of subjects; 0 if it is absent.
  int subject(int position) {
    long place = chunks.place(position);
    return chunks.chunk(place).facts().subject[Chunks.row(place)];
  }

  /// The flags that bits mean in this version.
  public List<Flag> flags(long bits) {
    return keywords.flags(bits);
  }

  /// The bit of a flag in this version, as a mask; 0 if no message of the mailbox ever bore it.
  public long mask(Flag flag) {
    return keywords.mask(flag);
  }

  /// The mailbox's keywords with their bits.
  Keywords named() {
    return keywords;
  }

  /// The keywords that the mailbox knows, in the order of their bits.
  public List<Flag> keywords() {
    return keywords.flags();
  }

  /// The rows, for those who scan columns.
  Chunks chunks() {
    return chunks;
  }

  /// The UIDs of the messages that are here, out of these, ascending.
  long[] present(UidSet uids) {
    return Present.of(chunks, uids, 0);
  }

  /// The UIDs of the messages that are here and bear all flags of the mask, out of these,
  /// ascending.
  long[] bearing(UidSet uids, long mask) {
    return Present.of(chunks, uids, mask);
  }

  /// The messages of a set that are here with other flags than somebody expects who knows an
  /// earlier version and a change of flags; those that were not in that version are among them.
  public UidSet unexpected(View earlier, UidSet uids, FlagChange change) {
    long mask = 0;
    for (Flag flag : change.flags()) {
      mask |= mask(flag);
    }
    return Surprises.of(earlier, this, uids, FlagEffect.of(change, mask));
  }

  /// What has changed from an earlier version of the same mailbox to this one.
  public News since(View earlier) {
    return earlier.chunks == chunks ? Difference.NOTHING : Difference.of(earlier.chunks, chunks);
  }
}
