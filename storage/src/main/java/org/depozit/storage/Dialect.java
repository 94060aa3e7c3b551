package org.depozit.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Where the SQL of the engines differs. Everything else is written in what they share. The next
/// one is PostgreSQL's.
sealed interface Dialect permits H2Dialect {
  /// The JDBC address of the database in the data directory.
  String url(Path directory);

  /// Writes a row, or replaces the one with the same key; one parameter for each column, in order.
  ///
  /// @param keys the primary key's columns, among the columns
  String upsert(String table, List<String> keys, List<String> columns);

  /// Forces all that is committed to the disk.
  String checkpoint();

  /// Closes the database at once for all connections.
  String shutdown();

  /// What the migrations call by other names in each engine.
  Map<String, String> placeholders();
}
