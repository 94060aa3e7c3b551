package org.depozit.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Every index of the database against its table: each is read to its end in its own order, and
/// must have the same entries as the table, in ascending order. Entries are compared by a sum of
/// their hashes, which knows no order, so that no memory is needed. One thread.
final class IndexCheck {
  private final Map<String, Map<String, List<String>>> indexes = new LinkedHashMap<>();

  /// What one way through the entries saw.
  private static final class Sum {
    private long count;
    private long sum;

    void add(ResultSet row, List<String> columns, long key) throws SQLException {
      long hash = mixed(key);
      for (String column : columns) {
        hash = mixed(hash * 31 + hash(row.getObject(column)));
      }
      sum += hash;
      count++;
    }

    private static long hash(@Nullable Object value) {
      if (value instanceof Number number) {
        return number.longValue();
      }
      long hash = 17;
      String text = String.valueOf(value);
      for (int i = 0; i < text.length(); i++) {
        hash = hash * 1_000_003 + text.charAt(i);
      }
      return hash;
    }

    /// Spreads every bit over all.
    private static long mixed(long bits) {
      long z = (bits ^ (bits >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
      return z ^ (z >>> 31);
    }

    boolean same(Sum other) {
      return count == other.count && sum == other.sum;
    }
  }

  /// Finds out what indexes there are.
  void list(Snapshot rows, Faults found) throws SQLException {
    indexes.clear();
    rows.each(
        row ->
            indexes
                .computeIfAbsent(row.getString(1), table -> new LinkedHashMap<>())
                .computeIfAbsent(row.getString(2), index -> new ArrayList<>())
                .add(row.getString(3)),
        "SELECT table_name, index_name, column_name FROM information_schema.index_columns"
            + " WHERE table_schema = 'PUBLIC' AND table_name <> 'flyway_schema_history'"
            + " ORDER BY table_name, index_name, ordinal_position");
    if (indexes.isEmpty()) {
      found.add("database", "has no tables");
    }
  }

  Collection<String> tables() {
    return List.copyOf(indexes.keySet());
  }

  /// Compares a table with all of its indexes.
  void check(String table, Snapshot rows, Faults found) throws SQLException {
    Map<String, List<String>> columns =
        Objects.requireNonNullElse(indexes.get(table), Map.<String, List<String>>of());
    Map<String, Sum> sums = scan(table, columns, rows, found);
    for (Map.Entry<String, List<String>> index : columns.entrySet()) {
      Sum inTable = Objects.requireNonNull(sums.get(index.getKey()));
      Sum inIndex = scan(index.getKey(), table, index.getValue(), rows, found);
      if (!inIndex.same(inTable)) {
        found.add(
            "index " + index.getKey(),
            inIndex.count == inTable.count
                ? "its entries are not those of table " + table
                : "%,d entries, table %s has %,d rows"
                    .formatted(inIndex.count, table, inTable.count));
      }
    }
  }

  private static Map<String, Sum> scan(
      String table, Map<String, List<String>> indexes, Snapshot rows, Faults found)
      throws SQLException {
    Map<String, Sum> sums = new LinkedHashMap<>();
    indexes.keySet().forEach(index -> sums.put(index, new Sum()));
    Set<String> columns = new LinkedHashSet<>();
    indexes.values().forEach(columns::addAll);
    long[] last = {Long.MIN_VALUE};
    rows.each(
        row -> {
          long key = row.getLong(1);
          if (key <= last[0]) {
            found.add("table " + table, "key " + key + " stands behind " + last[0]);
          }
          last[0] = key;
          for (Map.Entry<String, List<String>> index : indexes.entrySet()) {
            Objects.requireNonNull(sums.get(index.getKey())).add(row, index.getValue(), key);
          }
        },
        ofTable(table, columns));
    return sums;
  }

  private static Sum scan(
      String index, String table, List<String> columns, Snapshot rows, Faults found)
      throws SQLException {
    Sum sum = new Sum();
    List<Object> last = new ArrayList<>();
    rows.each(
        row -> {
          sum.add(row, columns, row.getLong(1));
          List<Object> now = new ArrayList<>();
          for (String column : columns) {
            now.add(row.getObject(column));
          }
          if (!last.isEmpty() && compare(last, now) > 0) {
            found.add("index " + index, now + " stands behind " + last);
          }
          last.clear();
          last.addAll(now);
        },
        ofIndex(index, table, columns));
    return sum;
  }

  /// Without the hint the database would read an index if it has all columns.
  private static String ofTable(String table, Collection<String> columns) {
    return "SELECT _rowid_, %s FROM %s USE INDEX () ORDER BY _rowid_"
        .formatted(list(columns), quoted(table));
  }

  private static String ofIndex(String index, String table, List<String> columns) {
    return "SELECT _rowid_, %s FROM %s USE INDEX (%s) ORDER BY %s"
        .formatted(list(columns), quoted(table), quoted(index), list(columns));
  }

  /// What is asked: the table by itself, then each index by itself.
  ///
  /// @return statements by the name of the index they must read
  Map<String, String> statements() {
    Map<String, String> statements = new LinkedHashMap<>();
    indexes.forEach((table, all) ->
        all.forEach((index, columns) -> statements.put(index, ofIndex(index, table, columns))));
    indexes.forEach((table, all) ->
        all.values().stream()
            .findFirst()
            .ifPresent(columns -> statements.put(table + ".tableScan", ofTable(table, columns))));
    return statements;
  }

  private static int compare(List<Object> one, List<Object> other) {
    for (int i = 0; i < one.size(); i++) {
      int order =
          one.get(i) instanceof Number a && other.get(i) instanceof Number b
              ? Long.compare(a.longValue(), b.longValue())
              : String.valueOf(one.get(i)).compareTo(String.valueOf(other.get(i)));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static String list(Collection<String> columns) {
    return columns.stream().map(IndexCheck::quoted).collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }
}
