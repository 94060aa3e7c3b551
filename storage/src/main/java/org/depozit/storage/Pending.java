package org.depozit.storage;

import java.sql.SQLException;

/// Rows that a change still owes the database: the change is in the log and published, and its rows
/// follow in slices ([Backlog]). Writing a row twice ends in the same row, so that one whose
/// transaction failed starts again from its beginning. The writer only.
sealed interface Pending permits FlagRows, ExpungedRows, DeletedRows, DroppedTexts, CopiedRows {
  /// Writes the next rows in the open transaction.
  ///
  /// @param most how many at most
  /// @return how many it wrote or found to need nothing; at least 1 unless it is done
  int write(int most) throws SQLException;

  /// Whether nothing is left.
  boolean done();

  /// How many rows are left, about. It changes only by [#write] and [#restart], and what adds rows.
  long rows();

  /// Goes back to the first row: what was written is not there.
  void restart();

  /// Its rows are there and committed.
  default void committed() {}
}
