package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// H2 itself over the page journal.
///
/// The table holds in every row what can be told from its key and a round, so that a row of another
/// moment shows. `-Ddepozit.churn=60` (seconds) makes the churn that a new version of H2 has to
/// pass longer.
final class H2OnPagesTests {
  private static final int CHURN = Integer.getInteger("depozit.churn", 3);
  private static final int ROWS = 2_000;

  @TempDir private Path directory;

  private Path own;

  @BeforeEach
  void own() {
    own = directory.resolve("own");
    StoreLock.lock(own).close();
  }

  /// A database with one writer's connection.
  private static final class Database implements AutoCloseable {
    private final PageJournal pages;
    private final Dialect dialect;
    private final Statements writer;
    private boolean keep = true;

    Database(Path directory) throws SQLException {
      this.pages = PageJournal.open(directory);
      this.dialect = new H2Dialect(pages);
      this.writer = new Statements(connect());
      writer.connection().setAutoCommit(false);
      writer.update("CREATE TABLE IF NOT EXISTS t (id BIGINT PRIMARY KEY, round INT, v VARBINARY)");
      writer.update("CREATE INDEX IF NOT EXISTS t_round ON t (round, id)");
      writer.connection().commit();
    }

    Connection connect() throws SQLException {
      return DriverManager.getConnection(dialect.url());
    }

    /// One transaction: inserts, updates and deletes.
    void change(int round, Random random) throws SQLException {
      for (int i = 0; i < 200; i++) {
        long id = random.nextInt(ROWS);
        if (random.nextInt(3) == 0) {
          writer.update("DELETE FROM t WHERE id = ?", id);
        } else {
          writer.update(
              "MERGE INTO t (id, round, v) KEY (id) VALUES (?, ?, ?)", id, round, value(id, round));
        }
      }
      writer.connection().commit();
    }

    void checkpoint() throws Exception {
      dialect.checkpoint(writer);
    }

    /// Makes the file shorter, beside whoever reads, with a checkpoint after each step or none.
    void shrink(boolean checkpoints) throws Exception {
      FileSpace file = dialect.fileSpace(writer);
      file.begin();
      while (file.choose()) {
        while (file.step(0)) {
          if (checkpoints) {
            checkpoint();
          }
        }
      }
      file.end();
    }

    /// Every row is whole and the index holds the same ones.
    static List<String> rows(Connection connection) throws SQLException {
      List<String> byKey =
          Db.list(
              connection,
              row -> {
                long id = row.getLong(1);
                int round = row.getInt(2);
                assertThat(row.getBytes(3)).isEqualTo(value(id, round));
                return round + " " + id;
              },
              "SELECT id, round, v FROM t WHERE id >= 0 ORDER BY id");
      List<String> byIndex =
          Db.list(
              connection,
              row -> row.getString(1) + " " + row.getString(2),
              "SELECT round, id FROM t WHERE round >= 0 ORDER BY round, id");
      assertThat(byIndex).containsExactlyInAnyOrderElementsOf(byKey);
      return byKey;
    }

    static byte[] value(long id, int round) {
      byte[] value = new byte[(int) ((id * 31 + round * 17L) % 4_000)];
      new Random(id << 20 ^ round).nextBytes(value);
      return value;
    }

    @Override
    public void close() throws SQLException, IOException {
      try (pages) {
        dialect.shutdown(writer, keep);
      }
    }
  }

  @Test
  void afterACrashItIsWhatItWasAtTheLastCheckpoint() throws Exception {
    Random random = new Random(1);
    try (Database database = new Database(own)) {
      database.checkpoint();
      for (int round = 1; round <= 12; round++) {
        database.change(round, random);
        database.checkpoint();
        List<String> expected = Database.rows(database.writer.connection());
        database.change(round + 100, random);
        Path crash = TestFiles.copy(own, directory.resolve("crash" + round));
        try (Database after = new Database(crash)) {
          assertThat(Database.rows(after.writer.connection())).isEqualTo(expected);
        }
        try (Database again = new Database(crash)) {
          assertThat(Database.rows(again.writer.connection())).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void whatIsDoneSinceTheLastCheckpointIsNotKeptByAShutdownThatMustNot() throws Exception {
    Random random = new Random(2);
    List<String> expected;
    try (Database database = new Database(own)) {
      database.change(1, random);
      database.checkpoint();
      expected = Database.rows(database.writer.connection());
      database.change(2, random);
      database.keep = false;
    }
    try (Database database = new Database(own)) {
      assertThat(Database.rows(database.writer.connection())).isEqualTo(expected);
    }
  }

  @Test
  void readersSeeWholeTransactionsBesideAWriterThatTakesCheckpoints() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (Database database = new Database(own);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int reader = 0; reader < 4; reader++) {
        readers.add(threads.submit(() -> reads(database, done)));
      }
      try {
        churn(database);
      } finally {
        done.set(true);
      }
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
    try (Database database = new Database(own)) {
      assertThat(Database.rows(database.writer.connection())).isNotEmpty();
    }
  }

  private static int reads(Database database, AtomicBoolean done) throws SQLException {
    int reads = 0;
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      do {
        Database.rows(connection);
        connection.commit();
        reads++;
      } while (!done.get());
    }
    return reads;
  }

  private static void churn(Database database) throws Exception {
    Random random = new Random(3);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHURN);
    for (int round = 1; System.nanoTime() < end; round++) {
      database.change(round, random);
      if (random.nextInt(4) == 0) {
        database.checkpoint();
      }
      if (random.nextInt(8) == 0) {
        database.shrink(random.nextBoolean());
      }
    }
  }

  @Test
  void twoHundredInterruptsOfReadersHarmNobody() throws Exception {
    try (Database database = new Database(own)) {
      database.change(1, new Random(4));
      // Without a cache each reader reads the file.
      database.writer.update("SET CACHE_SIZE 0");
      database.checkpoint();
      List<String> expected = Database.rows(database.writer.connection());
      for (int i = 0; i < 200; i++) {
        CompletableFuture<List<String>> read = new CompletableFuture<>();
        Thread reader =
            Thread.ofPlatform()
                .start(() -> {
                  try (Connection connection = database.connect()) {
                    read.complete(Database.rows(connection));
                  } catch (SQLException | AssertionError e) {
                    read.completeExceptionally(e);
                  }
                });
        reader.interrupt();
        assertThat(read.get()).isEqualTo(expected);
      }
      database.change(2, new Random(5));
      database.checkpoint();
    }
  }
}
