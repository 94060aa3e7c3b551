package org.depozit.storage;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Compares a table of two databases, row by row in the order of its primary key. One thread.
final class TableCompare {
  private static final int LONGEST_VALUE = 60;

  private final String table;
  private final List<String> keys;
  private final List<String> columns;

  private TableCompare(String table, List<String> keys, List<String> columns) {
    this.table = table;
    this.keys = keys;
    this.columns = columns;
  }

  /// The tables of a database, but for the history of its migrations.
  static List<TableCompare> tables(Snapshot rows) throws SQLException {
    List<TableCompare> tables = new ArrayList<>();
    for (String table :
        names(
            rows,
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'"
                + " AND table_type = 'BASE TABLE' AND table_name <> 'flyway_schema_history'"
                + " ORDER BY table_name")) {
      List<String> keys =
          names(
              rows,
              "SELECT i.column_name FROM information_schema.index_columns i"
                  + " JOIN information_schema.table_constraints c ON c.index_name = i.index_name"
                  + " WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_schema = 'PUBLIC'"
                  + " AND c.table_name = ? ORDER BY i.ordinal_position",
              table);
      List<String> columns =
          names(
              rows,
              "SELECT column_name FROM information_schema.columns WHERE table_schema = 'PUBLIC'"
                  + " AND table_name = ? ORDER BY ordinal_position",
              table);
      tables.add(new TableCompare(table, keys, columns));
    }
    return tables;
  }

  private static List<String> names(Snapshot rows, String sql, Object... values)
      throws SQLException {
    return Db.list(rows.connection(), row -> row.getString(1), sql, values);
  }

  String table() {
    return table;
  }

  /// Tells of each row that is not the same in both.
  void compare(Snapshot store, Snapshot log, Faults found) throws SQLException {
    String sql =
        "SELECT %s, %s FROM %s ORDER BY %s"
            .formatted(list(keys), list(columns), quoted(table), list(keys));
    try (PreparedStatement one = store.connection().prepareStatement(sql);
        PreparedStatement other = log.connection().prepareStatement(sql);
        ResultSet here = one.executeQuery();
        ResultSet there = other.executeQuery()) {
      merge(here, there, found);
    }
  }

  private void merge(ResultSet here, ResultSet there, Faults found) throws SQLException {
    boolean more = here.next();
    boolean expected = there.next();
    while (more || expected) {
      int order = more && expected ? order(here, there) : (more ? -1 : 1);
      if (order < 0) {
        found.add(place(here), "the log does not tell of this row");
      } else if (order > 0) {
        found.add(place(there), "the row is missing that the log tells of");
      } else {
        values(here, there, found);
      }
      more = order <= 0 ? here.next() : more;
      expected = order >= 0 ? there.next() : expected;
    }
  }

  private int order(ResultSet here, ResultSet there) throws SQLException {
    for (int key = 1; key <= keys.size(); key++) {
      Object one = here.getObject(key);
      Object other = there.getObject(key);
      int order =
          one instanceof Number a && other instanceof Number b
              ? Long.compare(a.longValue(), b.longValue())
              : String.valueOf(one).compareTo(String.valueOf(other));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private void values(ResultSet here, ResultSet there, Faults found) throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      Object one = here.getObject(keys.size() + 1 + i);
      Object other = there.getObject(keys.size() + 1 + i);
      if (!same(one, other)) {
        found.add(
            place(here), columns.get(i) + " is " + told(one) + ", the log says " + told(other));
      }
    }
  }

  private static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one instanceof byte[] octets) {
      return other instanceof byte[] others && Arrays.equals(octets, others);
    }
    return Objects.equals(one, other);
  }

  /// Rows may hold what people wrote: it is cut, and nothing in it ends the line.
  private String told(@Nullable Object value) {
    if (table.equals("ACCOUNT")) {
      return "(not shown)";
    }
    String text =
        value instanceof byte[] octets
            ? octets.length
                + " octets "
                + HexFormat.of().formatHex(octets, 0, Math.min(8, octets.length))
            : String.valueOf(value);
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= LONGEST_VALUE ? line : line.substring(0, LONGEST_VALUE) + "…";
  }

  private String place(ResultSet row) throws SQLException {
    String name = table.toLowerCase(java.util.Locale.ROOT);
    if (name.equals("mailbox_message") || name.equals("header")) {
      return TableCheck.place(name, row.getLong(1));
    }
    List<String> values = new ArrayList<>();
    for (int key = 1; key <= keys.size(); key++) {
      values.add(keys.get(key - 1).toLowerCase(java.util.Locale.ROOT) + " " + row.getString(key));
    }
    return "table " + name + ", " + String.join(", ", values).replaceAll("\\p{Cntrl}", "?");
  }

  private static String list(List<String> columns) {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> quoted(columns.get(i)))
        .collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }
}
