package org.depozit.storage;

import java.nio.file.Path;

/// How a store is opened.
///
/// @param directory the data directory; made if it is not there (mode 0700)
/// @param limits the bounds
/// @param flagsForced whether a flag change too is answered only after the force (`flags =
///   "forced"`); else it is in the log before its answer and forced within 100 ms
/// @param hashesUpgraded whether a password hash that came from another server becomes argon2id at
///   the first good log-in (`upgrade-hashes`)
public record StoreSettings(
    Path directory, StoreLimits limits, boolean flagsForced, boolean hashesUpgraded) {
  /// Hashes are upgraded.
  public StoreSettings(Path directory, StoreLimits limits, boolean flagsForced) {
    this(directory, limits, flagsForced, true);
  }

  /// The documented defaults.
  public static StoreSettings at(Path directory) {
    return new StoreSettings(directory, StoreLimits.DEFAULTS, false);
  }
}
