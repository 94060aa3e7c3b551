package org.depozit.storage;

import java.nio.file.Path;

/// The directory of the log: `%016x.seg` are segments, `%016x.body` big bodies, one each; numbers are given once.
final class LogFiles {
  private final Path directory;

  /// @param directory `log` in the data directory; made if it is not there
  LogFiles(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }
}
