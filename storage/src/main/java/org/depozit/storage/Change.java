package org.depozit.storage;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// One word for every write. The records hold absolute values, so that applying one twice is
/// applying it once: one switch applies it to SQL, one to the index state, one codec writes it to
/// the log, and the compiler finds what a new operation forgot. Arrays in the records are never
/// written to after construction.
sealed interface Change {
  /// Several changes that happen together or not at all, in this order.
  record Together(List<Change> changes) implements Change {
    public Together {
      changes = List.copyOf(changes);
    }
  }

  /// A new account.
  record AccountCreated(int account, String name, String passwordHash, long createdAt)
      implements Change {}

  /// Another password.
  record PasswordSet(int account, String passwordHash) implements Change {}

  /// The account is gone; the removals of its mailboxes stand beside this change.
  record AccountRemoved(int account) implements Change {}

  /// A new, empty mailbox. The special use is its attribute without the backslash, or empty.
  record MailboxCreated(int mailbox, int account, String name, long uidValidity, String specialUse)
      implements Change {}

  /// Another name for the mailbox.
  record MailboxRenamed(int mailbox, String name) implements Change {}

  /// The mailbox is gone, and all its messages with it.
  record MailboxDeleted(int mailbox) implements Change {}

  /// A name subscribed to, or no longer.
  record Subscribed(int account, String name, boolean subscribed) implements Change {}

  /// A keyword's bit in a mailbox, 5 to 62.
  record KeywordNamed(int mailbox, int bit, String name) implements Change {}

  /// Which dictionary of an account.
  enum Dictionary {
    /// Whole decoded, folded texts of From. Apart from those of recipients, since there are few of
    /// them and they are asked for most.
    SENDER,
    /// Whole decoded, folded texts of To, Cc, Bcc.
    RECIPIENT,
    /// Whole decoded, folded subjects.
    SUBJECT
  }

  /// A new text in a dictionary of the account; ids count from 1 within account and dictionary, 0
  /// means that the field is absent.
  record TextNamed(int account, Dictionary dictionary, int id, String text) implements Change {}

  /// Where a body stands: a segment of the store, and octets in it.
  record BodyPlace(long segment, long offset, long length) {}

  /// The shared part of a message: written once however many mailboxes have it.
  ///
  /// @param sha256 of the content without trace headers
  /// @param structure the encoded body structure
  record MessageStored(
      long message,
      BodyPlace place,
      byte[] sha256,
      byte[] structure,
      String messageId,
      String baseSubject)
      implements Change {}

  /// A message in a mailbox: delivered, appended, copied or moved in.
  ///
  /// @param flags see [View#flagBits]
  /// @param internalDate [InternalDate#packed]
  /// @param savedAt epoch second when it came into this mailbox (RFC 8514)
  /// @param sentDay epoch day of its Date: field as written; [Integer#MIN_VALUE] if there is none
  /// @param size octets as served, trace headers included
  /// @param prefix the trace headers of this copy
  /// @param envelope the rendered ENVELOPE
  /// @param from id in the account's SENDER dictionary of the whole field; to, cc, bcc in
  ///   RECIPIENT's; 0 if absent
  /// @param subject id in the account's SUBJECT dictionary; 0 if absent
  record MessageFiled(
      int mailbox,
      long uid,
      long modSeq,
      long message,
      long flags,
      long internalDate,
      long savedAt,
      int sentDay,
      long size,
      byte[] prefix,
      byte[] envelope,
      int from,
      int to,
      int cc,
      int bcc,
      int subject)
      implements Change {

    /// The same message in a mailbox under another UID.
    MessageFiled copied(int to, long newUid, long newModSeq, long newFlags, long savedThen) {
      return new MessageFiled(
          to,
          newUid,
          newModSeq,
          message,
          newFlags,
          internalDate,
          savedThen,
          sentDay,
          size,
          prefix,
          envelope,
          from,
          this.to,
          cc,
          bcc,
          subject);
    }

    /// The same message with other flags since a mod-sequence.
    MessageFiled changed(long newModSeq, long newFlags) {
      return copied(mailbox, uid, newModSeq, newFlags, savedAt);
    }

    /// The same row by the numbers that another store gave to its mailbox and message.
    MessageFiled numbered(int otherMailbox, long otherMessage) {
      return new MessageFiled(
          otherMailbox,
          uid,
          modSeq,
          otherMessage,
          flags,
          internalDate,
          savedAt,
          sentDay,
          size,
          prefix,
          envelope,
          from,
          to,
          cc,
          bcc,
          subject);
    }
  }

  /// Very many messages copied: what the rows of the originals hold, under new UIDs.
  ///
  /// @param uids of the originals in the mailbox `from`
  /// @param firstUid of the first copy in the mailbox `to`; the others follow one by one
  /// @param savedAt epoch second
  /// @param flags of each copy, in the bits of the mailbox `to`
  record Copied(
      int from, UidSet uids, int to, long firstUid, long modSeq, long savedAt, long[] flags)
      implements Change {

    /// The UIDs of the originals, ascending.
    long[] originals() {
      long[] originals = new long[flags.length];
      int count = 0;
      for (int range = 0; range < uids.ranges(); range++) {
        for (long uid = uids.first(range); uid <= uids.last(range); uid++) {
          originals[count++] = uid;
        }
      }
      return originals;
    }

    /// Which of the originals a UID is, from 0; empty if it is none.
    OptionalInt at(long uid) {
      return uids.contains(uid)
          ? OptionalInt.of(Math.toIntExact(uids.below(uid)))
          : OptionalInt.empty();
    }

    /// The UID of the last copy.
    long lastUid() {
      return firstUid + flags.length - 1;
    }
  }

  /// The header fields of a message that are searched by rows: folded, as [NotedField] tells.
  record HeaderNoted(int mailbox, long uid, Map<NotedField, String> texts) implements Change {
    public HeaderNoted {
      texts = Map.copyOf(texts);
    }
  }

  /// New flags of messages: `flags[i]` for `uids[i]`, ascending.
  record FlagsSet(int mailbox, long modSeq, long[] uids, long[] flags) implements Change {}

  /// Messages gone from a mailbox.
  record Expunged(int mailbox, long modSeq, UidSet uids) implements Change {}

  /// A POP3 unique id other than the one made from UIDVALIDITY and UID (imported from another
  /// server).
  record UidlSet(int mailbox, long uid, String uidl) implements Change {}

  /// The highest UID that POP3 sessions have accessed in the account's maildrop (LAST, RFC 1460).
  record MaildropAccessed(int account, long uid) implements Change {}

  /// Facts that hold already and are written to the log again, since the segment in which they
  /// stood goes: changes with the values of this moment. For the rows, the views and the counters
  /// nothing happens, but that a [MessageStored] tells a new place of its body; it is [Rebuild]
  /// that needs them (`docs/adr/0009-space.md`).
  record Carried(List<Change> facts) implements Change {
    public Carried {
      facts = List.copyOf(facts);
    }
  }

  /// A segment whose facts were carried forward is deleted: it is not missing.
  ///
  /// @param first the sequence number of its first group
  /// @param last of its last one
  record SegmentDropped(long segment, long first, long last) implements Change {}

  /// The last number given in each row of numbers. Only among [Carried] facts.
  record NumbersGiven(long account, long mailbox, long message, long uidValidity)
      implements Change {}

  /// How far a mailbox's own numbers have come, also those of messages that left nothing behind.
  /// Among [Carried] facts, or alone when they jump because a mailbox was restored.
  record MailboxReached(int mailbox, long uidNext, long highestModSeq) implements Change {}
}
