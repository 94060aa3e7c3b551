package org.depozit.storage;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Looks whether everything in an open store fits everything else: the log's segments and groups,
/// every index against its table, every counter against a count, every row against the rows it
/// names, every body against its hash, every open [View] against its rows.
///
/// It works while the store serves: each part looks at one moment of the database, and what looks
/// wrong is looked at again as long as the store changes meanwhile. Memory does not grow with the
/// store. Any thread; one at a time is enough for a disk.
final class Check {
  private static final int LOOKS = 40;
  private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Workings workings;
  private final LogFiles files;
  private final Consumer<String> progress;
  private final Faults faults = new Faults();

  /// One part of the check, which can be done again.
  @FunctionalInterface
  interface Part {
    void look(Faults into) throws SQLException, IOException;
  }

  /// A part that reads the database at one moment.
  @FunctionalInterface
  interface Reading {
    void look(Snapshot snapshot, Faults into) throws SQLException;
  }

  private Check(Workings workings, LogFiles files, Consumer<String> progress) {
    this.workings = workings;
    this.files = files;
    this.progress = progress;
  }

  /// Checks an open store.
  ///
  /// @param progress is told what comes next, in a few words
  /// @return what is wrong; empty if nothing is
  static List<Fault> run(Workings workings, LogFiles files, Consumer<String> progress) {
    Check check = new Check(workings, files, progress);
    check.run();
    return check.faults.list();
  }

  /// Checks the rows of an open store: neither the log's files nor bodies.
  static List<Fault> rows(Workings workings, LogFiles files, Consumer<String> progress) {
    Check check = new Check(workings, files, progress);
    check.lookAtRows();
    return check.faults.list();
  }

  private void run() {
    part("the log", found -> LogCheck.live(files, workings.states().logPosition(), found));
    lookAtRows();
    MessageCheck messages = new MessageCheck(workings, progress);
    messages.run(this::settled);
    faults.addAll(messages.faults());
  }

  private void lookAtRows() {
    IndexCheck indexes = new IndexCheck();
    reading("the list of indexes", indexes::list);
    for (String table : indexes.tables()) {
      reading("indexes of table " + table, (rows, found) -> indexes.check(table, rows, found));
    }
    TableCheck.parts().forEach(this::reading);
    for (int mailbox : mailboxes()) {
      reading(
          "mailbox " + mailbox,
          (rows, found) -> new MailboxCheck(workings.states(), mailbox).look(rows, found));
    }
  }

  private List<Integer> mailboxes() {
    try {
      return workings
          .db()
          .read(connection ->
              Db.list(
                  connection, row -> row.getInt(1), "SELECT id FROM mailbox ORDER BY account, id"));
    } catch (RuntimeException e) {
      faults.add("table mailbox", "cannot be read: " + e);
      return List.of();
    }
  }

  private void reading(String name, Reading reading) {
    part(
        name,
        found -> {
          try (Snapshot snapshot = Snapshot.of(workings.db())) {
            reading.look(snapshot, found);
          }
        });
  }

  /// Looks until nothing is wrong, or nothing has changed since the look before.
  private void part(String name, Part part) {
    progress.accept(name);
    Faults found = new Faults();
    for (int look = 0; look < LOOKS; look++) {
      rows();
      long before = workings.states().logPosition();
      found = look(name, part);
      if (found.isEmpty() || settled(before)) {
        break;
      }
    }
    faults.addAll(found);
  }

  /// Has the rows that are pending written: until then the database is behind what is told.
  private void rows() {
    try {
      workings.commits().awaitRows();
    } catch (Refused e) {
      // Writing has stopped: no more rows come.
    }
  }

  /// Lets the writer finish what it has begun.
  ///
  /// @return whether nothing was written since that position
  private boolean settled(long before) {
    LockSupport.parkNanos(BETWEEN_LOOKS);
    try {
      workings.commits().submit(ledger -> Outcome.nothing(true));
    } catch (Refused e) {
      // Writing has stopped: nothing changes any more.
      return true;
    }
    return workings.states().logPosition() == before;
  }

  // What a damaged file makes a database do is anybody's guess.
  private static Faults look(String name, Part part) {
    Faults found = new Faults();
    try {
      part.look(found);
    } catch (SQLException | IOException | RuntimeException e) {
      found.add(name, "cannot be read: " + e);
    }
    return found;
  }
}
