package org.depozit.storage;

import java.util.List;

/// One immutable version of a mailbox: its UIDs in order, and of each message flags, mod-sequence, size and internal
/// date. Sessions share versions: holding one costs a reference. Positions run from 0 to [#count]-1; IMAP's message
/// sequence number is the position plus one and exists only in the protocol. Any thread, no lock.
public final class View {
  /// RFC 9051 §2.3.1.1
  public long uidValidity() { return 0; }
  /// The UID that the next message gets, at least.
  public long uidNext() { return 1; }
  /// The highest mod-sequence of the mailbox. RFC 7162 §3.1.2.1. See [Mailbox#awaitForced] before telling it.
  public long highestModSeq() { return 1; }
  /// How many messages.
  public int count() { return 0; }
  /// How many messages without `\Seen`.
  public int unseen() { return 0; }
  /// The position of the first message without `\Seen`; -1 if there is none.
  public int firstUnseen() { return -1; }
  /// The sum of the sizes in octets.
  public long octets() { return 0; }
  /// The UID at a position; O(log chunks).
  public long uid(int position) { return 0; }
  /// The position of a UID; -1 if it is not in this version. O(log n).
  public int position(long uid) { return -1; }
  /// The first position whose UID is this or higher; [#count] if there is none. O(log n).
  public int ceiling(long uid) { return 0; }
  /// The size in octets as served, trace headers included.
  public long size(int position) { return 0; }
  /// The internal date.
  public InternalDate internalDate(int position) { return new InternalDate(0, 0); }
  /// The message's mod-sequence.
  public long modSeq(int position) { return 0; }
  /// The flags as bits: 0 to 4 the system flags in the order of [Flag#SYSTEM], from 5 on the mailbox's keywords.
  public long flagBits(int position) { return 0; }
  /// The flags that bits mean in this version.
  public List<Flag> flags(long bits) { return List.of(); }
  /// The bit of a flag in this version, as a mask; 0 if no message of the mailbox ever bore it.
  public long mask(Flag flag) { return 0; }
  /// The keywords that the mailbox knows, in the order of their bits.
  public List<Flag> keywords() { return List.of(); }
  /// What has changed from an earlier version of the same mailbox to this one.
  public News since(View earlier) { return new News(UidSet.NONE, UidSet.NONE, 0); }
}
