package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of [Rebuild]: all segments in order into an empty database in a folder of its own, which
/// then takes the place of the other; the log goes on in a new segment. One thread, once.
final class Rebuilding {
  private static final Logger LOGGER = LoggerFactory.getLogger(Rebuilding.class);

  /// Octets of log after which the database is forced, so that its pages do not fill the heap.
  private static final long SOME = 32L << 20;

  private final Path directory;
  private final StoreLimits limits;
  private final Rebuild.Report report;
  private final LogFiles files;
  private final List<Rebuild.Loss> losses = new ArrayList<>();

  /// Of the segments that were let go, the numbers of their groups: last by first.
  private final LetGo letGo = new LetGo();

  /// Numbers of groups that were not there: last by first, and where they were missed.
  private final List<Gap> gaps = new ArrayList<>();

  /// Whether nothing but the new database may be written.
  private boolean looking;

  private long sequence;
  private int checksum;
  private long groups;

  private record Gap(long first, long last, long segment, long offset) {}

  Rebuilding(Path directory, StoreLimits limits, Rebuild.Report report) {
    this.directory = directory;
    this.limits = limits;
    this.report = report;
    this.files = new LogFiles(directory.resolve("log"));
  }

  /// Makes the database in a folder and leaves everything else alone: a second opinion.
  void aside(Path fresh) throws IOException {
    looking = true;
    fill(fresh);
  }

  Rebuild.Rebuilt run() throws IOException {
    numbers();
    Path fresh = directory.resolve("rebuilding");
    removeAll(fresh);
    Files.createDirectory(fresh);
    long messages = fill(fresh);
    // Flat saves may know what the log has lost.
    removeAll(directory.resolve(FlatSaves.DIRECTORY));
    List<Path> aside = exchange(fresh);
    goOn();
    removeAll(fresh);
    LOGGER.info("The database was rebuilt from {} groups of the log", groups);
    return new Rebuild.Rebuilt(groups, messages, aside, List.copyOf(losses));
  }

  /// Numbers of files are never given twice: the last checkpoint may tell of higher ones than the
  /// files that are left.
  private void numbers() {
    try {
      Checkpoint.read(files).ifPresent(checkpoint -> files.given(checkpoint.numbers()));
    } catch (IOException e) {
      lost(0, 0, 0, "the checkpoint's file cannot be read; it is written anew");
    }
  }

  private long fill(Path fresh) throws IOException {
    try (PageJournal pages = Schema.open(fresh, limits)) {
      return fill(new H2Dialect(pages));
    }
  }

  private long fill(Dialect dialect) throws IOException {
    try (Db db = new Db(dialect, dialect.url(), 1);
        Rows rows = new Rows(db)) {
      rows.fromNothing();
      for (long segment : files.segments()) {
        replay(segment, rows);
        rows.checkpoint();
      }
      missing();
      Mending mending = new Mending(rows.statements(), this::lost);
      mending.mend(rows);
      rows.recount();
      rows.checkpoint();
      return mending.messages();
    }
  }

  private void replay(long segment, Rows rows) throws IOException {
    long[] unforced = {0};
    OptionalLong end =
        SegmentScan.read(
            files,
            segment,
            sequence,
            new SegmentScan.Taker() {
              @Override
              public void group(Group.Read group, long offset) throws IOException {
                take(segment, group, offset, rows);
                unforced[0] += group.octets().limit();
                if (unforced[0] > SOME) {
                  rows.checkpoint();
                  unforced[0] = 0;
                }
              }

              @Override
              public void damaged(long from, long to) {
                lost(segment, from, to, (to - from) + " octets are no whole group");
              }
            });
    if (end.isEmpty() && !looking) {
      // Zeros that were to be a segment.
      Files.deleteIfExists(files.segment(segment));
    }
  }

  private void take(long segment, Group.Read group, long offset, Rows rows) throws IOException {
    if (group.sequence() > sequence + 1) {
      gaps.add(new Gap(sequence + 1, group.sequence() - 1, segment, offset));
    }
    sequence = group.sequence();
    checksum = group.checksum();
    groups++;
    rows.begin();
    for (Change change : group.changes()) {
      letGo.note(change);
      rows.apply(change);
    }
    rows.commit();
  }

  /// Tells of the groups that are neither here nor were let go.
  private void missing() {
    for (Gap gap : gaps) {
      long at = gap.first;
      while (at <= gap.last) {
        Optional<Long> to = letGo.last(at);
        if (to.isPresent()) {
          at = to.get() + 1;
        } else {
          long last = Math.min(gap.last, letGo.next(at) - 1);
          lost(gap.segment, gap.offset, gap.offset, groupsLost(at, last));
          at = last + 1;
        }
      }
    }
  }

  private static String groupsLost(long first, long last) {
    return "groups %d to %d, which stood before this place, are lost with all that was done in them"
        .formatted(first, last);
  }

  private void lost(long segment, long from, long to, String what) {
    Rebuild.Loss loss = new Rebuild.Loss(segment, from, to, what);
    losses.add(loss);
    report.lost(loss);
  }

  /// Puts the new database in the place of the old one, which keeps its name with an addition.
  private List<Path> exchange(Path fresh) throws IOException {
    List<Path> aside = new ArrayList<>();
    String addition = ".damaged-" + System.currentTimeMillis();
    for (Path old : databaseFiles(directory)) {
      Path there = directory.resolve(old.getFileName() + addition);
      Files.move(old, there);
      aside.add(there);
    }
    // The old one's page journal must be gone before a new database is there.
    LogFiles.forceNames(directory);
    for (Path made : databaseFiles(fresh)) {
      Files.move(
          made, directory.resolve(made.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
    }
    LogFiles.forceNames(directory);
    return aside;
  }

  private static List<Path> databaseFiles(Path in) throws IOException {
    try (Stream<Path> all = Files.list(in)) {
      return all.filter(file -> file.getFileName().toString().startsWith("depozit.mv.db"))
          .filter(file -> !file.getFileName().toString().contains(".damaged-"))
          .toList();
    }
  }

  /// The log goes on behind all that was read, so that no damaged place is looked at again.
  private void goOn() throws IOException {
    Segment next =
        Segment.Prepared.prepare(files, Math.min(Log.FIRST_SEGMENT, limits.segmentOctets()))
            .start(sequence + 1, checksum);
    try (Log log = new Log(files, limits, next, sequence, checksum)) {
      log.checkpoint(false).write(files);
    }
  }

  static void removeAll(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      List<Path> all;
      try (Stream<Path> walk = Files.walk(folder)) {
        all = walk.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path each : all) {
        Files.delete(each);
      }
    }
  }
}
