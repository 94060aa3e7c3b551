package org.depozit.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The keywords of a mailbox and their bits: they only ever become more. Immutable.
///
/// @param named in the order of their bits
record Keywords(List<Keyword> named) {
  static final Keywords NONE = new Keywords(List.of());

  /// A keyword and its bit, 5 to 62.
  record Keyword(int bit, Flag flag) {}

  Keywords {
    named = List.copyOf(named);
  }

  /// With this keyword on this bit.
  Keywords with(int bit, Flag flag) {
    List<Keyword> more = new ArrayList<>(named);
    more.removeIf(keyword -> keyword.bit == bit);
    more.add(new Keyword(bit, flag));
    more.sort(Comparator.comparingInt(Keyword::bit));
    return new Keywords(more);
  }

  /// The bit of a system flag or keyword as a mask; 0 if the mailbox does not know it.
  long mask(Flag flag) {
    int system = Flag.SYSTEM.indexOf(flag);
    if (system >= 0) {
      return 1L << system;
    }
    for (Keyword keyword : named) {
      if (keyword.flag.equals(flag)) {
        return 1L << keyword.bit;
      }
    }
    return 0;
  }

  /// The flags that the bits mean, system flags first.
  List<Flag> flags(long bits) {
    List<Flag> flags = new ArrayList<>(Long.bitCount(bits));
    for (int bit = 0; bit < Flag.SYSTEM.size(); bit++) {
      if ((bits >>> bit & 1) != 0) {
        flags.add(Flag.SYSTEM.get(bit));
      }
    }
    for (Keyword keyword : named) {
      if ((bits >>> keyword.bit & 1) != 0) {
        flags.add(keyword.flag);
      }
    }
    return List.copyOf(flags);
  }

  /// The keywords alone.
  List<Flag> flags() {
    return named.stream().map(Keyword::flag).toList();
  }
}
