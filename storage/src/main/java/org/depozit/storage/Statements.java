package org.depozit.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection that keeps its prepared statements: the writer's. One thread.
final class Statements implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Statements.class);

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private boolean live;

  /// How a row is written: as a new one, and in the place of one with the same key.
  record Put(String insert, String upsert) {
    static Put into(Dialect dialect, String table, List<String> keys, List<String> columns) {
      String parameters = String.join(", ", Collections.nCopies(columns.size(), "?"));
      return new Put(
          "INSERT INTO %s (%s) VALUES (%s)"
              .formatted(table, String.join(", ", columns), parameters),
          dialect.upsert(table, keys, columns));
    }
  }

  Statements(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  /// Runs a statement that changes something.
  ///
  /// @return how many rows it changed
  int update(String sql, Object... values) throws SQLException {
    return bound(sql, values).executeUpdate();
  }

  /// From now on the rows that are [#put] are new ones, as a rule.
  void live() {
    live = true;
  }

  /// Writes a row whose key was never given before, unless a change is replayed or written again.
  void put(Put row, Object... values) throws SQLException {
    if (live) {
      try {
        update(row.insert, values);
        return;
      } catch (SQLIntegrityConstraintViolationException e) {
        LOGGER.debug("A row is written again", e);
      }
    }
    update(row.upsert, values);
  }

  <R> List<R> list(Db.Row<R> row, String sql, Object... values) throws SQLException {
    try (ResultSet rows = bound(sql, values).executeQuery()) {
      List<R> list = new ArrayList<>();
      while (rows.next()) {
        list.add(row.of(rows));
      }
      return list;
    }
  }

  <R> Optional<R> first(Db.Row<R> row, String sql, Object... values) throws SQLException {
    try (ResultSet rows = bound(sql, values).executeQuery()) {
      return rows.next() ? Optional.of(row.of(rows)) : Optional.empty();
    }
  }

  OptionalLong number(String sql, Object... values) throws SQLException {
    try (ResultSet rows = bound(sql, values).executeQuery()) {
      if (!rows.next()) {
        return OptionalLong.empty();
      }
      long number = rows.getLong(1);
      return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
    }
  }

  private PreparedStatement bound(String sql, Object... values) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    Db.bind(statement, values);
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
