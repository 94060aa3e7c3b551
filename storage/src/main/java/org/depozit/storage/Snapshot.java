package org.depozit.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/// The database as it was at one moment, read row by row without a copy, on a connection of its own
/// beside those of the readers. One thread.
final class Snapshot implements AutoCloseable {
  /// [Connection#setTransactionIsolation] of H2: all statements see one moment.
  private static final int SNAPSHOT = 6;

  private final Connection connection;

  /// What is done with each row.
  @FunctionalInterface
  interface Each {
    void row(ResultSet row) throws SQLException;
  }

  private Snapshot(Connection connection) {
    this.connection = connection;
  }

  static Snapshot of(Db db) throws SQLException {
    Connection connection = db.open();
    try {
      Db.update(connection, "SET LAZY_QUERY_EXECUTION TRUE");
      connection.setTransactionIsolation(SNAPSHOT);
      connection.setAutoCommit(false);
      return new Snapshot(connection);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  /// Reads an answer row by row; the order of a primary key or an index costs no memory.
  void each(Each each, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Db.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          each.row(rows);
        }
      }
    }
  }

  OptionalLong number(String sql, Object... values) throws SQLException {
    return Db.number(connection, sql, values);
  }

  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.close();
  }
}
