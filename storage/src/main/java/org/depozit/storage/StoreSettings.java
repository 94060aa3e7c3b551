package org.depozit.storage;

import java.nio.file.Path;

/// How a store is opened.
///
/// @param directory the data directory; made if it is not there (mode 0700)
/// @param limits the bounds
/// @param flagsForced whether a flag change too is answered only after the force (`flags =
///   "forced"`); else it is in the log before its answer and forced within 100 ms
public record StoreSettings(Path directory, StoreLimits limits, boolean flagsForced) {
  /// The documented defaults.
  public static StoreSettings at(Path directory) {
    return new StoreSettings(directory, StoreLimits.DEFAULTS, false);
  }
}
