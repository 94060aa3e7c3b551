package org.depozit.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// How much of a segment is alive: what it tells that still holds, bodies included. Asks readers'
/// connections, slice by slice.
///
/// @param size octets of the file
/// @param alive octets of it that still hold
/// @param damaged whether something in it cannot be read
record Survey(long size, long alive, boolean damaged) {
  /// Looks at a segment that nobody writes to any more.
  ///
  /// @param ending whether to stop half-way; asked before each slice
  /// @return empty if it was stopped
  static Optional<Survey> of(
      Db db, LogFiles files, long segment, boolean oldest, BooleanSupplier ending)
      throws IOException {
    long[] octets = {0};
    SegmentFacts facts = new SegmentFacts(files, segment);
    try {
      facts.read(slice -> {
        if (ending.getAsBoolean()) {
          throw new SegmentFacts.Ending();
        }
        octets[0] += alive(db, segment, oldest, facts, slice);
      });
    } catch (SegmentFacts.Ending e) {
      return Optional.empty();
    }
    return Optional.of(new Survey(files.length(segment), octets[0], facts.damaged()));
  }

  private static long alive(
      Db db, long segment, boolean oldest, SegmentFacts facts, List<SegmentFacts.Fact> slice) {
    return db.read(connection -> {
      StillTrue still = new StillTrue(connection, Published.ROWS, segment, oldest);
      long alive = 0;
      for (SegmentFacts.Fact fact : slice) {
        alive +=
            still.now(fact.change()).map(now -> facts.length(now) + fact.body().length).orElse(0L);
      }
      return alive;
    });
  }

  /// The share of the file that is dead, in percent.
  long deadPercent() {
    return size == 0 ? 0 : 100 * Math.max(0, size - alive) / size;
  }
}
