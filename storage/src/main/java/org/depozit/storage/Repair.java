package org.depozit.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes a store whole again that [ClosedCheck] finds faults in, keeps whatever can be kept, and
/// says what could not. Nothing is deleted but flat saves, which are made again: what was damaged
/// stays beside under a name with `.damaged-`.
///
/// - The log is whole: it knows every row, and the database is made anew from it ([Rebuild]), with
///   its indexes and counters.
/// - The log is damaged, the database is not: all facts and bodies are written into a new log, from
///   which the database is made, as in a backup and its restore.
/// - Both are: the database is made from what can be read of the log, and then a new log from that.
///   UIDs and mod-sequences jump then, since some that clients know may be lost.
///
/// Messages whose bodies are lost are named and expunged, so that clients do not ask for them for
/// ever. One thread, once.
final class Repair {
  private final StoreSettings settings;
  private final Path directory;
  private final Consumer<String> step;
  private final Consumer<String> told;
  private final String addition = ".damaged-" + System.currentTimeMillis();

  /// @param told is told what was done and what could not be kept, a line each
  Repair(StoreSettings settings, Consumer<String> step, Consumer<String> told) {
    this.settings = settings;
    this.directory = settings.directory();
    this.step = step;
    this.told = told;
  }

  /// @throws Refused IN_USE if somebody has the store open; UNAVAILABLE if it cannot be repaired
  void run() {
    try {
      finishExchange();
      boolean logWhole = logIsWhole();
      Rebuilding.removeAll(directory.resolve(FlatSaves.DIRECTORY));
      boolean lost = false;
      if (!databaseIsWhole(logWhole)) {
        lost = logWhole ? rebuild() : rebuildOfRest();
      }
      lost |= Files.exists(jumping());
      try (SqlStore store = SqlStore.openAsItIs(settings)) {
        LostBodies.expunge(store.workings(), step, told);
        if (!logWhole) {
          step.accept("a new log");
          renewed(store, lost ? Backup.JUMP : 0);
        }
      }
      if (!logWhole) {
        exchangeLog();
      }
      Files.deleteIfExists(jumping());
    } catch (IOException e) {
      throw LogFiles.broken("The store cannot be repaired: " + ClosedCheck.told(e), e);
    }
  }

  private boolean logIsWhole() throws IOException {
    step.accept("the log's files");
    try (StoreLock _ = StoreLock.lock(directory)) {
      LogFiles files = new LogFiles(directory.resolve("log"));
      Faults faults = new Faults();
      checkpoint(files);
      LogCheck.groups(files, faults);
      faults.list().forEach(fault -> told.accept("damaged: " + fault));
      return faults.isEmpty();
    }
  }

  /// Without one the store is not opened, and the database is made anew.
  private void checkpoint(LogFiles files) throws IOException {
    try {
      Checkpoint.read(files);
    } catch (IOException e) {
      Path aside = files.checkpoint().resolveSibling("checkpoint" + addition);
      Files.move(files.checkpoint(), aside);
      told.accept("moved aside: " + directory.relativize(aside) + ", which is damaged");
    }
  }

  private boolean databaseIsWhole(boolean logWhole) throws IOException {
    if (!Files.exists(directory.resolve("log").resolve("checkpoint"))
        || !Files.exists(PageJournal.database(directory))) {
      return false;
    }
    List<Fault> faults = new ArrayList<>();
    try (SqlStore store = SqlStore.openAsItIs(settings)) {
      faults.addAll(store.checkRows(step));
      if (faults.isEmpty() && logWhole) {
        faults.addAll(ClosedCheck.compared(settings, store, step));
      }
    } catch (RuntimeException | StackOverflowError e) {
      ClosedCheck.inUse(e);
      faults.add(new Fault("the store", "cannot be opened: " + ClosedCheck.told(e)));
    }
    faults.forEach(fault -> told.accept("damaged: " + fault));
    return faults.isEmpty();
  }

  /// @return whether something of the log could not be kept
  private boolean rebuild() {
    step.accept("the database anew from the log");
    Rebuild.Rebuilt made =
        Rebuild.run(directory, settings.limits(), loss -> told.accept("not kept: " + place(loss)));
    told.accept(
        "the database was made anew from %,d groups of the log: %,d messages"
            .formatted(made.groups(), made.messages()));
    made.aside().forEach(path -> told.accept("moved aside: " + directory.relativize(path)));
    return !made.losses().isEmpty();
  }

  /// The same from a damaged log. If it is cut off behind that, the database looks whole to the
  /// next repair: that numbers are lost has to be noted before.
  private boolean rebuildOfRest() throws IOException {
    if (!Files.exists(jumping())) {
      Owned.create(jumping()).close();
      LogFiles.forceNames(directory);
    }
    return rebuild();
  }

  private Path jumping() {
    return jumping(directory);
  }

  /// Is there from when a database is made of a damaged log until the repair has ended.
  private static Path jumping(Path directory) {
    return directory.resolve("repairing.jump");
  }

  /// Until its numbers have jumped nobody may be served from such a store.
  ///
  /// @throws Refused UNAVAILABLE if a repair was cut off there
  static void mustNotBeHalfway(Path directory) {
    if (Files.exists(jumping(directory))) {
      throw new Refused(
          Refused.Reason.UNAVAILABLE,
          "A repair of " + directory + " was cut off: `depozit check --repair` has to end it");
    }
  }

  private static String place(Rebuild.Loss loss) {
    return loss.segment() == 0
        ? loss.what()
        : "segment %016x, octets %d to %d: %s"
            .formatted(loss.segment(), loss.from(), loss.to(), loss.what());
  }

  /// Everything into a log of its own.
  private void renewed(SqlStore store, long jump) throws IOException {
    Path fresh = fresh();
    Rebuilding.removeAll(fresh);
    Backup backup = new Backup(store.workings(), step);
    backup.write(fresh, backup.accounts(Optional.empty()), true, jump);
  }

  private Path fresh() {
    return directory.resolve("repairing");
  }

  /// An earlier repair that ended between the two moves of [#exchangeLog] has left no log, and a
  /// whole new one: it takes its place.
  private void finishExchange() throws IOException {
    try (StoreLock _ = StoreLock.lock(directory)) {
      Path log = directory.resolve("log");
      Path fresh = fresh().resolve("log");
      if (movedAside() && Files.isDirectory(fresh) && new LogFiles(log).segments().isEmpty()) {
        Rebuilding.removeAll(log);
        Files.move(fresh, log);
        LogFiles.forceNames(directory);
        Rebuilding.removeAll(fresh());
        told.accept("a repair that was cut off goes on");
      }
    }
  }

  private boolean movedAside() throws IOException {
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "log.damaged-*")) {
      return logs.iterator().hasNext();
    }
  }

  /// The new log takes the place of the damaged one, and the database is made from it.
  private void exchangeLog() throws IOException {
    Path log = directory.resolve("log");
    Path aside = directory.resolve("log" + addition);
    Files.move(log, aside);
    told.accept("moved aside: " + directory.relativize(aside));
    Files.move(fresh().resolve("log"), log);
    LogFiles.forceNames(directory);
    Rebuilding.removeAll(fresh());
    rebuild();
  }
}
