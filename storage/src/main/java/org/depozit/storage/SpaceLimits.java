package org.depozit.storage;

/// When space is given back while serving (`docs/operating.md`).
///
/// @param deadPercent a segment is rewritten when this share of it is dead, or more; 1 to 100; 20
/// @param lookMillis how often it is looked for, if anything was written meanwhile; 10,000
/// @param quietMillis after so long without a write the unused tail of the log is given back;
///   30,000
public record SpaceLimits(int deadPercent, long lookMillis, long quietMillis) {
  /// The documented defaults.
  public static final SpaceLimits DEFAULTS = new SpaceLimits(20, 10_000, 30_000);
}
