package org.depozit.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// All figures of a run.
final class Results {
  private record Key(String row, int size, String contender) {}

  private final Map<Key, List<Double>> figures = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  void add(String row, int size, String contender, double figure) {
    figures.computeIfAbsent(new Key(row, size, contender), _ -> new ArrayList<>()).add(figure);
  }

  void failed(String failure) {
    failures.add(failure);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /// The median of the rounds; empty if there is none.
  ///
  /// @param size 0 for rows without one
  OptionalDouble median(String row, int size, String contender) {
    List<Double> all = figures.getOrDefault(new Key(row, size, contender), List.of());
    return all.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Figures.median(all));
  }

  /// Every figure: row, size, contender and the rounds, with tabs between.
  String raw() {
    StringBuilder raw = new StringBuilder();
    figures.forEach((key, all) -> {
      raw.append(key.row()).append('\t').append(key.size()).append('\t');
      raw.append(key.contender());
      all.forEach(figure -> raw.append('\t').append(Figures.text(figure)));
      raw.append('\n');
    });
    failures.forEach(failure -> raw.append("failed\t").append(failure).append('\n'));
    return raw.toString();
  }
}
