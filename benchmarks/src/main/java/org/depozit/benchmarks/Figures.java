package org.depozit.benchmarks;

import java.util.List;
import java.util.Locale;

/// Figures for people.
final class Figures {
  private Figures() {}

  static double median(List<Double> figures) {
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// Three digits that count.
  static String text(double figure) {
    if (figure >= 100) {
      return String.format(Locale.ROOT, "%,.0f", figure);
    }
    if (figure >= 10) {
      return String.format(Locale.ROOT, "%.1f", figure);
    }
    return String.format(Locale.ROOT, figure >= 1 ? "%.2f" : "%.3f", figure);
  }
}
