package org.depozit.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Changes of flags that a replay has come upon, of which only the last of each message counts:
/// somebody may have changed all flags of a million messages many times since the last checkpoint.
/// One thread.
final class LatestFlags {
  /// Changes of a message that are kept although later ones may stand for them.
  private static final long MANY = 1 << 20;

  private List<Change.FlagsSet> sets = new ArrayList<>();
  private long held;
  private long most = MANY;

  /// UIDs of one mailbox, in pages of 65,536.
  private static final class Uids {
    private final Map<Integer, BitSet> pages = new HashMap<>();

    /// @return whether it is new
    boolean add(long uid) {
      BitSet page = pages.computeIfAbsent((int) (uid >>> 16), number -> new BitSet());
      int bit = (int) (uid & 0xFFFF);
      boolean known = page.get(bit);
      page.set(bit);
      return !known;
    }
  }

  /// Takes a change that came after all others.
  void add(Change.FlagsSet set) {
    sets.add(set);
    held += set.uids().length;
    if (held > most) {
      reduce();
      most = MANY + 2 * held;
    }
  }

  /// Gives what counts, by mailbox, each message once, and forgets it.
  Map<Integer, List<Change.FlagsSet>> take() {
    reduce();
    Map<Integer, List<Change.FlagsSet>> all =
        sets.stream().collect(Collectors.groupingBy(Change.FlagsSet::mailbox));
    sets = new ArrayList<>();
    held = 0;
    most = MANY;
    return all;
  }

  private void reduce() {
    Map<Integer, Uids> later = new HashMap<>();
    List<Change.FlagsSet> kept = new ArrayList<>();
    held = 0;
    for (Change.FlagsSet set : sets.reversed()) {
      Change.FlagsSet left = without(set, later.computeIfAbsent(set.mailbox(), id -> new Uids()));
      if (left.uids().length > 0) {
        kept.add(left);
        held += left.uids().length;
      }
    }
    sets = new ArrayList<>(kept.reversed());
  }

  private static Change.FlagsSet without(Change.FlagsSet set, Uids later) {
    long[] uids = new long[set.uids().length];
    long[] flags = new long[uids.length];
    int count = 0;
    for (int i = 0; i < uids.length; i++) {
      if (later.add(set.uids()[i])) {
        uids[count] = set.uids()[i];
        flags[count++] = set.flags()[i];
      }
    }
    return new Change.FlagsSet(
        set.mailbox(), set.modSeq(), Arrays.copyOf(uids, count), Arrays.copyOf(flags, count));
  }
}
