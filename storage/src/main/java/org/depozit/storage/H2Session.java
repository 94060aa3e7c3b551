package org.depozit.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.engine.SessionLocal.Savepoint;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.table.Table;

/// H2's own session behind a connection, for what is done so often that a statement would be too
/// dear: a statement takes snapshots of all its tables' indexes, evaluates expressions and looks at
/// privileges and triggers, of which there are none. Here stands what of [org.h2.command.Command]
/// is left: the session's lock, the bounds of a statement, the table's lock, and what becomes of
/// errors. Nobody else writes, so nothing is tried again. The writer.
final class H2Session {
  private final SessionLocal session;

  private H2Session(SessionLocal session) {
    this.session = session;
  }

  /// What is done with the session while it is locked.
  @FunctionalInterface
  interface Work<R> {
    R on(SessionLocal session);
  }

  /// The session of a connection to an embedded database.
  static H2Session of(Connection connection) throws SQLException {
    if (connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
      return new H2Session(session);
    }
    throw new SQLException("the database is not embedded");
  }

  /// A table.
  ///
  /// @param name in any case
  Table table(String name) throws SQLException {
    try {
      return session
          .getDatabase()
          .getMainSchema()
          .getTableOrView(session, name.toUpperCase(Locale.ROOT));
    } catch (DbException e) {
      throw DbException.toSQLException(e);
    }
  }

  /// Changes a table in the open transaction.
  ///
  /// @throws SQLException what the work failed with; the table takes back itself what it had done
  ///   of one row. Without memory the database closes itself, as at a statement
  <R> R change(Table table, Work<R> work) throws SQLException {
    return locked(own -> bounded(table, work));
  }

  private <R> R bounded(Table table, Work<R> work) {
    session.getDatabase().checkPowerOff();
    session.startStatementWithinTransaction(null);
    try {
      table.lock(session, Table.WRITE_LOCK);
      return work.on(session);
    } finally {
      session.endStatement();
    }
  }

  /// A point in the open transaction, outside the bounds of a statement.
  Savepoint savepoint() throws SQLException {
    return locked(own -> {
      Savepoint point = own.setSavepoint();
      // It has begun a statement, whose place in the transaction would be taken for the next
      // savepoint's as long as nothing ends it.
      own.endStatement();
      return point;
    });
  }

  /// Takes back what was done since a point in the open transaction.
  void rollback(Savepoint savepoint) throws SQLException {
    var _ =
        locked(own -> {
          own.rollbackTo(savepoint);
          return savepoint;
        });
  }

  /// Commits the open transaction.
  void commit() throws SQLException {
    var _ =
        locked(own -> {
          own.getDatabase().checkPowerOff();
          own.commit(false);
          return own;
        });
  }

  private <R> R locked(Work<R> work) throws SQLException {
    session.lock();
    try {
      return work.on(session);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      throw failed(e);
    } finally {
      session.unlock();
    }
  }

  private SQLException failed(Throwable e) {
    DbException failure = DbException.convert(e);
    if (failure.getErrorCode() == ErrorCode.OUT_OF_MEMORY) {
      session.getDatabase().shutdownImmediately();
    }
    return DbException.toSQLException(failure);
  }
}
