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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection that keeps its prepared statements: the writer's. One thread.
final class Statements implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Statements.class);

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private @Nullable H2InPlace flags;

  /// How rows of a table are written: as new ones, or over those with the same keys. One thread.
  static final class Put {
    private final String insert;
    private final String update;
    private final int keys;

    /// Whether the last one had to be written over one that was there: the next will be alike.
    private boolean there;

    private Put(String insert, String update, int keys) {
      this.insert = insert;
      this.update = update;
      this.keys = keys;
    }

    /// @param columns all of them, the keys first
    static Put into(String table, List<String> keys, List<String> columns) {
      String parameters = String.join(", ", Collections.nCopies(columns.size(), "?"));
      List<String> others = columns.subList(keys.size(), columns.size());
      return new Put(
          "INSERT INTO %s (%s) VALUES (%s)"
              .formatted(table, String.join(", ", columns), parameters),
          "UPDATE %s SET %s = ? WHERE %s = ?"
              .formatted(table, String.join(" = ?, ", others), String.join(" = ? AND ", keys)),
          keys.size());
    }

    private Object[] forUpdate(Object[] values) {
      Object[] turned = new Object[values.length];
      int others = values.length - keys;
      System.arraycopy(values, keys, turned, 0, others);
      System.arraycopy(values, 0, turned, others, keys);
      return turned;
    }
  }

  Statements(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  /// Asks the rows, what the open transaction has changed included.
  <R> R ask(Db.Reading<R> question) {
    try {
      return question.on(connection);
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// What sets flags and mod-sequence of messages where they stand.
  H2InPlace flags() throws SQLException {
    H2InPlace known = flags;
    if (known == null) {
      known = H2InPlace.of(this, "MAILBOX_MESSAGE", "FLAGS", "MOD_SEQ");
      flags = known;
    }
    return known;
  }

  /// Runs a statement that changes something.
  ///
  /// @return how many rows it changed
  int update(String sql, Object... values) throws SQLException {
    return bound(sql, values).executeUpdate();
  }

  /// Writes a row whose key was never given before, unless a change is replayed or written again.
  ///
  /// @return whether it is a new one
  boolean put(Put row, Object... values) throws SQLException {
    if (row.there && update(row.update, row.forUpdate(values)) > 0) {
      return false;
    }
    row.there = false;
    try {
      update(row.insert, values);
      return true;
    } catch (SQLIntegrityConstraintViolationException e) {
      LOGGER.debug("A row is written again", e);
      row.there = true;
      update(row.update, row.forUpdate(values));
      return false;
    }
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
