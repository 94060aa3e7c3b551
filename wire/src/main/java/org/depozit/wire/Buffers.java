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

  /// Octets of several of them: each write of the socket wakes the peer, and may have to wait.
  private static final int RECORDS = 4 * RECORD;

  private static final int KEPT = 256;
  private static final int KEPT_LONG = 32;
  private static final ArrayBlockingQueue<byte[]> FREE = new ArrayBlockingQueue<>(KEPT);
  private static final ArrayBlockingQueue<byte[]> FREE_RECORD = new ArrayBlockingQueue<>(KEPT);
  private static final ArrayBlockingQueue<byte[]> FREE_RECORDS =
      new ArrayBlockingQueue<>(KEPT_LONG);

  private Buffers() {}

  /// A buffer of [#SIZE] octets.
  static byte[] borrow() {
    byte[] free = FREE.poll();
    return free == null ? new byte[SIZE] : free;
  }

  /// A buffer of [#RECORD] octets.
  static byte[] borrowRecord() {
    byte[] free = FREE_RECORD.poll();
    return free == null ? new byte[RECORD] : free;
  }

  /// A buffer for several TLS records.
  static byte[] borrowRecords() {
    byte[] free = FREE_RECORDS.poll();
    return free == null ? new byte[RECORDS] : free;
  }

  /// Takes a buffer back, having wiped what was used of it: it may have held a password.
  static void giveBack(byte[] buffer, int used) {
    Arrays.fill(buffer, 0, used, (byte) 0);
    keptAs(buffer.length).offer(buffer);
  }

  private static ArrayBlockingQueue<byte[]> keptAs(int length) {
    return switch (length) {
      case SIZE -> FREE;
      case RECORD -> FREE_RECORD;
      default -> FREE_RECORDS;
    };
  }
}
