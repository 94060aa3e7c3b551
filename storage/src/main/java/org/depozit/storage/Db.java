package org.depozit.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.depozit.storage.Refused.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The readers' door to the database: a few connections behind a fair semaphore, since the pool
/// alone lets some wait long when many do. Holding a connection, a reader does nothing but read
/// rows: no socket, no body, no other lock. Any thread.
final class Db implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Db.class);
  private static final long SAY_AGAIN = TimeUnit.MINUTES.toNanos(1);

  private final Dialect dialect;
  private final String url;
  private final HikariDataSource pool;
  private final Semaphore turns;
  private final AtomicLong said = new AtomicLong(System.nanoTime() - SAY_AGAIN);

  /// What is done with a connection.
  @FunctionalInterface
  interface Reading<R> {
    R on(Connection connection) throws SQLException;
  }

  /// What is made of a row of an answer.
  @FunctionalInterface
  interface Row<R> {
    R of(ResultSet row) throws SQLException;
  }

  /// @param url where the database is, see [Dialect#url]
  /// @param readers connections for readers
  Db(Dialect dialect, String url, int readers) {
    this.dialect = dialect;
    this.url = url;
    this.turns = new Semaphore(readers, true);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setPoolName("depozit-readers");
    config.setMaximumPoolSize(readers);
    config.setMinimumIdle(1);
    // Connections of an embedded database do not grow old; nobody is to close one under a thread
    // that uses it.
    config.setMaxLifetime(0);
    config.setIdleTimeout(0);
    config.setReadOnly(true);
    this.pool = new HikariDataSource(config);
  }

  /// The engine.
  Dialect dialect() {
    return dialect;
  }

  /// A connection of the caller's own, outside the pool: the writer's.
  Connection open() {
    try {
      return DriverManager.getConnection(url);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// Reads with one of the readers' connections; waits for its turn.
  ///
  /// @throws Refused UNAVAILABLE if the database fails
  <R> R read(Reading<R> reading) {
    turns.acquireUninterruptibly();
    try (Connection connection = pool.getConnection()) {
      return reading.on(connection);
    } catch (SQLException e) {
      say(e);
      throw failed(e);
    } finally {
      turns.release();
    }
  }

  /// Says what fails: once a minute, however many read.
  private void say(SQLException e) {
    long now = System.nanoTime();
    long before = said.get();
    if (now - before >= SAY_AGAIN && said.compareAndSet(before, now)) {
      LOGGER.error("The database cannot be read: {}", Trouble.why(e));
    }
    LOGGER.debug("The database cannot be read", e);
  }

  /// Every row of an answer.
  static <R> List<R> list(Connection connection, Row<R> row, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values);
        ResultSet rows = statement.executeQuery()) {
      List<R> list = new ArrayList<>();
      while (rows.next()) {
        list.add(row.of(rows));
      }
      return list;
    }
  }

  /// The first row of an answer, if it has one.
  static <R> Optional<R> first(Connection connection, Row<R> row, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(row.of(rows)) : Optional.empty();
    }
  }

  /// The one number of an answer; empty if there is no row or the number is NULL.
  static OptionalLong number(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values);
        ResultSet rows = statement.executeQuery()) {
      if (!rows.next()) {
        return OptionalLong.empty();
      }
      long number = rows.getLong(1);
      return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
    }
  }

  /// Runs a statement that changes something.
  ///
  /// @return how many rows it changed
  static int update(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      // By type: the driver asks an object what it is in a costlier way.
      switch (values[i]) {
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case String text -> statement.setString(i + 1, text);
        case byte[] octets -> statement.setBytes(i + 1, octets);
        default -> statement.setObject(i + 1, values[i]);
      }
    }
  }

  private static PreparedStatement prepared(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    bind(statement, values);
    return statement;
  }

  /// The refusal that a fault of the database becomes.
  static Refused failed(SQLException e) {
    return new Refused(Reason.UNAVAILABLE, "The database failed", e);
  }

  /// Closes the readers' connections.
  @Override
  public void close() {
    pool.close();
  }
}
