package org.depozit.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is gone from a mailbox, by its rows, as changes that say so again elsewhere: each
/// mod-sequence with its UIDs. Page by page, on readers' connections.
final class Tombstones {
  private static final int PAGE = 500;

  private Tombstones() {}

  /// Takes a page's changes.
  @FunctionalInterface
  interface Pages {
    void page(List<Change> expunged) throws IOException;
  }

  private record Gone(long id, long modSeq) {}

  /// @param of the mailbox whose rows are read
  /// @param to the mailbox that the changes name
  /// @param highest the mod-sequence after which nothing is read
  static void tell(Db db, int of, int to, long highest, Pages pages) throws IOException {
    long after = Packed.first(of);
    List<Gone> page;
    do {
      long last = after;
      page =
          db.read(connection ->
              Db.list(
                  connection,
                  row -> new Gone(row.getLong(1), row.getLong(2)),
                  "SELECT id, mod_seq FROM expunged WHERE id > ? AND id <= ? AND mod_seq <= ?"
                      + " ORDER BY id LIMIT ?",
                  last,
                  Packed.last(of),
                  highest,
                  PAGE));
      if (!page.isEmpty()) {
        pages.page(changes(to, page));
        after = page.getLast().id;
      }
    } while (page.size() == PAGE);
  }

  private static List<Change> changes(int mailbox, List<Gone> page) {
    Map<Long, UidSet.Builder> uids = new LinkedHashMap<>();
    for (Gone gone : page) {
      long uid = Packed.number(gone.id);
      uids.computeIfAbsent(gone.modSeq, _ -> new UidSet.Builder()).add(uid, uid);
    }
    List<Change> changes = new ArrayList<>();
    uids.forEach((modSeq, all) -> changes.add(new Change.Expunged(mailbox, modSeq, all.build())));
    return changes;
  }
}
