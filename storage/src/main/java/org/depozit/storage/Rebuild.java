package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Makes the database anew from the log alone: its segments are all there is to know, since what a
/// segment that was let go still told was carried forward (`docs/adr/0009-space.md`). The store is
/// closed meanwhile. What is there is never deleted: the database that stood there is moved aside.
final class Rebuild {
  /// Hears of what is found while it goes on.
  interface Report {
    /// Something could not be kept, or may not be all that was there.
    void lost(Loss loss);
  }

  /// What could not be kept.
  ///
  /// @param segment number of the segment, as in its file's name; 0 if it is about none
  /// @param from octet in the segment
  /// @param to octet behind
  /// @param what a sentence that tells what is known to be lost
  record Loss(long segment, long from, long to, String what) {}

  /// What was made.
  ///
  /// @param groups of the log that were read
  /// @param messages in all mailboxes
  /// @param aside where the files that stood in the database's place are now
  /// @param losses what was reported
  record Rebuilt(long groups, long messages, List<Path> aside, List<Loss> losses) {}

  private Rebuild() {}

  /// Rebuilds the database of a data directory that nobody has open; locks it meanwhile. If it ends
  /// half-way, everything is as it was before.
  ///
  /// @param directory the data directory
  /// @throws Refused IN_USE; UNAVAILABLE if the log cannot be read at all or there is no room
  static Rebuilt run(Path directory, StoreLimits limits, Report report) {
    try (StoreLock _ = StoreLock.lock(directory)) {
      return new Rebuilding(directory, limits, report).run();
    } catch (IOException e) {
      throw LogFiles.broken("The database cannot be rebuilt: " + e.getMessage(), e);
    }
  }
}
