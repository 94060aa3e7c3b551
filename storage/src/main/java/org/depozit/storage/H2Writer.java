package org.depozit.storage;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// What the writer does so often that it goes past SQL, for its connection to H2.
final class H2Writer {
  private final Statements sql;
  private final H2Session session;
  private final H2InPlace flags;
  private final H2InPlace counters;
  private final H2InPlace numbers;
  private final Map<Statements.Put, H2NewRows> adding = new HashMap<>();

  /// Where the rows of `counter` stand: they are never removed.
  private final Map<String, Long> places = new HashMap<>();

  H2Writer(Statements sql) throws SQLException {
    this.sql = sql;
    this.session = H2Session.of(sql.connection());
    this.flags = H2InPlace.of(session, "mailbox_message", "flags", "mod_seq");
    this.counters =
        H2InPlace.of(
            session,
            "mailbox",
            "uid_next",
            "highest_mod_seq",
            "messages",
            "unseen",
            "deleted",
            "octets");
    this.numbers = H2InPlace.of(session, "counter", "last_value");
  }

  /// The database's own session.
  H2Session session() {
    return session;
  }

  /// What sets flags and mod-sequence of messages where they stand.
  H2InPlace flags() {
    return flags;
  }

  /// What sets the counters of mailboxes where they stand.
  H2InPlace counters() {
    return counters;
  }

  /// What adds such rows.
  H2NewRows adding(Statements.Put row) throws SQLException {
    H2NewRows known = adding.get(row);
    if (known == null) {
      known = H2NewRows.of(session, row.table(), row.columns());
      adding.put(row, known);
    }
    return known;
  }

  /// Raises the last value of a row of numbers; nothing if there is no such row.
  void raise(String counter, long number) throws SQLException {
    Long place = places.get(counter);
    if (place == null || !numbers.raise(place, number)) {
      OptionalLong found = sql.number("SELECT _ROWID_ FROM counter WHERE name = ?", counter);
      if (found.isPresent()) {
        places.put(counter, found.getAsLong());
        var _ = numbers.raise(found.getAsLong(), number);
      }
    }
  }
}
