package org.depozit.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files in which a body cannot be read: each is said once in the log, and once that the body
/// can be read again, however many ask for it in between. Any thread.
final class Unreadable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Unreadable.class);

  /// By the number of the file, the body that was said.
  private final Map<Long, Change.BodyPlace> said = new ConcurrentHashMap<>();

  /// A body could not be read.
  void seen(Change.BodyPlace place, Exception cause) {
    if (said.putIfAbsent(place.segment(), place) == null) {
      LOGGER.error(
          "A message body cannot be read, in {} at {}: {}. The rest of the mail is served;"
              + " `depozit check` says what is damaged",
          file(place),
          place.offset(),
          Trouble.why(cause));
      LOGGER.debug("A message body cannot be read", cause);
    }
  }

  /// A body was read.
  void over(Change.BodyPlace place) {
    if (!said.isEmpty() && said.remove(place.segment(), place)) {
      LOGGER.info("The message body in {} at {} can be read again", file(place), place.offset());
    }
  }

  private static String file(Change.BodyPlace place) {
    return "%016x.%s".formatted(place.segment(), place.offset() == 0 ? "body" : "seg");
  }
}
