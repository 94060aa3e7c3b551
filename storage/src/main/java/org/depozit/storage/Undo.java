package org.depozit.storage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What takes back, the last first, what the proposals of a group have done to the ledger. The
/// writer only.
final class Undo {
  private final Deque<Runnable> steps = new ArrayDeque<>();

  /// Notes how something that was just done is taken back.
  void push(Runnable step) {
    steps.push(step);
  }

  /// Notes that an entry of a map was replaced.
  ///
  /// @param before what it was; null if it was not there
  <V> void replaced(Map<Integer, V> map, int key, @Nullable V before) {
    push(() -> {
      if (before == null) {
        map.remove(key);
      } else {
        map.put(key, before);
      }
    });
  }

  /// The state now, for [#back].
  int mark() {
    return steps.size();
  }

  /// Takes back what was done since the mark.
  ///
  /// @return whether it was anything
  boolean back(int mark) {
    boolean any = steps.size() > mark;
    while (steps.size() > mark) {
      steps.pop().run();
    }
    return any;
  }

  /// The group is done with.
  void clear() {
    steps.clear();
  }
}
