package org.depozit.storage;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

/// H2, embedded: one file in the data directory, behind our own log.
///
/// @param pages the journal behind which the file is
record H2Dialect(PageJournal pages) implements Dialect {
  /// The writer alone stores, and nobody closes the database behind our back. H2's thread in the
  /// background, which would, sleeps a tenth of the longest delay (two days and a half) and then
  /// has nothing to do: no store is due and no compaction wanted. The lock is `depozit.lock`. H2
  /// makes no file but the database: large results stay in the heap, and errors come as exceptions,
  /// not in a trace file, which would hold values. It keeps nothing for those who might find the
  /// file after a crash as it was some seconds before: they find a checkpoint's.
  private static final String OPTIONS =
      ";FILE_LOCK=NO;WRITE_DELAY=2147483647;AUTO_COMPACT_FILL_RATE=0"
          + ";DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=-1"
          + ";MAX_MEMORY_ROWS=2147483647;TRACE_LEVEL_FILE=0;RETENTION_TIME=0"
          + ";QUERY_CACHE_SIZE=64;OPTIMIZE_REUSE_RESULTS=0;DEFAULT_LOCK_TIMEOUT=60000";

  @Override
  public String url() {
    return "jdbc:h2:" + pages.h2Name() + OPTIONS + ";CACHE_SIZE=" + cacheKib();
  }

  /// An eighth of the heap for pages.
  private static long cacheKib() {
    return Math.max(8 << 10, Runtime.getRuntime().maxMemory() / 8 / 1024);
  }

  @Override
  public String upsert(String table, List<String> keys, List<String> columns) {
    return "MERGE INTO "
        + table
        + " ("
        + String.join(", ", columns)
        + ") KEY ("
        + String.join(", ", keys)
        + ") VALUES ("
        + String.join(", ", Collections.nCopies(columns.size(), "?"))
        + ")";
  }

  @Override
  public boolean add(Statements sql, Statements.Put row, Object... values) throws SQLException {
    return sql.h2().adding(row).add(values);
  }

  @Override
  public void setFlags(Statements sql, long id, long flags, long modSeq) throws SQLException {
    var _ = sql.h2().flags().set(id, flags, modSeq);
  }

  @Override
  public void setCounters(Statements sql, MailboxCounters counters) throws SQLException {
    var _ =
        sql.h2()
            .counters()
            .set(
                counters.mailbox(),
                counters.uidNext(),
                counters.highestModSeq(),
                counters.messages(),
                counters.unseen(),
                counters.deleted(),
                counters.octets());
  }

  @Override
  public void raise(Statements sql, String counter, long number) throws SQLException {
    sql.h2().raise(counter, number);
  }

  @Override
  public Savepoint savepoint(Statements sql) throws SQLException {
    H2Session session = sql.h2().session();
    SessionLocal.Savepoint point = session.savepoint();
    return () -> session.rollback(point);
  }

  @Override
  public void commit(Statements sql) throws SQLException {
    sql.h2().session().commit();
  }

  @Override
  public void checkpoint(Statements sql) throws SQLException, IOException {
    sql.update("CHECKPOINT SYNC");
    pages.force();
  }

  @Override
  public long pending() {
    return pages.pending();
  }

  @Override
  public FileSpace fileSpace(Statements sql) throws SQLException {
    return new FileSpace(store(sql));
  }

  private static MVStore store(Statements sql) throws SQLException {
    SessionLocal session =
        (SessionLocal) sql.connection().unwrap(JdbcConnection.class).getSession();
    return session.getDatabase().getStore().getMvStore();
  }

  @Override
  public boolean busy() {
    return pages.freeing();
  }

  @Override
  public void rest() throws IOException {
    pages.shrink();
  }

  @Override
  public boolean broken() {
    return pages.broken();
  }

  @Override
  public void shutdown(Statements sql, boolean keep) throws SQLException, IOException {
    if (keep) {
      // Which pages have gone with a version H2 remembers only in the next one, and without it
      // their room stays taken for ever.
      MVStore store = store(sql);
      for (int i = 0; i < 2; i++) {
        store.setStoreVersion(store.getStoreVersion());
        store.commit();
      }
      // H2 moves things together when it is closed.
      sql.update("SHUTDOWN");
      pages.force();
    } else {
      sql.update("SHUTDOWN IMMEDIATELY");
    }
  }

  @Override
  public Map<String, String> placeholders() {
    return Map.of("octets", "VARBINARY(4096)");
  }
}
