package org.depozit.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Changes of flags that a replay has come upon, of which only the last of each message counts:
/// somebody may have changed all flags of a million messages many times since the last checkpoint.
/// Takes 16 octets a UID, and a page's worth where only some of its UIDs changed. One thread.
final class LatestFlags {
  private static final int BITS = 8;
  private static final int UIDS = 1 << BITS;

  private final Map<Integer, Map<Integer, Page>> mailboxes = new HashMap<>();

  private long given;

  /// Neighbouring UIDs of one mailbox. A mod-sequence of 0 says that nothing is known of a UID.
  private static final class Page {
    final long[] flags = new long[UIDS];
    final long[] modSeq = new long[UIDS];
  }

  /// Messages whose flags changed last at one mod-sequence.
  private static final class Together {
    private long[] uids = new long[1];
    private long[] flags = new long[1];
    private int count;

    void add(long uid, long bits) {
      if (count == uids.length) {
        uids = Arrays.copyOf(uids, 2 * count);
        flags = Arrays.copyOf(flags, 2 * count);
      }
      uids[count] = uid;
      flags[count++] = bits;
    }

    Change.FlagsSet set(int mailbox, long modSeq) {
      return new Change.FlagsSet(
          mailbox, modSeq, Arrays.copyOf(uids, count), Arrays.copyOf(flags, count));
    }
  }

  /// How many it was given since it last gave what counts.
  long given() {
    return given;
  }

  /// Takes a change that came after all others.
  void add(Change.FlagsSet set) {
    if (set.uids().length == 0) {
      return;
    }
    given += set.uids().length;
    Map<Integer, Page> pages = mailboxes.computeIfAbsent(set.mailbox(), mailbox -> new TreeMap<>());
    long[] uids = set.uids();
    for (int from = 0; from < uids.length; ) {
      int number = (int) (uids[from] >>> BITS);
      from = add(pages.computeIfAbsent(number, page -> new Page()), set, from);
    }
  }

  /// @return the index of the first UID that is not of the page
  private static int add(Page page, Change.FlagsSet set, int from) {
    long[] uids = set.uids();
    long number = uids[from] >>> BITS;
    int i = from;
    for (; i < uids.length && uids[i] >>> BITS == number; i++) {
      int at = (int) uids[i] & (UIDS - 1);
      page.flags[at] = set.flags()[i];
      page.modSeq[at] = set.modSeq();
    }
    return i;
  }

  /// Gives what counts, by mailbox, each message once and the oldest first, and forgets it.
  Map<Integer, List<Change.FlagsSet>> take() {
    Map<Integer, List<Change.FlagsSet>> all = new HashMap<>();
    mailboxes.forEach((mailbox, pages) -> all.put(mailbox, sets(mailbox, pages)));
    mailboxes.clear();
    given = 0;
    return all;
  }

  private static List<Change.FlagsSet> sets(int mailbox, Map<Integer, Page> pages) {
    TreeMap<Long, Together> changes = new TreeMap<>();
    pages.forEach((number, page) -> {
      long first = Integer.toUnsignedLong(number) << BITS;
      for (int i = 0; i < UIDS; i++) {
        if (page.modSeq[i] != 0) {
          changes
              .computeIfAbsent(page.modSeq[i], modSeq -> new Together())
              .add(first + i, page.flags[i]);
        }
      }
    });
    List<Change.FlagsSet> sets = new ArrayList<>(changes.size());
    changes.forEach((modSeq, messages) -> sets.add(messages.set(mailbox, modSeq)));
    return sets;
  }
}
