package org.depozit.storage;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.h2.mvstore.Chunk;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;

/// Makes the database's file shorter while it is used. H2 writes what has changed as a *chunk*, in
/// the first gap that takes it, or at the end; a chunk's room is a gap when none of its pages is
/// alive. Of a store that has shrunk nearly every chunk has some, and the last ones keep the file
/// long. So chunks are chosen, the emptiest first, then those at the end of the file, and their
/// pages written anew in steps of a few milliseconds each, however large a chunk is ([PageWalk]);
/// then H2 cuts the file.
///
/// Nothing of it reaches the disk but by a checkpoint, as a whole
/// (`docs/adr/0007-page-journal.md`); the rows stay what they are. The writer only, but [#share],
/// [#due] and [#full] are any thread's.
final class FileSpace {
  /// A chunk that is filled better, in percent, stays where it is.
  private static final int FULL = 75;

  /// A chunk that would give back less stays too.
  private static final int LEAST = 8 << 10;

  /// How much of the file is to be used in the end, in percent: chunks behind that place go.
  private static final int DENSE = 90;

  /// Octets by which it may be longer.
  private static final int SLACK = 64 << 10;

  /// Live octets of the chunks that are emptied together: as much may come to the file at its end
  /// before their room is free.
  private static final long TOGETHER = 16L << 20;

  /// Octets in H2's heap, by its own count, that are not stored yet, after which they are: what is
  /// stored is one chunk, of a fourth or so, and storing it is part of a step.
  private static final int UNSTORED = 2 << 20;

  /// Octets of live pages that H2 itself moves in a step: those of its own tables, to which no walk
  /// leads.
  private static final int REST = 64 << 10;

  private static final int RESTS = 16;

  /// Octets that wait for a checkpoint after which one is due: that is what the others wait for.
  private static final long WAITING = 2L << 20;

  /// Octets that wait for a checkpoint after which nothing is moved any more: none was taken
  /// although one was due.
  private static final long MOST_WAITING = 2 * WAITING;

  private static final int BLOCK = 4 << 10;

  private final MVStore store;
  private final Deque<PageWalk<?, ?>> walks = new ArrayDeque<>();
  private final Set<Integer> chosen = new HashSet<>();

  /// Chosen before in this run: what is left of them is held by a reader.
  private final Set<Integer> tried = new HashSet<>();

  /// What was written later was written by this run, or is young: it is not emptied for its gaps.
  private long newest;

  /// Octets that may still be moved in this run: it ends.
  private long budget;

  /// How often H2 may still move what the walks have left of the chosen.
  private int rests;

  /// How long the file was when chunks at its end were last chosen.
  private long last;

  private long until;
  private volatile boolean running;
  private volatile boolean ended;

  /// How large the file is.
  ///
  /// @param octets of the file
  /// @param alive octets of it in pages that are alive, about
  record Share(long octets, long alive) {
    long dead() {
      return Math.max(0, octets - alive);
    }

    int deadPercent() {
      return octets == 0 ? 0 : (int) (100 * dead() / octets);
    }
  }

  private record Piece(int id, long version, long end, long octets, long maximum, long alive) {
    static Piece of(Chunk<?> chunk) {
      return new Piece(
          chunk.id,
          chunk.version,
          (chunk.block + chunk.len) * BLOCK,
          (long) chunk.len * BLOCK,
          Math.max(1, chunk.maxLen),
          chunk.maxLenLive);
    }

    long filled() {
      return 100 * alive / maximum;
    }

    long aliveOctets() {
      return octets * alive / maximum;
    }

    boolean worthIt() {
      return filled() < FULL && octets - aliveOctets() >= LEAST;
    }
  }

  FileSpace(MVStore store) {
    this.store = store;
  }

  private FileStore<?> file() {
    return store.getFileStore();
  }

  /// How much of the file is alive. Any thread.
  Share share() {
    long octets = file().size();
    return new Share(octets, octets * file().getFillRate() * file().getChunksFillRate() / 10_000);
  }

  /// Whether a checkpoint is due for what was written here. Any thread.
  ///
  /// @param pending octets that wait for one
  boolean due(long pending) {
    return (running && pending >= WAITING) || (ended && pending > 0);
  }

  /// Whether what was written here has to wait for a checkpoint before more is. Any thread.
  ///
  /// @param pending octets that wait for one
  boolean full(long pending) {
    return pending >= MOST_WAITING;
  }

  /// Whether pages are being moved. Any thread.
  boolean running() {
    return running;
  }

  /// A checkpoint was taken.
  void forced() {
    ended = false;
  }

  /// Starts a run.
  ///
  /// @return whether there is anything to do
  boolean begin() {
    forget();
    running = true;
    tried.clear();
    newest = store.getCurrentVersion();
    last = Long.MAX_VALUE;
    budget = 2 * share().alive() + TOGETHER;
    return true;
  }

  /// Ends a run, at its end or before.
  ///
  /// @return true
  boolean end() {
    forget();
    running = false;
    ended = true;
    free();
    return true;
  }

  private void forget() {
    walks.clear();
    chosen.clear();
  }

  /// Chooses what [#step] empties next.
  ///
  /// @return whether there is anything that is worth it
  boolean choose() {
    forget();
    free();
    List<Piece> pieces = pieces();
    choose(
        pieces.stream()
            .filter(piece -> piece.version() <= newest && piece.worthIt())
            .sorted(Comparator.comparingLong(Piece::filled)));
    long goal = SLACK + 100 * pieces.stream().mapToLong(Piece::octets).sum() / DENSE;
    if (chosen.isEmpty() && file().size() > goal && file().size() < last) {
      last = file().size() - file().size() / 50;
      choose(
          pieces.stream()
              .filter(piece -> piece.end() > goal)
              .sorted(Comparator.comparingLong(Piece::end).reversed()));
    }
    if (chosen.isEmpty()) {
      return false;
    }
    maps().forEach(map -> walks.add(walk(map)));
    rests = RESTS;
    return true;
  }

  private void choose(Stream<Piece> pieces) {
    long[] left = {Math.min(TOGETHER, budget)};
    pieces
        .takeWhile(_ -> left[0] > 0)
        .filter(piece -> tried.add(piece.id()))
        .forEach(piece -> {
          chosen.add(piece.id());
          left[0] -= piece.aliveOctets();
          budget -= piece.aliveOctets();
        });
  }

  private <K, V> PageWalk<K, V> walk(int map) {
    return new PageWalk<K, V>(
        store.getMap(map),
        position ->
            DataUtils.isPageSaved(position) && chosen.contains(DataUtils.getPageChunkId(position)),
        () -> System.nanoTime() > until || store.getUnsavedMemory() > UNSTORED);
  }

  /// Moves the next pages of what was chosen.
  ///
  /// @param nanos for how long at most, and what a page and storing them takes
  /// @return whether there is more to do
  boolean step(long nanos) {
    until = System.nanoTime() + nanos;
    while (!walks.isEmpty() && walks.getFirst().walk()) {
      walks.removeFirst();
      if (System.nanoTime() > until) {
        break;
      }
    }
    if (store.getUnsavedMemory() > UNSTORED) {
      store.commit();
    }
    return !walks.isEmpty() || moveRest();
  }

  /// What is left in the chosen chunks are pages of H2's own tables.
  private boolean moveRest() {
    store.commit();
    boolean left = pieces().stream().anyMatch(piece -> chosen.contains(piece.id()));
    return left && rests-- > 0 && file().compact(100, REST);
  }

  private void free() {
    store.executeFilestoreOperation(file()::dropUnusedChunks);
    store.commit();
  }

  private List<Piece> pieces() {
    return layout("chunk.")
        .map(entry -> Piece.of(file().createChunk(entry.getValue())))
        .filter(piece -> piece.alive() > 0)
        .toList();
  }

  /// The trees of tables and indexes; not those of H2's own of open transactions.
  private List<Integer> maps() {
    return layout("root.")
        .map(entry -> DataUtils.parseHexInt(entry.getKey().substring("root.".length())))
        .filter(map -> store.getMap(map) != null)
        .filter(map -> !String.valueOf(store.getMapName(map)).startsWith("undoLog"))
        .toList();
  }

  private Stream<Map.Entry<String, String>> layout(String kind) {
    return file().getLayoutMap().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(kind));
  }
}
