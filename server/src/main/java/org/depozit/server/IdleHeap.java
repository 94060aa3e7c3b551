package org.depozit.server;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives back the memory that a busy time has left behind. The serial collector collects what is
/// old only when the heap has grown to its bound, a quarter of the machine's memory: after a
/// million changes a server of 150 MB stands there with gigabytes of garbage. So once there is
/// enough of it and next to nothing is allocated any more, the old are collected, which nobody
/// notices then.
///
/// One daemon thread, which looks every few seconds. Of a heap that is divided otherwise it lets
/// go.
final class IdleHeap {
  private static final Logger LOG = LoggerFactory.getLogger(IdleHeap.class);
  private static final long LOOK = TimeUnit.SECONDS.toNanos(5);

  /// Octets of garbage that are worth it, at least: it takes as long as what lives is large, so
  /// that it has to be half as much.
  static final long ENOUGH = 192L << 20;

  /// Collections of the young between two looks: each is 26 MB allocated.
  private static final int FEW = 1;

  private final MemoryPoolMXBean old;
  private final GarbageCollectorMXBean young;
  private final long enough;
  private long collections;

  private IdleHeap(MemoryPoolMXBean old, GarbageCollectorMXBean young, long enough) {
    this.old = old;
    this.young = young;
    this.enough = enough;
    this.collections = young.getCollectionCount();
  }

  /// Looks from now on, as long as the process lives.
  static void watch() {
    of(ENOUGH).ifPresent(heap -> Thread.ofPlatform().daemon().name("idle-heap").start(heap::run));
  }

  /// Of a process with the serial collector; else empty.
  ///
  /// @param enough octets of garbage that are worth a collection
  static Optional<IdleHeap> of(long enough) {
    Optional<MemoryPoolMXBean> old =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Tenured Gen"))
            .findFirst();
    Optional<GarbageCollectorMXBean> young =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .filter(collector -> collector.getName().equals("Copy"))
            .findFirst();
    return old.flatMap(pool -> young.map(collector -> new IdleHeap(pool, collector, enough)));
  }

  private void run() {
    while (true) {
      LockSupport.parkNanos(LOOK);
      look();
    }
  }

  /// Collects if there is enough and nobody is busy.
  ///
  /// @return whether it did
  boolean look() {
    long now = young.getCollectionCount();
    boolean idle = now - collections <= FEW;
    collections = now;
    if (!idle || garbage() < Math.max(enough, old.getCollectionUsage().getUsed() / 2)) {
      return false;
    }
    long before = old.getUsage().getCommitted();
    System.gc();
    LOG.debug("The heap went from {} to {} octets", before, old.getUsage().getCommitted());
    return true;
  }

  /// What has become old since the last collection, at most: some of it lives.
  private long garbage() {
    return old.getUsage().getUsed() - old.getCollectionUsage().getUsed();
  }
}
