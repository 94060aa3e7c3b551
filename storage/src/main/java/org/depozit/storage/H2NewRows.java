package org.depozit.storage;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.result.Row;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueInteger;
import org.h2.value.ValueVarbinary;
import org.h2.value.ValueVarchar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Adds rows to a table as INSERT does, in the open transaction of a connection, without a
/// statement: the table converts and checks the values and writes its indexes. The writer.
final class H2NewRows {
  private static final Logger LOGGER = LoggerFactory.getLogger(H2NewRows.class);

  private final H2Session session;
  private final Table table;

  /// Where the values' columns stand in the table.
  private final int[] places;

  private H2NewRows(H2Session session, Table table, int[] places) {
    this.session = session;
    this.table = table;
    this.places = places;
  }

  /// For values of some columns of a table.
  static H2NewRows of(H2Session session, String table, List<String> columns) throws SQLException {
    Table found = session.table(table);
    try {
      int[] places =
          columns.stream()
              .map(column -> column.toUpperCase(Locale.ROOT))
              .mapToInt(column -> found.getColumn(column).getColumnId())
              .toArray();
      return new H2NewRows(session, found, places);
    } catch (DbException e) {
      throw DbException.toSQLException(e);
    }
  }

  /// Adds a row, unless one with its key is there.
  ///
  /// @param values of the columns, in their order; arrays are not written to any more
  /// @return whether it was added
  /// @throws SQLException what INSERT throws if a value does not fit its column
  boolean add(Object... values) throws SQLException {
    return session.change(table, own -> add(own, values));
  }

  private boolean add(SessionLocal own, Object[] values) {
    Row row = table.getTemplateRow();
    for (int i = 0; i < places.length; i++) {
      row.setValue(places[i], value(values[i]));
    }
    table.convertInsertRow(own, row, null);
    try {
      table.addRow(own, row);
      return true;
    } catch (DbException e) {
      if (e.getErrorCode() != ErrorCode.DUPLICATE_KEY_1) {
        throw e;
      }
      LOGGER.debug("A row is written again", e);
      return false;
    }
  }

  private static Value value(Object value) {
    return switch (value) {
      case Long number -> ValueBigint.get(number);
      case Integer number -> ValueInteger.get(number);
      case String text -> ValueVarchar.get(text);
      case byte[] octets -> ValueVarbinary.getNoCopy(octets);
      default -> throw new IllegalArgumentException("a column of " + value.getClass());
    };
  }
}
