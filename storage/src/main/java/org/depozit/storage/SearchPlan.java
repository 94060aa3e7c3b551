package org.depozit.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A search: a [SearchKey] over a [View], with what is wanted of the answer. RFC 9051 §6.4.4, RFC
/// 4731, RFC 7162 §3.1.5.
///
/// The view is gone through a chunk at a time. A chunk's rows are bits; terms take bits away, the
/// cheapest for what it takes away first, and one that is left without rows is not asked. MIN walks
/// up and MAX walks down to the first hit; only ALL makes a list. Where an index or a set of UIDs
/// knows how far away the next hit is at least, the walk goes there. Terms that read messages are
/// asked last, row by row, under a permit of [Scans], with no connection held.
///
/// Made for one search, used by one thread.
final class SearchPlan {
  private final SearchSources sources;
  private final View view;
  private final Set<Return> wanted;
  private final boolean firstOnly;
  private final Planner planner;
  private final Term term;

  SearchPlan(SearchSources sources, View view, SearchKey key, Set<Return> wanted) {
    this.sources = sources;
    this.view = view;
    this.wanted = Set.copyOf(wanted);
    this.firstOnly = !wanted.contains(Return.ALL) && !wanted.contains(Return.COUNT);
    this.planner = new Planner(sources, view, firstOnly);
    this.term = planner.plan(key);
  }

  /// Searches.
  Found run() {
    try (Sieve sieve = new Sieve(sources)) {
      return found(walks(sieve));
    }
  }

  private List<Walk> walks(Sieve sieve) {
    if (!firstOnly) {
      return List.of(walk(sieve, true));
    }
    List<Walk> walks = new ArrayList<>();
    if (wanted.contains(Return.MIN)) {
      walks.add(walk(sieve, true));
    }
    if (wanted.contains(Return.MAX)) {
      walks.add(walk(sieve, false));
    }
    return walks;
  }

  private Walk walk(Sieve sieve, boolean upwards) {
    return new Walk(view, term, sieve, upwards, firstOnly, wanted.contains(Return.ALL)).run();
  }

  private Found found(List<Walk> walks) {
    int lowest = -1;
    int highest = -1;
    long modSeq = 0;
    for (Walk walk : walks) {
      lowest = lowest < 0 ? walk.lowest() : lowest;
      highest = Math.max(highest, walk.highest());
      modSeq = Math.max(modSeq, walk.modSeq());
    }
    return new Found(
        wanted.contains(Return.MIN) ? lowest : -1,
        wanted.contains(Return.MAX) ? highest : -1,
        firstOnly ? -1 : walks.getFirst().count(),
        firstOnly ? new int[0] : walks.getFirst().positions(),
        modSeq);
  }

  /// Searches, and tells how: a line a step, with what was estimated and what was counted.
  List<String> explain() {
    List<String> lines = new ArrayList<>();
    try (Sieve sieve = new Sieve(sources)) {
      List<Walk> walks = walks(sieve);
      lines.add(
          format("%,d messages; wanted %s", view.count(), wanted)
              + (firstOnly ? ", each walk ends at its first hit" : ""));
      new Explained(planner, sieve, view.count(), lines).add(term, 1);
      for (Walk walk : walks) {
        lines.add(
            format("%,d hits; looked at %,d chunks of some hundred", walk.count(), walk.chunks()));
      }
    }
    return List.copyOf(lines);
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation is no dependency of ours
  static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
