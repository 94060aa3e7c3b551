package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Checks a store that nobody has open, more than [Check] can: its files before they are opened,
/// and its database against one that is made from the log alone, which knows every row. H2 itself
/// would let pass a flipped bit in a row; a flip in a page that it reads no more is no fault.
///
/// One thread, once. Needs room for a second database beside the first.
final class ClosedCheck {
  private final StoreSettings settings;
  private final Consumer<String> progress;
  private final Faults faults = new Faults();

  ClosedCheck(StoreSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /// @throws Refused IN_USE if somebody has the store open
  List<Fault> run() {
    files();
    boolean opened = false;
    try (SqlStore store = SqlStore.openAsItIs(settings)) {
      opened = true;
      // Opened from their flat saves, mailboxes are compared with their rows.
      List<OpenMailbox> held = FlatSaves.opened(settings.directory(), store.workings());
      store.check(progress).forEach(fault -> faults.add(fault.place(), fault.what()));
      if (faults.isEmpty()) {
        compare(store);
      }
      progress.accept("%d flat saves".formatted(held.size()));
    } catch (RuntimeException | StackOverflowError e) {
      inUse(e);
      faults.add("the store", (opened ? "cannot be checked: " : "cannot be opened: ") + told(e));
    }
    return faults.list();
  }

  static void inUse(Throwable e) {
    if (e instanceof Refused refused && refused.reason() == Refused.Reason.IN_USE) {
      throw refused;
    }
  }

  /// In one line, with what lies below: the reason is often there.
  static String told(Throwable e) {
    StringBuilder line = new StringBuilder(String.valueOf(e.getMessage()));
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      line.append(": ").append(cause.getMessage());
    }
    return line.toString().replaceAll("\\p{Cntrl}+", " ");
  }

  /// What of an open store's rows is not as the log tells.
  static List<Fault> compared(StoreSettings settings, SqlStore store, Consumer<String> progress) {
    ClosedCheck check = new ClosedCheck(settings, progress);
    check.compare(store);
    return check.faults.list();
  }

  private void files() {
    progress.accept("the log's files");
    try (StoreLock _ = StoreLock.lock(settings.directory())) {
      LogCheck.closed(new LogFiles(settings.directory().resolve("log")), faults);
      FlatSaves.check(settings.directory(), faults);
    } catch (IOException e) {
      faults.add("the log", "cannot be read: " + told(e));
    }
  }

  private void compare(SqlStore store) {
    progress.accept("the database once more, from the log alone");
    Path aside = settings.directory().resolve("checking");
    try {
      Rebuilding.removeAll(aside);
      Files.createDirectories(aside);
      List<Rebuild.Loss> losses = new ArrayList<>();
      new Rebuilding(settings.directory(), settings.limits(), losses::add).aside(aside);
      losses.forEach(loss -> faults.add("the log", loss.what()));
      compareWith(aside, store);
      Rebuilding.removeAll(aside);
    } catch (IOException | SQLException e) {
      faults.add("the database", "cannot be compared with the log: " + told(e));
    }
  }

  private void compareWith(Path aside, SqlStore store) throws IOException, SQLException {
    try (PageJournal pages = PageJournal.open(aside)) {
      Dialect dialect = new H2Dialect(pages);
      try (Db made = new Db(dialect, dialect.url(), 1)) {
        compare(store.db(), made);
        shutDown(made);
      }
    }
  }

  private static void shutDown(Db made) throws SQLException, IOException {
    try (Statements sql = new Statements(made.open())) {
      made.dialect().shutdown(sql, false);
    }
  }

  private void compare(Db store, Db made) throws SQLException {
    try (Snapshot here = Snapshot.of(store);
        Snapshot there = Snapshot.of(made)) {
      for (TableCompare table : TableCompare.tables(there)) {
        progress.accept("table " + table.table() + " against the log");
        table.compare(here, there, faults);
      }
    }
  }
}
