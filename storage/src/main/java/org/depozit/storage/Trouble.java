package org.depozit.storage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that fails as long as its cause is there: says so once in the log, and once that it is
/// over, however often it is tried in between. One thread.
final class Trouble {
  private static final Logger LOGGER = LoggerFactory.getLogger(Trouble.class);

  private final String what;
  private boolean here;

  /// @param what fails, as the start of a sentence
  Trouble(String what) {
    this.what = what;
  }

  /// It failed.
  void seen(Exception cause) {
    if (!here) {
      LOGGER.error(
          "{}: {}. It is tried again; nothing that was answered is lost", what, why(cause));
      LOGGER.debug(what, cause);
      here = true;
    }
  }

  /// It worked.
  void over() {
    if (here) {
      LOGGER.info("{}: that is over", what);
      here = false;
    }
  }

  /// The message of the first cause, which tells most.
  static String why(Throwable cause) {
    Throwable first = cause;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    return first.getMessage() == null ? first.getClass().getSimpleName() : first.getMessage();
  }
}
