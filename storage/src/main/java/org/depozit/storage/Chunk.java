package org.depozit.storage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Some hundred consecutive messages of a [View], immutable, with their sums. At least one message.
///
/// Those of a flat save keep their columns as they stand in the file until somebody looks at one:
/// the first SELECT of a large mailbox looks at the sums of all and the rows of one.
final class Chunk {
  /// Messages in a full chunk.
  static final int CAPACITY = 512;

  static final long SEEN = 1L;
  static final long DELETED = 1L << Flag.SYSTEM.indexOf(Flag.DELETED);
  private static final int SMALLEST = 8;
  private static final byte[] NONE = {};

  final int count;
  final int unseen;
  final int deleted;
  final long octets;
  final long highestModSeq;
  private final int firstUid;
  private final int lastUid;

  /// Null until somebody looks at them.
  private volatile @Nullable Columns columns;

  /// The columns as a flat save has them, or none.
  private byte[] saved;

  private record Columns(Facts facts, Marks marks) {}

  /// The sums are those of the first `count` rows.
  Chunk(
      Facts facts,
      Marks marks,
      int count,
      int unseen,
      int deleted,
      long octets,
      long highestModSeq) {
    this.count = count;
    this.unseen = unseen;
    this.deleted = deleted;
    this.octets = octets;
    this.highestModSeq = highestModSeq;
    this.firstUid = facts.uid[0];
    this.lastUid = facts.uid[Math.max(0, count - 1)];
    this.columns = new Columns(facts, marks);
    this.saved = NONE;
  }

  /// A chunk of a flat save.
  ///
  /// @param saved the columns, one after the other ([Facts#read], [Marks#read]); the chunk's own
  Chunk(byte[] saved, int count, int unseen, int deleted, long octets, long highestModSeq) {
    this.count = count;
    this.unseen = unseen;
    this.deleted = deleted;
    this.octets = octets;
    this.highestModSeq = highestModSeq;
    this.firstUid = Facts.savedUid(saved, 0);
    this.lastUid = Facts.savedUid(saved, count - 1);
    this.saved = saved;
  }

  Facts facts() {
    return columns().facts;
  }

  Marks marks() {
    return columns().marks;
  }

  private Columns columns() {
    Columns now = columns;
    return now == null ? unpacked() : now;
  }

  /// Once, since what never changes is compared by identity.
  private synchronized Columns unpacked() {
    Columns now = columns;
    if (now == null) {
      ByteBuffer from = ByteBuffer.wrap(saved).order(ByteOrder.LITTLE_ENDIAN);
      now = new Columns(Facts.read(from, count), Marks.read(from, count, wideSaved()));
      columns = now;
      saved = NONE;
    }
    return now;
  }

  private boolean wideSaved() {
    return saved.length > columnOctets(count, false);
  }

  /// Writes the columns as [#Chunk(byte[], int, int, int, long, long)] takes them.
  synchronized void write(ByteBuffer into) {
    Columns now = columns;
    if (now == null) {
      into.put(saved);
    } else {
      now.facts.write(into, count);
      now.marks.write(into, count);
    }
  }

  /// Whether a message may bear a keyword of bit 32 or higher.
  synchronized boolean wide() {
    Columns now = columns;
    return now == null ? wideSaved() : now.marks.wide();
  }

  /// The chunk of the first `count` rows, summed up.
  static Chunk of(Facts facts, Marks marks, int count) {
    int unseen = 0;
    int deleted = 0;
    long octets = 0;
    long highest = 0;
    for (int row = 0; row < count; row++) {
      long flags = marks.flags(row);
      unseen += unseen(flags);
      deleted += deleted(flags);
      octets += Integer.toUnsignedLong(facts.size[row]);
      highest = Math.max(highest, marks.modSeq[row]);
    }
    return new Chunk(facts, marks, count, unseen, deleted, octets, highest);
  }

  /// A chunk of one message.
  static Chunk of(Change.MessageFiled message) {
    Chunk empty =
        new Chunk(
            Facts.sized(SMALLEST),
            Marks.sized(SMALLEST, Marks.wide(message.flags())),
            0,
            0,
            0,
            0,
            0);
    return empty.appended(message);
  }

  static int capacityFor(int count) {
    return Math.min(CAPACITY, Math.max(SMALLEST, Integer.highestOneBit(count - 1) << 1));
  }

  /// Octets of the columns of so many rows.
  static int columnOctets(int count, boolean wide) {
    return count * (Facts.ROW + Marks.row(wide));
  }

  /// Octets of the columns.
  int columnOctets() {
    return columnOctets(count, wide());
  }

  boolean full() {
    return count == CAPACITY;
  }

  int firstUid() {
    return firstUid;
  }

  int lastUid() {
    return lastUid;
  }

  /// The row of the UID, or as [Arrays#binarySearch] says it where it would be.
  int row(long uid) {
    return uid > Integer.MAX_VALUE
        ? -count - 1
        : Arrays.binarySearch(facts().uid, 0, count, (int) Math.max(0, uid));
  }

  /// With one message more; the chunk is not full.
  Chunk appended(Change.MessageFiled m) {
    Facts grownFacts = facts().claiming(count);
    grownFacts.put(count, m.uid(), m.internalDate(), m.size(), m.sentDay(), m.from(), m.subject());
    Marks grownMarks = marks().claiming(count, m.flags());
    grownMarks.put(count, m.flags(), m.modSeq());
    return new Chunk(
        grownFacts,
        grownMarks,
        count + 1,
        unseen + unseen(m.flags()),
        deleted + deleted(m.flags()),
        octets + m.size(),
        Math.max(highestModSeq, m.modSeq()));
  }

  /// With the flags of those messages that are here and that no later change has touched; itself if
  /// there are none.
  Chunk flagged(Change.FlagsSet change, int from, int to) {
    Marks marks = marks();
    Marks changed = marks;
    int changedUnseen = unseen;
    int changedDeleted = deleted;
    int row = 0;
    for (int i = from; i < to; i++) {
      row = rowFrom(row, change.uids()[i]);
      if (row < 0) {
        row = -row - 1;
      } else if (marks.modSeq[row] <= change.modSeq()) {
        long flags = change.flags()[i];
        if (changed == marks || (Marks.wide(flags) && !changed.wide())) {
          changed = changed.copyFor(count, flags);
        }
        long before = changed.flags(row);
        changed.put(row, flags, change.modSeq());
        changedUnseen += unseen(flags) - unseen(before);
        changedDeleted += deleted(flags) - deleted(before);
        row++;
      }
    }
    return changed == marks
        ? this
        : new Chunk(
            facts(),
            changed,
            count,
            changedUnseen,
            changedDeleted,
            octets,
            Math.max(highestModSeq, change.modSeq()));
  }

  /// Like [#row], looking first at the row where an ascending run goes on.
  private int rowFrom(int row, long uid) {
    int[] uids = facts().uid;
    return row < count && uids[row] == uid
        ? row
        : Arrays.binarySearch(uids, Math.min(row, count), count, (int) uid);
  }

  private static int unseen(long flags) {
    return (flags & SEEN) == 0 ? 1 : 0;
  }

  private static int deleted(long flags) {
    return (flags & DELETED) == 0 ? 0 : 1;
  }
}
