package org.depozit.storage;

import java.sql.SQLException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.mvstore.MVStoreException;
import org.h2.result.DefaultRow;
import org.h2.result.Row;
import org.h2.table.Table;
import org.h2.value.Value;
import org.h2.value.ValueBigint;

/// Changes numbers of a row where it stands, in the open transaction of a connection. H2's UPDATE
/// takes a row out of every index of its table and puts it in again; this touches those indexes
/// only whose columns are among what changes, a third of the time and a tenth of the pages for a
/// message's flags. The writer.
final class H2InPlace {
  private final SessionLocal session;
  private final Table table;
  private final int[] columns;

  private H2InPlace(SessionLocal session, Table table, int[] columns) {
    this.session = session;
    this.table = table;
    this.columns = columns;
  }

  /// For columns of a table whose key is one BIGINT.
  ///
  /// @param columns of type BIGINT, not the key; with the table in H2's spelling
  static H2InPlace of(Statements sql, String table, String... columns) throws SQLException {
    JdbcConnection connection = sql.connection().unwrap(JdbcConnection.class);
    if (!(connection.getSession() instanceof SessionLocal session)) {
      throw new SQLException("the database is not embedded");
    }
    try {
      Table found = session.getDatabase().getMainSchema().getTableOrView(session, table);
      int[] ids = new int[columns.length];
      for (int i = 0; i < columns.length; i++) {
        ids[i] = found.getColumn(columns[i]).getColumnId();
      }
      return new H2InPlace(session, found, ids);
    } catch (DbException e) {
      throw DbException.toSQLException(e);
    }
  }

  /// Sets the columns of a row; nothing if there is no such row.
  ///
  /// @param values of the columns, in their order
  /// @throws SQLException then the transaction is to be rolled back
  void set(long key, long... values) throws SQLException {
    session.lock();
    try {
      session.startStatementWithinTransaction(null);
      set(sought(key), values);
    } catch (DbException | MVStoreException e) {
      throw DbException.toSQLException(DbException.convert(e));
    } finally {
      session.endStatement();
      session.unlock();
    }
  }

  private Row sought(long key) {
    Row row = table.getTemplateRow();
    row.setKey(key);
    return row;
  }

  private void set(Row sought, long[] values) {
    table.lock(session, Table.WRITE_LOCK);
    Row old = table.lockRow(session, sought, -1);
    if (old == null) {
      return;
    }
    Value[] now = old.getValueList().clone();
    for (int i = 0; i < columns.length; i++) {
      now[columns[i]] = ValueBigint.get(values[i]);
    }
    Row changed = table.createRow(now, DefaultRow.MEMORY_CALCULATE);
    table.updateRow(session, old, changed);
  }
}
