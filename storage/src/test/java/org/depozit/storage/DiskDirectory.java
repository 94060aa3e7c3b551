package org.depozit.storage;

import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A directory of a [SimulatedDisk]. Of the names made, changed and removed since its last force a
/// cut leaves any, each by itself, but of those of one name the first so many; a rename is both of
/// its names or none.
final class DiskDirectory implements DiskNode {
  private final TreeMap<String, DiskNode> now;
  private TreeMap<String, DiskNode> forced;
  private final List<Pending> pending = new ArrayList<>();
  private final DiskMode mode;

  /// What was done since the last force.
  private sealed interface Pending {
    record Made(String name, DiskNode node) implements Pending {}

    record Removed(String name) implements Pending {}

    record Renamed(String from, String to, DiskNode node) implements Pending {}

    default Set<String> names() {
      return switch (this) {
        case Made(String name, DiskNode _) -> Set.of(name);
        case Removed(String name) -> Set.of(name);
        case Renamed(String from, String to, DiskNode _) -> Set.of(from, to);
      };
    }
  }

  DiskDirectory(Set<PosixFilePermission> permissions) {
    this(new TreeMap<>(), permissions);
  }

  private DiskDirectory(TreeMap<String, DiskNode> forced, Set<PosixFilePermission> permissions) {
    this.now = new TreeMap<>(forced);
    this.forced = forced;
    this.mode = new DiskMode(permissions);
  }

  @Override
  public DiskMode mode() {
    return mode;
  }

  /// What the programs see.
  Map<String, DiskNode> entries() {
    return now;
  }

  void make(String name, DiskNode node) {
    done(new Pending.Made(name, node));
  }

  void remove(String name) {
    done(new Pending.Removed(name));
  }

  void rename(String from, String to) {
    done(new Pending.Renamed(from, to, now.get(from)));
  }

  private void done(Pending change) {
    apply(now, change);
    pending.add(change);
  }

  private static void apply(Map<String, DiskNode> to, Pending change) {
    switch (change) {
      case Pending.Made(String name, DiskNode node) -> to.put(name, node);
      case Pending.Removed(String name) -> to.remove(name);
      case Pending.Renamed(String from, String name, DiskNode node) -> {
        to.remove(from);
        to.put(name, node);
      }
    }
  }

  @Override
  public void force() {
    if (!pending.isEmpty()) {
      forced = new TreeMap<>(now);
      pending.clear();
    }
  }

  @Override
  public DiskDirectory cut(RandomGenerator random) {
    TreeMap<String, DiskNode> left = new TreeMap<>(forced);
    Set<String> stopped = new HashSet<>();
    double keep = random.nextInt(3) == 0 ? random.nextInt(2) : random.nextDouble();
    for (Pending change : pending) {
      boolean free = change.names().stream().noneMatch(stopped::contains);
      if (free && random.nextDouble() < keep) {
        apply(left, change);
      } else {
        stopped.addAll(change.names());
      }
    }
    left.replaceAll((name, node) -> node.cut(random));
    return new DiskDirectory(left, mode.permissions());
  }
}
