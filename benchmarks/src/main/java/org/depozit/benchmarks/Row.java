package org.depozit.benchmarks;

import java.util.OptionalDouble;

/// A row of the table.
///
/// @param name what is measured
/// @param unit of what
/// @param goal the ratio that is aimed at; empty if none was set
/// @param sync when what is written is on the disk, on either side; empty if nothing is written
/// @param grows whether the row tells of growth: it ought to stay flat from a thousand messages to
///   a million
record Row(String name, Unit unit, OptionalDouble goal, String sync, boolean grows) {
  /// What a row counts, and which way is better.
  enum Unit {
    PER_SECOND("/s", true),
    MEGABYTES("MB/s", true),
    MILLISECONDS("ms", false),
    SECONDS("s", false),
    KIBIBYTES("KiB", false),
    MEBIBYTES("MiB", false);

    private final String text;
    private final boolean moreIsBetter;

    Unit(String text, boolean moreIsBetter) {
      this.text = text;
      this.moreIsBetter = moreIsBetter;
    }

    String text() {
      return text;
    }

    boolean moreIsBetter() {
      return moreIsBetter;
    }
  }

  static Row of(String name, Unit unit) {
    return new Row(name, unit, OptionalDouble.empty(), "", false);
  }

  Row goal(double ratio) {
    return new Row(name, unit, OptionalDouble.of(ratio), sync, grows);
  }

  Row sync(String policy) {
    return new Row(name, unit, goal, policy, grows);
  }

  Row growing() {
    return new Row(name, unit, goal, sync, true);
  }

  /// How far one is ahead of the other: above 1 is better, whatever the unit.
  double ratio(double mine, double theirs) {
    return unit.moreIsBetter() ? mine / theirs : theirs / mine;
  }
}
