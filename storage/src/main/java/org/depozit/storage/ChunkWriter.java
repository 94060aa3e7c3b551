package org.depozit.storage;

import java.util.ArrayList;
import java.util.List;

/// Fills chunks row by row: for a load, and for what an expunge leaves. Used by one thread.
final class ChunkWriter {
  /// Two neighbours that together have no more rows than this become one, so that a mailbox that is
  /// thinned out does not fall apart into chunks of one row.
  private static final int JOINED = Chunk.CAPACITY / 2;

  private final List<Chunk> chunks = new ArrayList<>();
  private Facts facts = Facts.sized(Chunk.CAPACITY);
  private Marks marks = Marks.sized(Chunk.CAPACITY, false);
  private int count;

  /// Adds a row.
  void add(Loads.Row row) {
    room(row.flags());
    facts.put(
        count, row.uid(), row.internalDate(), row.size(), row.sentDay(), row.from(), row.subject());
    marks.put(count++, row.flags(), row.modSeq());
  }

  /// Adds a row of a chunk.
  void add(Chunk chunk, int row) {
    long flags = chunk.marks().flags(row);
    room(flags);
    facts.put(count, chunk.facts(), row);
    marks.put(count++, flags, chunk.marks().modSeq[row]);
  }

  /// Adds a chunk as it stands, unless it and its neighbour are so small that they are better one.
  void add(Chunk chunk) {
    flush();
    push(chunk);
  }

  private void room(long flags) {
    if (count == Chunk.CAPACITY) {
      flush();
    }
    if (Marks.wide(flags) && !marks.wide()) {
      marks = marks.copyFor(count, flags);
    }
  }

  private void flush() {
    if (count == Chunk.CAPACITY) {
      chunks.add(Chunk.of(facts, marks, count));
      facts = Facts.sized(Chunk.CAPACITY);
      marks = Marks.sized(Chunk.CAPACITY, false);
    } else if (count > 0) {
      push(trimmed());
    }
    count = 0;
  }

  private Chunk trimmed() {
    boolean wide = false;
    for (int row = 0; row < count && marks.wide() && !wide; row++) {
      wide = Marks.wide(marks.flags(row));
    }
    int capacity = Chunk.capacityFor(count);
    return Chunk.of(facts.copy(count, capacity), marks.copy(count, capacity, wide), count);
  }

  private void push(Chunk chunk) {
    Chunk last = chunks.isEmpty() ? chunk : chunks.getLast();
    if (last == chunk || last.count + chunk.count > JOINED) {
      chunks.add(chunk);
    } else {
      chunks.set(chunks.size() - 1, joined(last, chunk));
    }
  }

  private static Chunk joined(Chunk first, Chunk second) {
    int count = first.count + second.count;
    int capacity = Chunk.capacityFor(count);
    Facts facts = first.facts().copy(first.count, capacity);
    Marks marks =
        first.marks().copy(first.count, capacity, first.marks().wide() || second.marks().wide());
    for (int row = 0; row < second.count; row++) {
      facts.put(first.count + row, second.facts(), row);
      marks.put(first.count + row, second.marks().flags(row), second.marks().modSeq[row]);
    }
    return Chunk.of(facts, marks, count);
  }

  /// The chunks of all rows; the writer is empty afterwards.
  Chunk[] chunks() {
    flush();
    Chunk[] all = chunks.toArray(Chunk[]::new);
    chunks.clear();
    return all;
  }
}
