package org.depozit.storage;

import java.nio.ByteBuffer;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A file of a [SimulatedDisk].
///
/// What a cut may leave of it: the content at the last force, and of the writes since, for each
/// sector by itself, the sector as it stood at some moment; of truncations the first so many; of
/// the lengths since then any. Nothing else is promised by POSIX, and nothing else is taken away.
final class DiskFile implements DiskNode {
  static final int SECTOR = 512;

  private final DiskBlocks now;
  private DiskBlocks forced;
  private final List<Pending> pending = new ArrayList<>();
  private final DiskMode mode;
  private boolean locked;

  /// What was done since the last force.
  private sealed interface Pending {
    record Written(long at, byte[] octets) implements Pending {}

    record Truncated(long size) implements Pending {}
  }

  DiskFile(Set<PosixFilePermission> permissions) {
    this(new DiskBlocks(), permissions);
  }

  private DiskFile(DiskBlocks forced, Set<PosixFilePermission> permissions) {
    this.now = forced.copy();
    this.forced = forced;
    this.mode = new DiskMode(permissions);
  }

  @Override
  public DiskMode mode() {
    return mode;
  }

  /// Takes the lock of the file.
  ///
  /// @return false if somebody has it
  boolean lock() {
    boolean free = !locked;
    locked = true;
    return free;
  }

  void unlock() {
    locked = false;
  }

  long size() {
    return now.size();
  }

  DiskBlocks content() {
    return now;
  }

  int read(long at, ByteBuffer into) {
    return now.read(at, into);
  }

  void write(long at, byte[] octets) {
    now.write(at, octets, 0, octets.length);
    pending.add(new Pending.Written(at, octets));
  }

  void truncate(long size) {
    if (size < now.size()) {
      now.resize(size);
      pending.add(new Pending.Truncated(size));
    }
  }

  @Override
  public void force() {
    if (!pending.isEmpty()) {
      forced = now.copy();
      pending.clear();
    }
  }

  /// A force that fails: some of what was written reached the disk, the rest never will, since the
  /// kernel takes it for written; programs still see all of it, until it leaves the cache.
  void failForce(RandomGenerator random) {
    if (!pending.isEmpty()) {
      forced = left(random);
      pending.clear();
    }
  }

  @Override
  public DiskFile cut(RandomGenerator random) {
    return new DiskFile(pending.isEmpty() ? forced.copy() : left(random), mode.permissions());
  }

  private DiskBlocks left(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> forced.copy();
      case 1 -> now.copy();
      case 2, 3 -> first(random);
      default -> some(random, random.nextInt(3) == 0 ? 0.95 : random.nextDouble());
    };
  }

  /// The first so many writes, the last of them torn.
  private DiskBlocks first(RandomGenerator random) {
    DiskBlocks left = forced.copy();
    int count = random.nextInt(pending.size());
    for (Pending each : pending.subList(0, count)) {
      apply(left, each);
    }
    if (pending.get(count) instanceof Pending.Written(long at, byte[] octets)) {
      long end = at + random.nextInt(octets.length + 1);
      int whole = (int) Math.max(0, end - end % SECTOR - at);
      left.write(at, octets, 0, whole);
    }
    return left;
  }

  private static void apply(DiskBlocks to, Pending each) {
    switch (each) {
      case Pending.Written(long at, byte[] octets) -> to.write(at, octets, 0, octets.length);
      case Pending.Truncated(long size) -> to.resize(size);
    }
  }

  /// Each sector as it stood at some moment, with a chance for the last.
  private DiskBlocks some(RandomGenerator random, double last) {
    List<Pending> happened = happened(random);
    Map<Long, int[]> writes = counted(happened);
    // The map's order is that of its keys' hashes: the same for the same keys.
    writes.values().forEach(count -> count[0] = kept(count[0], random, last));
    DiskBlocks left = forced.copy();
    long size = left.size();
    for (Pending each : happened) {
      if (each instanceof Pending.Written(long at, byte[] octets)) {
        write(left, at, octets, writes);
        boolean longer = at + octets.length > size && random.nextDouble() < Math.max(last, 0.3);
        size = longer ? at + octets.length : size;
      } else {
        apply(left, each);
        size = left.size();
      }
    }
    left.resize(size);
    return left;
  }

  /// All up to some truncation that did not.
  private List<Pending> happened(RandomGenerator random) {
    for (int i = 0; i < pending.size(); i++) {
      if (pending.get(i) instanceof Pending.Truncated && random.nextInt(3) == 0) {
        return pending.subList(0, i);
      }
    }
    return pending;
  }

  private static Map<Long, int[]> counted(List<Pending> happened) {
    Map<Long, int[]> writes = new HashMap<>();
    for (Pending each : happened) {
      if (each instanceof Pending.Written(long at, byte[] octets)) {
        for (long s = at / SECTOR; s * SECTOR < at + octets.length; s++) {
          writes.computeIfAbsent(s, sector -> new int[1])[0]++;
        }
      }
    }
    return writes;
  }

  private static int kept(int writes, RandomGenerator random, double last) {
    return random.nextDouble() < last ? writes : random.nextInt(writes + 1);
  }

  /// Writes those sectors that have writes left.
  private static void write(DiskBlocks to, long at, byte[] octets, Map<Long, int[]> left) {
    for (int done = 0; done < octets.length; ) {
      long sector = (at + done) / SECTOR;
      int part = (int) Math.min(octets.length - done, (sector + 1) * SECTOR - at - done);
      if (left.getOrDefault(sector, new int[1])[0]-- > 0) {
        to.write(at + done, octets, done, part);
      }
      done += part;
    }
  }
}
