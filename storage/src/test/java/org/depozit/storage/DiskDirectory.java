package org.depozit.storage;

import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A directory of a [SimulatedDisk]. Of the names made, changed and removed since its last force a
/// cut leaves any, each by itself, but of those of one name the first so many; a rename is both of
/// its names or none, between two directories as well: there forcing either brings all of it to the
/// disk, as file systems do that have a journal.
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

    /// @param in whether this is the directory that it goes to
    record Moved(Move move, boolean in) implements Pending {}

    default Set<String> names() {
      return switch (this) {
        case Made(String name, DiskNode _) -> Set.of(name);
        case Removed(String name) -> Set.of(name);
        case Renamed(String from, String to, DiskNode _) -> Set.of(from, to);
        case Moved(Move move, boolean in) -> Set.of(in ? move.to : move.from);
      };
    }
  }

  /// A rename from one directory to another.
  private static final class Move {
    private final String from;
    private final String to;
    private final DiskNode node;
    private final DiskDirectory source;
    private final DiskDirectory target;

    /// The cut that it was last decided for, and how.
    private Optional<RandomGenerator> cut = Optional.empty();

    private boolean kept;

    Move(DiskDirectory source, String from, DiskDirectory target, String to) {
      this.source = source;
      this.from = from;
      this.target = target;
      this.to = to;
      this.node = Objects.requireNonNull(source.now.get(from));
    }

    @SuppressWarnings("ReferenceEquality") // each cut has a generator of its own
    boolean kept(RandomGenerator random, double keep) {
      if (cut.isEmpty() || cut.get() != random) {
        cut = Optional.of(random);
        kept = random.nextDouble() < keep;
      }
      return kept;
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

  /// Renames into another directory. What was done to either name before counts as forced.
  void move(String from, DiskDirectory target, String to) {
    settle(from);
    target.settle(to);
    Move move = new Move(this, from, target, to);
    done(new Pending.Moved(move, false));
    target.done(new Pending.Moved(move, true));
  }

  private void settle(String name) {
    if (pending.stream().anyMatch(change -> change.names().contains(name))) {
      force();
    }
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
      case Pending.Moved(Move move, boolean in) -> {
        if (in) {
          to.put(move.to, move.node);
        } else {
          to.remove(move.from);
        }
      }
    }
  }

  @Override
  public void force() {
    if (!pending.isEmpty()) {
      forced = new TreeMap<>(now);
      List<Pending> done = List.copyOf(pending);
      pending.clear();
      for (Pending change : done) {
        if (change instanceof Pending.Moved(Move move, boolean in)) {
          (in ? move.source : move.target).otherForced(move);
        }
      }
    }
  }

  /// The other directory of a move was forced.
  private void otherForced(Move move) {
    for (Pending change : List.copyOf(pending)) {
      if (change instanceof Pending.Moved(Move one, boolean _) && one == move) {
        apply(forced, change);
        pending.remove(change);
      }
    }
  }

  @Override
  public DiskDirectory cut(RandomGenerator random) {
    TreeMap<String, DiskNode> left = new TreeMap<>(forced);
    Set<String> stopped = new HashSet<>();
    double keep = random.nextInt(3) == 0 ? random.nextInt(2) : random.nextDouble();
    for (Pending change : pending) {
      boolean free = change.names().stream().noneMatch(stopped::contains);
      boolean kept =
          change instanceof Pending.Moved(Move move, boolean _)
              ? move.kept(random, keep)
              : free && random.nextDouble() < keep;
      if (kept) {
        apply(left, change);
      } else {
        stopped.addAll(change.names());
      }
    }
    left.replaceAll((name, node) -> node.cut(random));
    return new DiskDirectory(left, mode.permissions());
  }
}
