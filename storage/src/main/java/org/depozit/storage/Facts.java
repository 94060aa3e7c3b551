package org.depozit.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// What never changes about the messages of a [Chunk], a column an array: 28 octets a message.
///
/// Versions of a mailbox share these arrays: a slot is written once, by whoever claims it, and only
/// versions made after that count it. An older version never looks at it, and a second branch from
/// an older version finds the slot claimed and copies.
final class Facts {
  /// Octets of a row.
  static final int ROW = 28;

  /// UIDs, ascending; the store gives none above 2^31-1.
  final int[] uid;

  /// [InternalDate#packed].
  final long[] internalDate;

  /// Octets, unsigned.
  final int[] size;

  /// Epoch days of the Date: fields; [Integer#MIN_VALUE] if there is none.
  final int[] sentDay;

  /// Ids in the account's dictionary of persons; 0 if the field is absent.
  final int[] from;

  /// Ids in the account's dictionary of subjects; 0 if the field is absent.
  final int[] subject;

  private final AtomicInteger claimed;

  private Facts(
      int[] uid,
      long[] internalDate,
      int[] size,
      int[] sentDay,
      int[] from,
      int[] subject,
      int claimed) {
    this.uid = uid;
    this.internalDate = internalDate;
    this.size = size;
    this.sentDay = sentDay;
    this.from = from;
    this.subject = subject;
    this.claimed = new AtomicInteger(claimed);
  }

  static Facts sized(int capacity) {
    return new Facts(
        new int[capacity],
        new long[capacity],
        new int[capacity],
        new int[capacity],
        new int[capacity],
        new int[capacity],
        0);
  }

  /// The first `count` rows as they were written.
  static Facts read(ByteBuffer from, int count) {
    Facts facts = sized(Chunk.capacityFor(count));
    ints(from, facts.uid, count);
    from.asLongBuffer().get(facts.internalDate, 0, count);
    from.position(from.position() + count * Long.BYTES);
    ints(from, facts.size, count);
    ints(from, facts.sentDay, count);
    ints(from, facts.from, count);
    ints(from, facts.subject, count);
    facts.claimed.set(count);
    return facts;
  }

  /// The UID of a row of what [#write] has written, without reading all of it.
  static int savedUid(byte[] written, int row) {
    int at = row * Integer.BYTES;
    return (written[at] & 0xff)
        | (written[at + 1] & 0xff) << 8
        | (written[at + 2] & 0xff) << 16
        | (written[at + 3] & 0xff) << 24;
  }

  private static void ints(ByteBuffer from, int[] into, int count) {
    from.asIntBuffer().get(into, 0, count);
    from.position(from.position() + count * Integer.BYTES);
  }

  /// Writes the first `count` rows, column by column.
  void write(ByteBuffer into, int count) {
    ints(into, count, uid);
    into.asLongBuffer().put(internalDate, 0, count);
    into.position(into.position() + count * Long.BYTES);
    ints(into, count, size);
    ints(into, count, sentDay);
    ints(into, count, from);
    ints(into, count, subject);
  }

  private static void ints(ByteBuffer into, int count, int[] column) {
    into.asIntBuffer().put(column, 0, count);
    into.position(into.position() + count * Integer.BYTES);
  }

  /// These or their copy, with a free slot at `count` that belongs to the caller.
  Facts claiming(int count) {
    if (count < uid.length && claimed.compareAndSet(count, count + 1)) {
      return this;
    }
    Facts copy = copy(count, Chunk.capacityFor(count + 1));
    copy.claimed.set(count + 1);
    return copy;
  }

  /// The first `count` rows in arrays of that capacity.
  Facts copy(int count, int capacity) {
    return new Facts(
        Arrays.copyOf(uid, capacity),
        Arrays.copyOf(internalDate, capacity),
        Arrays.copyOf(size, capacity),
        Arrays.copyOf(sentDay, capacity),
        Arrays.copyOf(from, capacity),
        Arrays.copyOf(subject, capacity),
        count);
  }

  /// Copies a row of others into a slot that the caller owns.
  void put(int slot, Facts other, int row) {
    uid[slot] = other.uid[row];
    internalDate[slot] = other.internalDate[row];
    size[slot] = other.size[row];
    sentDay[slot] = other.sentDay[row];
    from[slot] = other.from[row];
    subject[slot] = other.subject[row];
  }

  /// Writes a slot that the caller owns.
  void put(int slot, long uid, long internalDate, long size, int sentDay, int from, int subject) {
    this.uid[slot] = Math.toIntExact(uid);
    this.internalDate[slot] = internalDate;
    this.size[slot] = (int) size;
    this.sentDay[slot] = sentDay;
    this.from[slot] = from;
    this.subject[slot] = subject;
  }
}
