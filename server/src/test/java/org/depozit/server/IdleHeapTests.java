package org.depozit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Garbage that has become old goes when nobody is busy, and only then.
final class IdleHeapTests {
  private static final long ENOUGH = 16L << 20;

  @Test
  void whatABusyTimeLeftGoesOnceItIsOver() {
    IdleHeap heap = IdleHeap.of(ENOUGH).orElseThrow();
    System.gc();
    List<byte[]> old = leave();
    assertThat(heap.look()).as("busy").isFalse();
    assertThat(old).isNotEmpty();
    old.clear();
    assertThat(heap.look()).as("idle").isTrue();
    assertThat(heap.look()).as("nothing is left").isFalse();
  }

  /// Puts into the old generation what the young one cannot keep: so little that the collector does
  /// not come to it by itself.
  private static List<byte[]> leave() {
    List<byte[]> old = new ArrayList<>();
    long collections = collections();
    while (collections() < collections + 3 || old.size() < 32) {
      old.add(new byte[1 << 20]);
      if (old.size() > 48) {
        old.subList(0, 16).clear();
      }
    }
    return old;
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(collector -> collector.getName().equals("Copy"))
        .findFirst()
        .orElseThrow()
        .getCollectionCount();
  }
}
