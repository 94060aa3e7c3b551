package org.depozit.storage;

/// When space is given back while serving (`docs/operating.md`).
///
/// @param deadPercent a segment is rewritten when this share of it is dead, or more; 1 to 100; 20
/// @param lookMillis how often it is looked for, if anything was written meanwhile; 10,000
/// @param quietMillis after so long without a write the unused tail of the log is given back;
///   30,000
/// @param fileDeadPercent the database's file is made shorter when this share of it is dead, or
///   more, and nothing was written since the last look; while the store is written to, when twice
///   as much is; 1 to 49; 30
public record SpaceLimits(int deadPercent, long lookMillis, long quietMillis, int fileDeadPercent) {
  /// The documented defaults.
  public static final SpaceLimits DEFAULTS = new SpaceLimits(20, 10_000, 30_000, 30);
}
