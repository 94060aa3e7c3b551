package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Removes big bodies that no row has named since before the last checkpoint. [Space]'s thread.
final class BigBodies {
  private final Workings workings;
  private final LogFiles files;

  /// Those that no row names, with the log's position when that was first seen.
  private Map<Long, Long> unnamed = new HashMap<>();

  BigBodies(Workings workings, LogFiles files) {
    this.workings = workings;
    this.files = files;
  }

  /// Whether some wait for a checkpoint, or for somebody who may read them.
  boolean waiting() {
    return !unnamed.isEmpty();
  }

  /// Looks for some, and removes those that have waited.
  void remove(Checkpoint confirmed) throws IOException {
    List<Long> ready = ready(confirmed);
    if (ready.isEmpty() || workings.bodies().pinned()) {
      return;
    }
    // Refused if the writer has stopped: nobody knows then what the log says of the last ones.
    workings.commits().submit(_ -> Outcome.nothing(true));
    for (long body : ready) {
      workings.bodies().forget(body);
      Files.deleteIfExists(files.body(body));
      unnamed.remove(body);
    }
    files.force();
  }

  private List<Long> ready(Checkpoint confirmed) throws IOException {
    Map<Long, Long> now = new HashMap<>();
    List<Long> ready = new ArrayList<>();
    long position = workings.states().logPosition();
    for (long body : files.bodies()) {
      // In this order: what a session lets go is named by then, or gone.
      if (!files.isSpooled(body) && !workings.db().read(c -> Loads.named(c, body))) {
        long since = unnamed.getOrDefault(body, position);
        now.put(body, since);
        if (since <= confirmed.sequence()) {
          ready.add(body);
        }
      }
    }
    unnamed = now;
    return ready;
  }
}
