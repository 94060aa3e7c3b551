package org.depozit.storage;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// Where the SQL of the engines differs. Everything else is written in what they share. The next
/// one is PostgreSQL's.
sealed interface Dialect permits H2Dialect {
  /// A point in a transaction.
  @FunctionalInterface
  interface Savepoint {
    /// Takes back what was done since.
    void rollback() throws SQLException;
  }

  /// The JDBC address of the database.
  String url();

  /// Writes a row, or replaces the one with the same key; one parameter for each column, in order.
  ///
  /// @param keys the primary key's columns, among the columns
  String upsert(String table, List<String> keys, List<String> columns);

  /// Adds a row in the open transaction, as INSERT does, unless one with its key is there: then
  /// nothing is changed. Every delivery adds some: an engine may know a way that is cheaper.
  ///
  /// @return whether it was added
  boolean add(Statements sql, Statements.Put row, Object... values) throws SQLException;

  /// Sets flags and mod-sequence of a row of `mailbox_message` in the open transaction; nothing if
  /// there is no such row. There are very many of these: an engine may know a way that is cheaper
  /// than an UPDATE.
  void setFlags(Statements sql, long id, long flags, long modSeq) throws SQLException;

  /// Writes the counters of a mailbox into its row, in the open transaction; nothing if there is no
  /// such row.
  void setCounters(Statements sql, MailboxCounters counters) throws SQLException;

  /// Raises the last number given in a row of numbers, in the open transaction.
  ///
  /// @param counter the name of the row of `counter`
  void raise(Statements sql, String counter, long number) throws SQLException;

  /// A point in the open transaction to which it can be rolled back.
  Savepoint savepoint(Statements sql) throws SQLException;

  /// Commits the open transaction.
  void commit(Statements sql) throws SQLException;

  /// Forces all that is committed to the disk: after a crash at any later moment the database is
  /// what it is now, or what a later call made it.
  ///
  /// @throws IOException if it could not be written; all goes on as before unless [#broken]
  void checkpoint(Statements sql) throws SQLException, IOException;

  /// Octets that were written and wait in the heap for the next checkpoint. Any thread.
  long pending();

  /// What gives back the room of rows that are gone.
  ///
  /// @param sql the writer's connection
  FileSpace fileSpace(Statements sql) throws SQLException;

  /// Whether the engine is forcing its file aside, so that a checkpoint may have to wait. Any
  /// thread.
  boolean busy();

  /// Whether no checkpoint can be taken any more until the store is opened again. Any thread.
  boolean broken();

  /// Gives back what the engine holds on the disk for its own safety. The caller waits for a force
  /// of the database: for when the store is quiet.
  ///
  /// @throws IOException if the disk failed; see [#broken]
  void rest() throws IOException;

  /// Closes the database at once for all connections.
  ///
  /// @param keep whether what was done since the last checkpoint is worth keeping; else the
  ///   database is on the disk as that left it
  void shutdown(Statements sql, boolean keep) throws SQLException, IOException;

  /// What the migrations call by other names in each engine.
  Map<String, String> placeholders();
}
