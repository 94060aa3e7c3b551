package org.depozit.storage;

import java.util.BitSet;

/// Asks a term of rows by the columns of their chunk: loops over arrays, 1 to 2 ms a million
/// messages.
final class ColumnScan {
  private static final int ZONE = 0xFFF;
  private static final int ZONE_MIDDLE = 2048;
  private static final int DATE_BITS = 12;

  private ColumnScan() {}

  /// Those of the rows that pass a term of the columns.
  static long[] rows(Term.Column term, Chunk chunk, long[] of) {
    long[] passed = new long[of.length];
    if (none(term, chunk)) {
      return passed;
    }
    for (int word = 0; word < of.length; word++) {
      if (of[word] != 0) {
        int from = word << 6;
        passed[word] = of[word] & word(term, chunk, from, Math.min(chunk.count, from + 64));
      }
    }
    return passed;
  }

  /// Whether the chunk's sums tell that no row passes.
  private static boolean none(Term.Column term, Chunk chunk) {
    return switch (term) {
      case Term.Bears(long mask, String _) ->
          (mask == Chunk.DELETED && chunk.deleted == 0)
              || (mask == Chunk.SEEN && chunk.unseen == chunk.count);
      case Term.Changed(long atLeast) -> chunk.highestModSeq < atLeast;
      case Term.Among(UidSet uids) -> !uids.meets(chunk.firstUid(), chunk.lastUid());
      case Term.Everything _, Term.Nothing _, Term.Received _, Term.Sent _ -> false;
      case Term.Sized _, Term.Holds _ -> false;
    };
  }

  private static long word(Term.Column term, Chunk chunk, int from, int to) {
    return switch (term) {
      case Term.Bears(long mask, String _) -> chunk.marks().bearing(mask, from, to);
      case Term.Changed(long atLeast) -> changed(chunk.marks().modSeq, atLeast, from, to);
      case Term.Among(UidSet uids) -> among(chunk.facts().uid, uids, from, to);
      case Term.Received(long first, long end) -> received(chunk.facts(), first, end, from, to);
      case Term.Sent(long first, long end) -> sent(chunk.facts(), first, end, from, to);
      case Term.Sized(long least, long most) -> sized(chunk.facts().size, least, most, from, to);
      case Term.Holds holds -> holds(column(chunk.facts(), holds.column()), holds.ids(), from, to);
      case Term.Everything _ -> -1L;
      case Term.Nothing _ -> 0L;
    };
  }

  private static int[] column(Facts facts, Term.TextColumn column) {
    return switch (column) {
      case FROM -> facts.from;
      case SUBJECT -> facts.subject;
    };
  }

  private static long changed(long[] modSeq, long atLeast, int from, int to) {
    long word = 0;
    for (int row = from; row < to; row++) {
      word |= bit(modSeq[row] >= atLeast, row);
    }
    return word;
  }

  private static long among(int[] uid, UidSet uids, int from, int to) {
    long word = 0;
    int range = uids.rangeFrom(uid[from]);
    for (int row = from; row < to && range < uids.ranges(); row++) {
      while (range < uids.ranges() && uids.last(range) < uid[row]) {
        range++;
      }
      word |= bit(range < uids.ranges() && uids.first(range) <= uid[row], row);
    }
    return word;
  }

  private static long received(Facts facts, long first, long end, int from, int to) {
    long word = 0;
    for (int row = from; row < to; row++) {
      long clock = clock(facts.internalDate[row]);
      word |= bit(clock >= first && clock < end, row);
    }
    return word;
  }

  /// Seconds since 1970 as the clock of the date's own zone shows them.
  private static long clock(long packedDate) {
    return (packedDate >> DATE_BITS) + ((packedDate & ZONE) - ZONE_MIDDLE) * 60;
  }

  private static long sent(Facts facts, long first, long end, int from, int to) {
    long word = 0;
    for (int row = from; row < to; row++) {
      long day = facts.sentDay[row];
      if (day == Integer.MIN_VALUE) {
        day = Math.floorDiv(clock(facts.internalDate[row]), 86_400L);
      }
      word |= bit(day >= first && day < end, row);
    }
    return word;
  }

  private static long sized(int[] size, long least, long most, int from, int to) {
    long word = 0;
    for (int row = from; row < to; row++) {
      long octets = Integer.toUnsignedLong(size[row]);
      word |= bit(octets >= least && octets <= most, row);
    }
    return word;
  }

  private static long holds(int[] column, BitSet ids, int from, int to) {
    long word = 0;
    for (int row = from; row < to; row++) {
      word |= bit(ids.get(column[row]), row);
    }
    return word;
  }

  private static long bit(boolean passed, int row) {
    return passed ? 1L << row : 0;
  }
}
