package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The database's file gets shorter while it is used, in steps, and its rows stay as they are.
final class FileSpaceTests {
  private static final int ROWS = 15_000;

  @TempDir private Path directory;

  /// A database on pages.
  private static final class Database implements AutoCloseable {
    private final PageJournal pages;
    private final Dialect dialect;
    private final Statements sql;

    Database(Path directory) throws SQLException {
      this.pages = PageJournal.open(directory);
      this.dialect = new H2Dialect(pages);
      this.sql = new Statements(DriverManager.getConnection(dialect.url()));
      sql.connection().setAutoCommit(false);
    }

    /// Rows as deliveries write them, so that each chunk has pages of the table and of the index.
    void fill() throws Exception {
      sql.update("CREATE TABLE t (id BIGINT PRIMARY KEY, hash BIGINT, v VARBINARY)");
      sql.update("CREATE INDEX t_hash ON t (hash, id)");
      Random random = new Random(1);
      for (long id = 0; id < ROWS; id++) {
        byte[] value = new byte[500];
        random.nextBytes(value);
        sql.update("INSERT INTO t (id, hash, v) VALUES (?, ?, ?)", id, random.nextLong(), value);
        if (id % 500 == 499) {
          sql.connection().commit();
          dialect.checkpoint(sql);
        }
      }
    }

    void deleteEverySecond() throws Exception {
      for (long id = 0; id < ROWS; id += 2) {
        sql.update("DELETE FROM t WHERE id = ?", id);
        if (id % 500 == 498) {
          sql.connection().commit();
          dialect.checkpoint(sql);
        }
      }
      sql.connection().commit();
      dialect.checkpoint(sql);
    }

    /// Shrinks the file, with steps that leave off at once.
    void shrink() throws Exception {
      FileSpace file = dialect.fileSpace(sql);
      file.begin();
      while (file.choose()) {
        while (file.step(0)) {
          if (file.due(pages.pending())) {
            dialect.checkpoint(sql);
          }
        }
      }
      file.end();
      assertThat(file.due(1)).isTrue();
      dialect.checkpoint(sql);
    }

    List<Long> rows() throws SQLException {
      List<Long> byKey = sql.list(row -> row.getLong(1), "SELECT id FROM t WHERE id >= 0");
      assertThat(
              sql.list(row -> row.getLong(1), "SELECT id FROM t WHERE hash <= ?", Long.MAX_VALUE))
          .containsExactlyInAnyOrderElementsOf(byKey);
      return byKey;
    }

    @Override
    public void close() throws SQLException, IOException {
      try (pages) {
        dialect.shutdown(sql, false);
      }
    }
  }

  @Test
  void theFileOfHalfTheRowsIsHalfAsLong() throws Exception {
    StoreLock.lock(directory).close();
    List<Long> rows;
    try (Database database = new Database(directory)) {
      database.fill();
      database.deleteEverySecond();
      rows = database.rows();
      FileSpace file = database.dialect.fileSpace(database.sql);
      FileSpace.Share before = file.share();
      database.shrink();
      assertThat(file.share().octets()).isLessThan(before.octets() * 2 / 3);
      assertThat(file.share().deadPercent()).isLessThan(25);
      assertThat(Files.size(PageJournal.database(directory))).isEqualTo(file.share().octets());
      assertThat(database.rows()).isEqualTo(rows);
    }
    try (Database database = new Database(directory)) {
      assertThat(database.rows()).isEqualTo(rows);
    }
  }

  @Test
  void whoHasBegunToReadReadsOnWhatWasThere() throws Exception {
    StoreLock.lock(directory).close();
    try (Database database = new Database(directory)) {
      database.fill();
      List<Long> all = database.rows();
      try (Connection connection = DriverManager.getConnection(database.dialect.url())) {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        String ask = "SELECT id FROM t WHERE id >= 0";
        assertThat(Db.list(connection, row -> row.getLong(1), ask)).isEqualTo(all);
        database.deleteEverySecond();
        database.shrink();
        assertThat(Db.list(connection, row -> row.getLong(1), ask)).isEqualTo(all);
        connection.commit();
        assertThat(Db.list(connection, row -> row.getLong(1), ask)).isEqualTo(database.rows());
      }
    }
  }

  /// H2 forgets at its end which pages went with its last version: their room would stay taken.
  @Test
  void whatAnEndHasLeftTakenDoesNotKeepTheFileLong() throws Exception {
    StoreLock.lock(directory).close();
    try (Database database = new Database(directory)) {
      database.fill();
    }
    long before;
    try (Database database = new Database(directory)) {
      before = database.pages.size();
      database.deleteEverySecond();
    }
    try (Database database = new Database(directory)) {
      List<Long> rows = database.rows();
      database.shrink();
      assertThat(database.pages.size()).isLessThan(before * 2 / 3);
      assertThat(database.rows()).isEqualTo(rows);
    }
  }
}
