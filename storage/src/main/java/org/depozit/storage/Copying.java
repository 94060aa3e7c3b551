package org.depozit.storage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.depozit.storage.Refused.Reason;

/// COPY and MOVE within a proposal: the messages of the source become messages filed in the
/// destination, with flags mapped by name. Which are there, and their flags, the view tells; the
/// rest stands in their rows, which are read now if they are few and follow in slices if they are
/// many. RFC 9051 §6.4.7, RFC 6851.
final class Copying {
  /// Messages of one change: it is read whole into the heap in a recovery.
  private static final int AT_ONCE = 1_000_000;

  private final Ledger ledger;
  private final Draft draft;
  private final StoreLimits limits;
  private final int from;
  private final int to;
  private final View view;

  /// @param from open
  /// @param to open, or made by this proposal
  Copying(Ledger ledger, Draft draft, StoreLimits limits, int from, int to) {
    this.ledger = ledger;
    this.draft = draft;
    this.limits = limits;
    this.from = from;
    this.to = to;
    this.view = ledger.view(from);
  }

  /// Drafts the copies.
  ///
  /// @param uids of messages that are in the view, ascending
  /// @return their UIDs in the destination
  long[] copy(long[] uids) {
    boolean many = uids.length > limits.bulk().rowsAtOnce() || ledger.copying(from);
    long[] flags = flags(uids);
    return many ? copyMany(uids, flags) : copyFew(uids, flags);
  }

  /// The flags in the bits of the destination.
  private long[] flags(long[] uids) {
    Map<Long, Long> mapped = new HashMap<>();
    long[] flags = new long[uids.length];
    int[] count = {0};
    Present.each(
        view.chunks(),
        UidSet.of(uids),
        (chunk, row) ->
            flags[count[0]++] =
                mapped.computeIfAbsent(
                    chunk.marks().flags(row),
                    bits -> draft.bits(to, new HashSet<>(view.flags(bits)))));
    return flags;
  }

  private long[] copyFew(long[] uids, long[] flags) {
    List<Change.MessageFiled> rows =
        ledger.ask(connection -> MessageLoads.filed(connection, from, uids));
    if (rows.size() != uids.length) {
      throw new Refused(Reason.UNAVAILABLE, "The rows of the mailbox are not complete");
    }
    Map<Long, Map<NotedField, String>> noted =
        ledger.ask(connection -> MessageLoads.noted(connection, from, uids));
    long now = Instant.now().getEpochSecond();
    long[] copies = new long[uids.length];
    for (int i = 0; i < uids.length; i++) {
      copies[i] = draft.nextUid(to);
      draft.add(rows.get(i).copied(to, copies[i], draft.modSeq(to), flags[i], now));
      draft.note(to, copies[i], noted.getOrDefault(uids[i], Map.of()));
    }
    return copies;
  }

  private long[] copyMany(long[] uids, long[] flags) {
    long now = Instant.now().getEpochSecond();
    long first = draft.nextUids(to, uids.length);
    for (int start = 0; start < uids.length; start += AT_ONCE) {
      int end = Math.min(uids.length, start + AT_ONCE);
      draft.add(
          new Change.Copied(
              from,
              UidSet.of(Arrays.copyOfRange(uids, start, end)),
              to,
              first + start,
              draft.modSeq(to),
              now,
              Arrays.copyOfRange(flags, start, end)));
    }
    return LongStream.range(first, first + uids.length).toArray();
  }

  /// Drafts the copies and then the removal of the originals.
  ///
  /// @param uids of messages that are there, ascending
  /// @return their UIDs in the destination
  long[] move(long[] uids) {
    long[] copies = copy(uids);
    if (uids.length > 0) {
      draft.add(new Change.Expunged(from, draft.modSeq(from), UidSet.of(uids)));
    }
    return copies;
  }

  /// The UIDs as a list of runs without large gaps, each first and last: what one range of rows is
  /// read for.
  static List<long[]> runs(long[] uids) {
    List<long[]> runs = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= uids.length; i++) {
      if (i == uids.length || uids[i] - uids[i - 1] > 16 || i - start >= 1_000) {
        runs.add(new long[] {uids[start], uids[i - 1]});
        start = i;
      }
    }
    return runs;
  }

  /// Whether the UID is among those, which ascend.
  static boolean among(long[] uids, long uid) {
    return Arrays.binarySearch(uids, uid) >= 0;
  }
}
