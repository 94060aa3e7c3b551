package org.depozit.storage;

import java.util.Arrays;
import java.util.List;

/// Goes over the chunks of a view from one end, past stretches where an index says that nothing can
/// pass, and takes what passes a term: all of it, or the first hit. One thread, once.
final class Walk {
  /// Chunks looked at before the index is asked where to go on: what is common stands early, and
  /// these cost about as much as one statement, so the answer never takes twice as long for it.
  private static final int FIRST_LOOK = 32;

  private final View view;
  private final Term term;
  private final Sieve sieve;
  private final boolean upwards;
  private final boolean firstOnly;
  private final boolean keeping;

  private int lowest = -1;
  private int highest = -1;
  private int count;
  private int[] positions = {};
  private long modSeq;
  private int chunks;

  /// @param upwards from the first message on, or from the last one back
  /// @param firstOnly stop at the first hit
  /// @param keeping whether the positions are wanted
  Walk(View view, Term term, Sieve sieve, boolean upwards, boolean firstOnly, boolean keeping) {
    this.view = view;
    this.term = term;
    this.sieve = sieve;
    this.upwards = upwards;
    this.firstOnly = firstOnly;
    this.keeping = keeping;
  }

  int lowest() {
    return lowest;
  }

  int highest() {
    return highest;
  }

  int count() {
    return count;
  }

  int[] positions() {
    return positions;
  }

  long modSeq() {
    return modSeq;
  }

  /// How many chunks were looked at.
  int chunks() {
    return chunks;
  }

  Walk run() {
    sieve.start();
    Seeking.start(term, upwards);
    boolean seeks = Seeking.able(term);
    int position = upwards ? 0 : view.count() - 1;
    while (inside(position) && !(firstOnly && count > 0)) {
      int next = seeks && chunks >= FIRST_LOOK ? sought(position) : position;
      position = inside(next) ? chunkAt(next) : next;
    }
    positions = Arrays.copyOf(positions, keeping ? count : 0);
    return this;
  }

  private boolean inside(int position) {
    return position >= 0 && position < view.count();
  }

  private int sought(int position) {
    long uid = Seeking.seek(term, view.uid(position), upwards);
    if (uid < 0) {
      return -1;
    }
    int found = view.ceiling(uid);
    boolean exact = found < view.count() && view.uid(found) == uid;
    return upwards || exact ? found : found - 1;
  }

  /// Looks at the chunk of a position.
  ///
  /// @return the first position beyond it
  private int chunkAt(int position) {
    long place = view.chunks().place(position);
    Chunk chunk = view.chunks().chunk(place);
    int first = position - Chunks.row(place);
    chunks++;
    take(chunk, first, passed(chunk));
    return upwards ? first + chunk.count : first - 1;
  }

  private long[] passed(Chunk chunk) {
    if (!term.reads()) {
      return sieve.pass(term, chunk, Bits.all(chunk));
    }
    List<Term> terms = term instanceof Term.All all ? all.terms() : List.of(term);
    long[] rows = sieve.mayPass(term, chunk, Bits.all(chunk));
    long[] passed = read(terms.stream().filter(Term::reads).toList(), chunk, rows);
    if (term instanceof Term.All) {
      sieve.count(term, chunk.count, Bits.count(passed));
    }
    return passed;
  }

  private long[] read(List<Term> dear, Chunk chunk, long[] rows) {
    long[] passed = Bits.none(chunk);
    int row = next(rows, upwards ? 0 : chunk.count - 1);
    while (row >= 0) {
      int at = row;
      if (dear.stream().allMatch(one -> sieve.passes(one, chunk, at))) {
        passed[row >>> 6] |= 1L << row;
        if (firstOnly) {
          return passed;
        }
      }
      row = next(rows, upwards ? row + 1 : row - 1);
    }
    return passed;
  }

  private int next(long[] rows, int row) {
    return upwards ? Bits.next(rows, row) : Bits.previous(rows, row);
  }

  private void take(Chunk chunk, int first, long[] rows) {
    if (firstOnly) {
      int row = next(rows, upwards ? 0 : chunk.count - 1);
      if (row >= 0) {
        hit(chunk, first, row);
      }
      return;
    }
    for (int word = 0; word < rows.length; word++) {
      long left = rows[word];
      if (left != 0 && (keeping || modSeq < chunk.highestModSeq)) {
        hits(chunk, first, word << 6, left);
      } else if (left != 0) {
        lowest = lowest < 0 ? first + (word << 6) + Long.numberOfTrailingZeros(left) : lowest;
        highest = first + (word << 6) + 63 - Long.numberOfLeadingZeros(left);
        count += Long.bitCount(left);
      }
    }
  }

  private void hits(Chunk chunk, int first, int firstRow, long word) {
    for (long left = word; left != 0; left &= left - 1) {
      hit(chunk, first, firstRow + Long.numberOfTrailingZeros(left));
    }
  }

  private void hit(Chunk chunk, int first, int row) {
    int position = first + row;
    if (keeping) {
      if (count == positions.length) {
        positions = Arrays.copyOf(positions, Math.max(64, 2 * count));
      }
      positions[count] = position;
    }
    lowest = lowest < 0 ? position : Math.min(lowest, position);
    highest = Math.max(highest, position);
    modSeq = Math.max(modSeq, chunk.marks().modSeq[row]);
    count++;
  }
}
