package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.api.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows that H2's table adds without a statement are what INSERT makes of them: `ours` is written
/// by [H2NewRows], `theirs`, which is alike, by INSERT.
final class H2NewRowsTests {
  private static final List<String> KEY = List.of("id");

  /// In another order than the table's.
  private static final List<String> COLUMNS = List.of("id", "name", "octets", "number");

  @TempDir private Path directory;

  private PageJournal pages;
  private Dialect dialect;
  private Statements writer;
  private Connection other;
  private Statements.Put ours;

  @BeforeEach
  void make() throws SQLException {
    open();
    for (String table : List.of("ours", "theirs")) {
      writer.update(
          "CREATE TABLE %s (id BIGINT PRIMARY KEY, number INT NOT NULL, name VARCHAR(10) NOT NULL, octets VARBINARY(8) NOT NULL)"
              .formatted(table));
      writer.update("CREATE INDEX %1$s_number ON %1$s (number, id)".formatted(table));
      writer.update("CREATE INDEX %1$s_name ON %1$s (name)".formatted(table));
    }
    writer.update("CREATE TABLE pairs (a BIGINT, b INT, v VARCHAR(10), PRIMARY KEY (a, b))");
    writer.connection().commit();
  }

  private void open() throws SQLException {
    pages = Schema.open(directory, StoreLimits.DEFAULTS);
    dialect = new H2Dialect(pages);
    writer = new Statements(DriverManager.getConnection(dialect.url()));
    writer.connection().setAutoCommit(false);
    other = DriverManager.getConnection(dialect.url());
    ours = Statements.Put.into(dialect, "ours", KEY, COLUMNS);
  }

  @AfterEach
  void close() throws Exception {
    dialect.shutdown(writer, true);
    pages.close();
  }

  private boolean put(Object... values) throws SQLException {
    return writer.put(ours, values);
  }

  private void insert(Object... values) throws SQLException {
    writer.update("INSERT INTO theirs (id, name, octets, number) VALUES (?, ?, ?, ?)", values);
  }

  private static byte[] octets(int... values) {
    byte[] octets = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      octets[i] = (byte) values[i];
    }
    return octets;
  }

  private static String line(ResultSet row) throws SQLException {
    return "%d %d '%s' %s"
        .formatted(
            row.getLong("id"),
            row.getInt("number"),
            row.getString("name"),
            HexFormat.of().formatHex(row.getBytes("octets")));
  }

  /// By the row itself, and by each index.
  private static List<String> told(Connection connection, String table) throws SQLException {
    String from = "SELECT * FROM " + table;
    List<String> byKey =
        Db.list(connection, H2NewRowsTests::line, from + " WHERE id > -9 ORDER BY id");
    assertThat(Db.list(connection, H2NewRowsTests::line, from + " WHERE number > -2000000000"))
        .containsExactlyInAnyOrderElementsOf(byKey);
    assertThat(Db.list(connection, H2NewRowsTests::line, from + " WHERE name >= ''"))
        .containsExactlyInAnyOrderElementsOf(byKey);
    assertThat(Db.number(connection, "SELECT COUNT(*) FROM " + table)).hasValue(byKey.size());
    return byKey;
  }

  private void assertAlike() throws SQLException {
    assertThat(told(writer.connection(), "ours")).isEqualTo(told(writer.connection(), "theirs"));
  }

  @Test
  void aRowIsWhatInsertMakesOfIt() throws SQLException {
    Random random = new Random(3);
    for (long id = 0; id < 2_000; id++) {
      long key = random.nextInt(3) == 0 ? id + (1L << 40) : id;
      byte[] octets = new byte[random.nextInt(9)];
      random.nextBytes(octets);
      String name = Integer.toString(random.nextInt(), 36).substring(0, random.nextInt(3));
      int number = random.nextInt(5) - 2;
      assertThat(put(key, name, octets, number)).isTrue();
      insert(key, name, octets, number);
      if (id % 300 == 0) {
        dialect.commit(writer);
      }
    }
    assertAlike();
    assertThat(told(other, "ours")).isNotEmpty().isEqualTo(told(other, "theirs"));
  }

  @Test
  void numbersBecomeTheColumnsType() throws SQLException {
    assertThat(put(1, "", octets(), 5L)).isTrue();
    insert(1, "", octets(), 5L);
    assertAlike();
  }

  @Test
  void whatDoesNotFitFailsAlikeAndLeavesNothing() throws SQLException {
    put(1L, "ă", octets(1), 1);
    insert(1L, "ă", octets(1), 1);
    assertFailsAlike(2L, "01234567890", octets(1), 1);
    assertFailsAlike(2L, "ok", new byte[9], 1);
    assertFailsAlike(2L, "ok", octets(1), 1L << 31);
    assertAlike();
    put(2L, "0123456789", new byte[8], 2);
    insert(2L, "0123456789", new byte[8], 2);
    assertAlike();
  }

  private void assertFailsAlike(Object... values) {
    SQLException theirs = catchThrowableOfType(SQLException.class, () -> insert(values));
    SQLException mine = catchThrowableOfType(SQLException.class, () -> put(values));
    assertThat(mine.getErrorCode()).isEqualTo(theirs.getErrorCode());
    assertThat(mine.getSQLState()).isEqualTo(theirs.getSQLState());
  }

  @Test
  void aColumnThatIsLeftOutFailsAlike() {
    Statements.Put less =
        Statements.Put.into(dialect, "ours", KEY, List.of("id", "name", "octets"));
    SQLException theirs =
        catchThrowableOfType(
            SQLException.class,
            () ->
                writer.update(
                    "INSERT INTO theirs (id, name, octets) VALUES (?, ?, ?)", 1L, "", octets()));
    SQLException mine =
        catchThrowableOfType(SQLException.class, () -> writer.put(less, 1L, "", octets()));
    assertThat(mine.getErrorCode()).isEqualTo(theirs.getErrorCode());
  }

  @Test
  void aKeyThatIsThereIsWrittenOver() throws SQLException {
    assertThat(put(1L, "a", octets(1), 1)).isTrue();
    assertThat(put(1L, "b", octets(2), 2)).isFalse();
    dialect.commit(writer);
    assertThat(put(1L, "c", octets(3), 3)).isFalse();
    assertThat(put(2L, "d", octets(4), 4)).isTrue();
    assertThat(put(2L, "e", octets(5), 5)).isFalse();
    dialect.commit(writer);
    assertThat(told(other, "ours")).containsExactly("1 3 'c' 03", "2 5 'e' 05");
    writer.update("DELETE FROM ours WHERE id = ?", 1L);
    assertThat(put(1L, "f", octets(6), 6)).isTrue();
    dialect.commit(writer);
    assertThat(told(other, "ours")).containsExactly("1 6 'f' 06", "2 5 'e' 05");
  }

  @Test
  void aKeyOfTwoColumnsIsWrittenOver() throws SQLException {
    Statements.Put pairs =
        Statements.Put.into(dialect, "pairs", List.of("a", "b"), List.of("a", "b", "v"));
    assertThat(writer.put(pairs, 1L, 1, "one")).isTrue();
    assertThat(writer.put(pairs, 1L, 2, "two")).isTrue();
    assertThat(writer.put(pairs, 1L, 1, "three")).isFalse();
    dialect.commit(writer);
    assertThat(writer.put(pairs, 1L, 2, "four")).isFalse();
    assertThat(writer.put(pairs, 2L, 2, "five")).isTrue();
    assertThat(
            writer.list(
                row -> row.getLong(1) + " " + row.getInt(2) + " " + row.getString(3),
                "SELECT a, b, v FROM pairs ORDER BY a, b"))
        .containsExactly("1 1 three", "1 2 four", "2 2 five");
  }

  @Test
  void aSavepointTakesBackWhatCameAfterIt() throws SQLException {
    Dialect.Savepoint start = dialect.savepoint(writer);
    put(1L, "a", octets(1), 1);
    Dialect.Savepoint first = dialect.savepoint(writer);
    put(2L, "b", octets(2), 2);
    writer.update("UPDATE ours SET name = 'x' WHERE id = 1");
    first.rollback();
    assertThat(told(writer.connection(), "ours")).containsExactly("1 1 'a' 01");
    Dialect.Savepoint second = dialect.savepoint(writer);
    writer.update("UPDATE ours SET name = 'y' WHERE id = 1");
    put(3L, "c", octets(3), 3);
    second.rollback();
    put(2L, "d", octets(4), 4);
    assertThat(told(writer.connection(), "ours")).containsExactly("1 1 'a' 01", "2 4 'd' 04");
    start.rollback();
    put(5L, "e", octets(5), 5);
    dialect.commit(writer);
    assertThat(told(other, "ours")).containsExactly("5 5 'e' 05");
  }

  /// As a proposal takes one that writes no row, the last of its group.
  @Test
  void aSavepointWithNothingBehindItIsForgottenWithItsTransaction() throws SQLException {
    put(1L, "a", octets(1), 1);
    put(2L, "b", octets(2), 2);
    var _ = dialect.savepoint(writer);
    dialect.commit(writer);
    Dialect.Savepoint next = dialect.savepoint(writer);
    put(3L, "c", octets(3), 3);
    put(4L, "d", octets(4), 4);
    next.rollback();
    dialect.commit(writer);
    assertThat(told(other, "ours")).containsExactly("1 1 'a' 01", "2 2 'b' 02");
  }

  @Test
  void othersSeeItWhenItIsCommittedAndNobodyIfItIsRolledBack() throws SQLException {
    put(1L, "a", octets(1), 1);
    assertThat(told(other, "ours")).isEmpty();
    writer.connection().rollback();
    assertThat(told(writer.connection(), "ours")).isEmpty();
    put(1L, "b", octets(2), 2);
    assertThat(told(other, "ours")).isEmpty();
    dialect.commit(writer);
    assertThat(told(other, "ours")).containsExactly("1 2 'b' 02");
  }

  @Test
  void aReaderKeepsWhatItsStatementSaw() throws SQLException {
    for (long id = 0; id < 500; id++) {
      put(id, "a", octets(1), 1);
    }
    dialect.commit(writer);
    Db.update(other, "SET LAZY_QUERY_EXECUTION TRUE");
    try (var statement = other.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM ours WHERE number = 1")) {
      assertThat(rows.next()).isTrue();
      for (long id = 500; id < 5_000; id++) {
        put(id, "a", octets(1), 1);
      }
      dialect.commit(writer);
      int count = 1;
      while (rows.next()) {
        count++;
      }
      assertThat(count).isEqualTo(500);
    }
    assertThat(told(other, "ours")).hasSize(5_000);
  }

  @Test
  void aReaderBesideSeesWholeTransactions() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Integer> reader =
        CompletableFuture.supplyAsync(() -> {
          int asked = 0;
          while (!over.get() || asked == 0) {
            assertPairs("id > -9999");
            assertPairs("number > -9999");
            asked++;
          }
          return asked;
        });
    for (int i = 1; i <= 2_000; i++) {
      put((long) i, "up", octets(1), i);
      Dialect.Savepoint before = dialect.savepoint(writer);
      put(-9_000L, "gone", octets(1), 1);
      before.rollback();
      put((long) -i, "down", octets(1), -i);
      dialect.commit(writer);
    }
    over.set(true);
    assertThat(reader.get()).isPositive();
  }

  private void assertPairs(String where) {
    try {
      String sql = "SELECT COALESCE(SUM(id + number), 0) FROM ours WHERE " + where;
      assertThat(Db.number(other, sql)).hasValue(0);
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  @Test
  void aKeyThatAnotherTransactionHoldsIsWaitedFor() throws SQLException {
    writer.update("SET LOCK_TIMEOUT 50");
    writer.connection().commit();
    other.setAutoCommit(false);
    Db.update(other, "INSERT INTO ours VALUES (1, 1, 'x', X'01')");
    // UPDATE and INSERT would try again, and then say that they waited too long (50200).
    SQLException failed =
        catchThrowableOfType(SQLException.class, () -> put(1L, "a", octets(1), 1));
    assertThat(failed.getErrorCode()).isEqualTo(ErrorCode.CONCURRENT_UPDATE_1);
    other.rollback();
    assertThat(put(1L, "b", octets(2), 2)).isTrue();
    dialect.commit(writer);
    assertThat(told(other, "ours")).containsExactly("1 2 'b' 02");
  }

  @Test
  void itIsThereWhenTheDatabaseIsOpenedAgain() throws Exception {
    for (long id = 0; id < 3_000; id++) {
      put(id, Long.toString(id), octets(1), (int) id % 7);
      insert(id, Long.toString(id), octets(1), (int) id % 7);
    }
    dialect.commit(writer);
    dialect.checkpoint(writer);
    put(9_999L, "gone", octets(1), 1);
    dialect.commit(writer);
    dialect.shutdown(writer, false);
    pages.close();
    open();
    assertThat(told(other, "ours")).hasSize(3_000);
    assertAlike();
  }
}
