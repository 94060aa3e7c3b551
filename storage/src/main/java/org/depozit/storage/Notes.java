package org.depozit.storage;

/// What is noted of a header field, against a needle: read a chunk at a time, in one statement. One
/// thread.
final class Notes {
  private final SearchSql sql;
  private final NotedField field;
  private final String needle;
  private long readFor = -1;
  private long[] holding = {};
  private long[] cut = {};
  private int statements;

  /// @param needle folded
  Notes(SearchSql sql, NotedField field, String needle) {
    this.sql = sql;
    this.field = field;
    this.needle = needle;
  }

  NotedField field() {
    return field;
  }

  String needle() {
    return needle;
  }

  /// How many statements were asked so far.
  int statements() {
    return statements;
  }

  /// The rows of the chunk whose field holds the needle, as far as it is noted.
  long[] holding(Chunk chunk) {
    read(chunk);
    return holding;
  }

  /// The other rows, where the note is cut, so that only the message can tell.
  long[] cut(Chunk chunk) {
    read(chunk);
    return cut;
  }

  private void read(Chunk chunk) {
    if (readFor != chunk.firstUid()) {
      readFor = chunk.firstUid();
      holding = Bits.none(chunk);
      cut = Bits.none(chunk);
      statements++;
      sql.notes(field, chunk.firstUid(), chunk.lastUid(), (uid, note) -> mark(chunk, uid, note));
    }
  }

  private void mark(Chunk chunk, long uid, String note) {
    boolean holds = note.contains(needle);
    int row = holds || NotedField.cut(note) ? chunk.row(uid) : -1;
    if (row >= 0) {
      long[] rows = holds ? holding : cut;
      rows[row >>> 6] |= 1L << row;
    }
  }
}
