package org.depozit.storage;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.message.DbException;
import org.h2.result.DefaultRow;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueBigint;

/// Changes numbers of a row where it stands, in the open transaction of a connection. H2's UPDATE
/// takes a row out of every index of its table and puts it in again; this touches those indexes
/// only whose columns are among what changes, a third of the time and a tenth of the pages for a
/// message's flags. The writer.
final class H2InPlace {
  private final H2Session session;
  private final Table table;
  private final Column[] columns;

  private H2InPlace(H2Session session, Table table, Column[] columns) {
    this.session = session;
    this.table = table;
    this.columns = columns;
  }

  /// For columns of a table. Its rows' keys are the primary key's if that is one whole number.
  ///
  /// @param columns whole numbers, not the key
  static H2InPlace of(H2Session session, String table, String... columns) throws SQLException {
    Table found = session.table(table);
    try {
      Column[] changing =
          Arrays.stream(columns)
              .map(column -> found.getColumn(column.toUpperCase(Locale.ROOT)))
              .toArray(Column[]::new);
      return new H2InPlace(session, found, changing);
    } catch (DbException e) {
      throw DbException.toSQLException(e);
    }
  }

  /// Sets the columns of a row; nothing if there is no such row.
  ///
  /// @param values of the columns, in their order
  /// @return whether there is such a row
  /// @throws SQLException then the transaction is to be rolled back
  boolean set(long key, long... values) throws SQLException {
    return session.change(table, own -> set(own, sought(key), values));
  }

  /// Sets a column of a row if it is lower.
  ///
  /// @return whether there is such a row
  /// @throws SQLException then the transaction is to be rolled back
  boolean raise(long key, long value) throws SQLException {
    return session.change(table, own -> raise(own, sought(key), value));
  }

  private Row sought(long key) {
    Row row = table.getTemplateRow();
    row.setKey(key);
    return row;
  }

  /// The row as the open transaction sees it. UPDATE locks it first, by writing it as it is; here
  /// nobody can come between: one connection writes, and writing locks too.
  private Optional<Row> found(SessionLocal own, Row sought) {
    Cursor rows = table.getScanIndex(own).find(own, sought, sought, false);
    return rows.next() ? Optional.of(rows.get()) : Optional.empty();
  }

  private boolean set(SessionLocal own, Row sought, long... values) {
    Optional<Row> old = found(own, sought);
    old.ifPresent(row -> table.updateRow(own, row, with(own, row, values)));
    return old.isPresent();
  }

  private boolean raise(SessionLocal own, Row sought, long value) {
    Optional<Row> old = found(own, sought);
    if (old.isPresent() && old.get().getValue(columns[0].getColumnId()).getLong() < value) {
      return set(own, sought, value);
    }
    return old.isPresent();
  }

  private Row with(SessionLocal own, Row old, long... values) {
    Value[] now = old.getValueList().clone();
    for (int i = 0; i < columns.length; i++) {
      now[columns[i].getColumnId()] = columns[i].convert(own, ValueBigint.get(values[i]));
    }
    return table.createRow(now, DefaultRow.MEMORY_CALCULATE);
  }
}
