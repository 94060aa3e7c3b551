package org.depozit.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files in which a body cannot be read: each is said once in the log, and once that the body
/// can be read again, however many ask for it in between. Any thread.
final class Unreadable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Unreadable.class);

  /// By the number of the file, what was said.
  private final Map<Long, Said> said = new ConcurrentHashMap<>();

  /// A body, and the octet of it from which on it could not be read.
  private record Said(Change.BodyPlace place, long position) {}

  /// A body could not be read.
  ///
  /// @param position from which octet of it on
  /// @return whether that was not known
  boolean seen(Change.BodyPlace place, long position, Exception cause) {
    boolean news = said.putIfAbsent(place.segment(), new Said(place, position)) == null;
    if (news) {
      LOGGER.error(
          "A message body cannot be read, in {} at {}: {}. The rest of the mail is served;"
              + " `depozit check` says what is damaged",
          file(place),
          place.offset(),
          Trouble.why(cause));
      LOGGER.debug("A message body cannot be read", cause);
    }
    return news;
  }

  /// Octets of a body were read: before the place that could not be, that tells nothing.
  ///
  /// @return whether that is over now
  boolean over(Change.BodyPlace place, long position, int count) {
    if (said.isEmpty()) {
      return false;
    }
    Said known = said.get(place.segment());
    boolean over =
        known != null
            && known.place.equals(place)
            && position <= known.position
            && known.position < position + count
            && said.remove(place.segment(), known);
    if (over) {
      LOGGER.info("The message body in {} at {} can be read again", file(place), place.offset());
    }
    return over;
  }

  private static String file(Change.BodyPlace place) {
    return "%016x.%s".formatted(place.segment(), place.offset() == 0 ? "body" : "seg");
  }
}
