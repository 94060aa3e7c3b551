package org.depozit.storage;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The groups of a log that stood in segments which were let go: what a log says of itself, told by
/// its changes ([Change.SegmentDropped]). One thread.
final class LetGo {
  /// The last group by the first.
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  /// Takes what a change says of it.
  void note(Change change) {
    switch (change) {
      case Change.SegmentDropped gone -> ranges.merge(gone.first(), gone.last(), Math::max);
      case Change.Carried carried -> carried.facts().forEach(this::note);
      case Change.Together all -> all.changes().forEach(this::note);
      default -> {}
    }
  }

  /// The last group of those that went with a group; empty if it was not let go.
  Optional<Long> last(long group) {
    return Optional.ofNullable(ranges.floorEntry(group))
        .map(Map.Entry::getValue)
        .filter(last -> last >= group);
  }

  /// The next group behind one that was let go; [Long#MAX_VALUE] if there is none.
  long next(long group) {
    return Optional.ofNullable(ranges.higherKey(group)).orElse(Long.MAX_VALUE);
  }
}
