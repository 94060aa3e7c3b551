package org.depozit.storage;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/// The highest number of each kind that the open transaction gives, for the rows that keep any from
/// being given twice. The writer; before it starts, whoever opens the store.
final class Given {
  private final Dialect dialect;
  private final Statements sql;
  private final Map<Counter, Long> highest = new EnumMap<>(Counter.class);

  Given(Dialect dialect, Statements sql) {
    this.dialect = dialect;
    this.sql = sql;
  }

  /// Rows of numbers, of which none is given twice.
  enum Counter {
    ACCOUNT,
    MAILBOX,
    MESSAGE,
    UID_VALIDITY;

    String row() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// A number is given.
  void raise(Counter counter, long number) {
    highest.merge(counter, number, Math::max);
  }

  /// All numbers up to these are given.
  void raise(Change.NumbersGiven numbers) {
    raise(Counter.ACCOUNT, numbers.account());
    raise(Counter.MAILBOX, numbers.mailbox());
    raise(Counter.MESSAGE, numbers.message());
    raise(Counter.UID_VALIDITY, numbers.uidValidity());
  }

  boolean isEmpty() {
    return highest.isEmpty();
  }

  /// Forgets what the transaction gave: it is over.
  void clear() {
    highest.clear();
  }

  /// Writes the rows.
  void write() throws SQLException {
    for (Map.Entry<Counter, Long> last : highest.entrySet()) {
      dialect.raise(sql, last.getKey().row(), last.getValue());
    }
  }
}
