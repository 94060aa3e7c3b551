package org.depozit.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A connection that keeps its prepared statements: the writer's.
final class Statements implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private @Nullable H2Writer h2;

  /// How rows of a table are written: as new ones, or over those with the same keys. The writer.
  static final class Put {
    private final Dialect dialect;
    private final String table;
    private final List<String> columns;
    private final String update;
    private final int keys;

    /// Whether the last one had to be written over one that was there: the next will be alike.
    private boolean there;

    private Put(Dialect dialect, String table, List<String> columns, String update, int keys) {
      this.dialect = dialect;
      this.table = table;
      this.columns = columns;
      this.update = update;
      this.keys = keys;
    }

    /// @param columns all of them, the keys first
    static Put into(Dialect dialect, String table, List<String> keys, List<String> columns) {
      List<String> others = columns.subList(keys.size(), columns.size());
      String update =
          "UPDATE %s SET %s = ? WHERE %s = ?"
              .formatted(table, String.join(" = ?, ", others), String.join(" = ? AND ", keys));
      return new Put(dialect, table, columns, update, keys.size());
    }

    String table() {
      return table;
    }

    List<String> columns() {
      return columns;
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

  /// What goes past SQL, if the database is H2.
  H2Writer h2() throws SQLException {
    H2Writer known = h2;
    if (known == null) {
      known = new H2Writer(this);
      h2 = known;
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
    row.there = !row.dialect.add(this, row, values);
    if (row.there) {
      update(row.update, row.forUpdate(values));
    }
    return !row.there;
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
