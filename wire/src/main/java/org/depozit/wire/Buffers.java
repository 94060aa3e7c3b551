package org.depozit.wire;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;

/// The buffers that connections borrow while they have octets in hand.
///
/// An idle connection has none: ten thousand of them would otherwise keep 320 MB for nothing. What
/// is given back is kept up to a bound, and the rest is left to the garbage collector. Any thread
/// may borrow and give back; a buffer belongs to its borrower alone until then.
final class Buffers {
  /// Octets of a buffer: one TLS record's worth.
  static final int SIZE = 16 * 1024;

  /// Octets of the largest TLS record: [#SIZE] with the header and what the cipher adds, at most.
  /// What the JDK calls a session's packet buffer size; RFC 8446 §5.2 allows a little less, RFC
  /// 5246 §6.2.3 more to those who compress.
  static final int RECORD = SIZE + 325;

  private static final int KEPT = 256;
  private static final ArrayBlockingQueue<byte[]> FREE = new ArrayBlockingQueue<>(KEPT);
  private static final ArrayBlockingQueue<byte[]> FREE_RECORDS = new ArrayBlockingQueue<>(KEPT);

  private Buffers() {}

  /// A buffer of [#SIZE] octets.
  static byte[] borrow() {
    byte[] free = FREE.poll();
    return free == null ? new byte[SIZE] : free;
  }

  /// A buffer of [#RECORD] octets.
  static byte[] borrowRecord() {
    byte[] free = FREE_RECORDS.poll();
    return free == null ? new byte[RECORD] : free;
  }

  /// Takes a buffer back, having wiped what was used of it: it may have held a password.
  static void giveBack(byte[] buffer, int used) {
    Arrays.fill(buffer, 0, used, (byte) 0);
    (buffer.length == RECORD ? FREE_RECORDS : FREE).offer(buffer);
  }
}
