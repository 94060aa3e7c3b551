package org.depozit.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.depozit.mime.Crlf;

/// A store's writer, as [SqlStore#open] puts it together.
record LoggedStore(PageJournal pages, Db db, Rows rows, Log log, Bodies bodies, Logged commits)
    implements AutoCloseable {
  static final StoreLimits LIMITS = LogSample.limits(1 << 20);

  static LoggedStore open(Path directory) throws IOException {
    Files.createDirectories(directory);
    PageJournal pages = Schema.open(directory, LIMITS);
    Dialect dialect = new H2Dialect(pages);
    Db db = new Db(dialect, dialect.url(), 2);
    Rows rows = new Rows(db);
    LogFiles files = new LogFiles(directory.resolve("log"));
    FlatSaves saves = new FlatSaves(directory, LIMITS);
    States states = new States(db, saves, LIMITS);
    Log log = recovered(files, pages, db, rows, states);
    Ledger ledger = new Ledger(rows, states, new Dictionaries(db), new Doorbell(), log.group());
    rows.live(ledger::changed);
    Logged commits = new Logged(log, rows, ledger, LIMITS, false);
    return new LoggedStore(pages, db, rows, log, new Bodies(files, LIMITS), commits);
  }

  private static Log recovered(LogFiles files, PageJournal pages, Db db, Rows rows, States states)
      throws IOException {
    try {
      return Recovery.recover(files, LIMITS, rows, states);
    } catch (Refused refused) {
      db.close();
      rows.close();
      pages.close();
      throw refused;
    }
  }

  HeapOrFileSpool spool(byte[] octets) {
    try {
      HeapOrFileSpool spool = new HeapOrFileSpool(log.files(), LIMITS);
      spool.write(octets);
      spool.seal();
      return spool;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Keeps a message that no mailbox has.
  Change.MessageStored store(byte[] octets) {
    try (HeapOrFileSpool spool = spool(octets)) {
      return commits.submit(ledger -> {
        Change.MessageStored stored = stored(ledger, spool);
        return Outcome.forced(stored, stored);
      });
    }
  }

  static Change.MessageStored stored(Ledger ledger, HeapOrFileSpool spool) {
    return new Change.MessageStored(
        ledger.numbers().nextMessage(), ledger.keep(spool), spool.sha256(), new byte[0], "", "");
  }

  byte[] octets(Change.BodyPlace place) {
    try (Content content = bodies.content(place, new byte[0])) {
      return content.bytes();
    }
  }

  @Override
  public void close() {
    commits.close();
    bodies.close();
    db.close();
    rows.close();
    try {
      pages.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Some octets with CRLF at their lines' ends, now and then more than a group takes into the
  /// heap.
  static byte[] body(Random random) {
    byte[] body = new byte[random.nextInt(random.nextInt(20) == 0 ? 100_000 : 3_000)];
    random.nextBytes(body);
    return Crlf.of(body);
  }
}
