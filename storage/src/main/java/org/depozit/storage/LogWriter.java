package org.depozit.storage;

import java.util.Arrays;

/// The forms in which a change's values are written: numbers of variable length, texts and octets
/// with their length in front. What [LogReader] reads. One thread.
final class LogWriter {
  private static final int LONGEST_NUMBER = 10;

  /// Octets of a UTF-16 unit.
  private static final int LONGEST_UNIT = 3;

  /// Units of a text for which room is made at once.
  private static final int SLICE = 1 << 10;

  private byte[] array = new byte[1 << 12];
  private int length;

  void clear() {
    length = 0;
    if (array.length > 1 << 22) {
      array = new byte[1 << 12];
    }
  }

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  private void room(int more) {
    if (more > array.length - length) {
      long needed = (long) length + more;
      if (needed > Integer.MAX_VALUE - 16) {
        throw new Refused(Refused.Reason.LIMIT, "Too much at once");
      }
      int capacity = (int) Math.min(Integer.MAX_VALUE - 16L, Math.max(needed, 2L * array.length));
      array = Arrays.copyOf(array, capacity);
    }
  }

  /// A number of 0 or more, seven bits an octet, the lowest first. A negative one takes ten octets.
  void number(long number) {
    room(LONGEST_NUMBER);
    add(number);
  }

  /// Where there is room: a group's head and its texts are many numbers.
  private void add(long number) {
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      array[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    array[length++] = (byte) rest;
  }

  /// A number that may be negative.
  void signed(long number) {
    number((number << 1) ^ (number >> 63));
  }

  /// A truth.
  void truth(boolean truth) {
    number(truth ? 1 : 0);
  }

  /// Octets.
  void octets(byte[] octets) {
    number(octets.length);
    room(octets.length);
    System.arraycopy(octets, 0, array, length, octets.length);
    length += octets.length;
  }

  /// A text, each UTF-16 unit a number: what comes back is what went in, lone surrogates too, which
  /// broken mail decodes to.
  void text(String text) {
    number(text.length());
    for (int from = 0; from < text.length(); from += SLICE) {
      int to = Math.min(text.length(), from + SLICE);
      room((to - from) * LONGEST_UNIT);
      for (int i = from; i < to; i++) {
        add(text.charAt(i));
      }
    }
  }
}
