package org.depozit.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.depozit.storage.MessageLoads.Fetched;
import org.depozit.storage.MessageLoads.Placed;

/// Reads rows of messages for sessions. Rows of copies may be on their way: then those of their
/// originals are read, before the copies' own, so that each message is found in one of them
/// ([OpenMailbox#copies]). Any thread.
final class MessageReads {
  private MessageReads() {}

  /// What FETCH asks the rows for, ascending by UID.
  static List<Fetched> fetched(Db db, OpenMailbox open, long[] uids, Set<Column> columns) {
    TreeMap<Long, Fetched> standIns = new TreeMap<>();
    for (CopyRun run : open.copies()) {
      long[] originals = Arrays.stream(uids).filter(run::holds).map(run::original).toArray();
      if (originals.length > 0) {
        for (Fetched row : fetched(db, run.source(), originals, columns)) {
          long uid = run.copy(row.uid());
          standIns.put(uid, row.numbered(uid));
        }
      }
    }
    List<Fetched> rows =
        db.read(connection -> MessageLoads.fetched(connection, open.mailbox(), uids, columns));
    if (standIns.isEmpty()) {
      return rows;
    }
    rows.forEach(row -> standIns.put(row.uid(), row));
    return new ArrayList<>(standIns.values());
  }

  /// Where the octets of a message are.
  static Optional<Placed> placed(Db db, OpenMailbox open, long uid) {
    for (CopyRun run : open.copies()) {
      Optional<Placed> standIn =
          run.holds(uid) ? placed(db, run.source(), run.original(uid)) : Optional.empty();
      if (standIn.isPresent()) {
        return standIn;
      }
    }
    return db.read(connection -> MessageLoads.placed(connection, open.mailbox(), uid));
  }
}
