package org.depozit.mime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks for line ends, eight octets at a time: every octet of a mail is looked at for them, more
/// than once, and the compiler does not make vectors of a loop that may leave early.
final class LineEnds {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int STEP = Long.BYTES;
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long TOPS = 0x8080_8080_8080_8080L;
  private static final long LFS = ONES * '\n';
  private static final long CRS = ONES * '\r';

  private LineEnds() {}

  /// Where the first LF stands from `from` on; `to` if there is none before it.
  static int lf(byte[] octets, int from, int to) {
    int at = from;
    for (; at <= to - STEP; at += STEP) {
      long found = zeros((long) EIGHT.get(octets, at) ^ LFS);
      if (found != 0) {
        return at + first(found);
      }
    }
    while (at < to && octets[at] != '\n') {
      at++;
    }
    return at;
  }

  /// Where the first CR or LF stands from `from` on; `to` if there is none before it.
  static int crOrLf(byte[] octets, int from, int to) {
    int at = from;
    for (; at <= to - STEP; at += STEP) {
      long eight = (long) EIGHT.get(octets, at);
      long found = zeros(eight ^ CRS) | zeros(eight ^ LFS);
      if (found != 0) {
        return at + first(found);
      }
    }
    while (at < to && octets[at] != '\n' && octets[at] != '\r') {
      at++;
    }
    return at;
  }

  /// The top bit of each octet that is 0. A borrow can set that of an octet behind one that is 0,
  /// too, so only the lowest bit is sure.
  private static long zeros(long eight) {
    return (eight - ONES) & ~eight & TOPS;
  }

  private static int first(long found) {
    return Long.numberOfTrailingZeros(found) / Byte.SIZE;
  }
}
