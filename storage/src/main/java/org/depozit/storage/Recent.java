package org.depozit.storage;

import java.util.LinkedHashMap;
import java.util.Map;

/// A map that keeps what was used last, so many entries and no more. One thread.
final class Recent<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;
  private final int most;

  /// @param most entries kept
  Recent(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
