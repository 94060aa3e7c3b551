package org.depozit.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens to the log when the store is opened: the database may be behind it (it is as it was
/// at a checkpoint) or ahead of what the checkpoint's file says (that was not written any more);
/// changes hold absolute values, so replaying from there ends in the same rows either way.
final class Recovery {
  private static final Logger LOGGER = LoggerFactory.getLogger(Recovery.class);

  private Recovery() {}

  /// Replays the log after the last checkpoint into the database, cuts off a torn tail, takes a
  /// checkpoint and gives the log, ready to be written. Big bodies that no row names are removed.
  /// Rows of very many flags are pending then: their mailboxes are open.
  ///
  /// @throws Refused UNAVAILABLE if the log is damaged where it was on the disk already, or cannot
  ///   be read
  static Log recover(LogFiles files, StoreLimits limits, Rows rows, States states) {
    try {
      Optional<Checkpoint> from = Checkpoint.read(files);
      mustBelongTogether(files, from, rows);
      Log log = LogScan.open(files, limits, from, group -> replay(group, rows));
      long before = from.map(Checkpoint::sequence).orElse(0L);
      if (log.position() > before) {
        LOGGER.info("{} groups of the log were replayed", log.position() - before);
      }
      states.saves().recovered(log.position());
      finish(rows, states, from, limits);
      rows.checkpoint();
      rows.backlog().replayFrom(log.checkpoint(false)).write(files);
      if (!from.map(Checkpoint::clean).orElse(false)) {
        removeUnnamed(files, rows);
      }
      return log;
    } catch (IOException e) {
      throw LogFiles.broken("The log cannot be read: " + e.getMessage(), e);
    }
  }

  /// Very many flags of a mailbox are left for later, if there is a place to replay them from
  /// again.
  private static void finish(
      Rows rows, States states, Optional<Checkpoint> from, StoreLimits limits) {
    int most = from.isPresent() ? limits.bulk().flagsReplayed() : Integer.MAX_VALUE;
    long read = rows.flagsRead();
    LateFlags late = new LateFlags(states, rows.finishFlags(most));
    rows.recount(row -> late.counted(row).or(() -> states.counted(row)));
    from.ifPresent(place -> late.follow(rows.backlog(), place));
    rows.backlog().read(read);
  }

  /// A database or a log that was lost or put back alone must not be taken for a new one.
  private static void mustBelongTogether(LogFiles files, Optional<Checkpoint> from, Rows rows)
      throws IOException {
    boolean unused = rows.unused();
    if (unused && from.isPresent() && from.get().sequence() > 0) {
      throw new IOException(
          "the database that belongs to the log is gone, an empty one stands there");
    }
    if (!unused && from.isEmpty() && files.segments().isEmpty()) {
      throw new IOException("the log that belongs to the database is gone");
    }
  }

  private static void replay(Group.Read group, Rows rows) throws IOException {
    replay(group.changes(), rows);
  }

  /// Applies the changes of a group once more, or for the first time.
  static void replay(List<Change> changes, Rows rows) {
    rows.begin();
    for (Change change : changes) {
      rows.apply(change);
    }
    rows.commit();
    if (rows.full()) {
      rows.checkpoint();
    }
  }

  /// Spools of sessions that the end of the process cut off, and bodies whose messages are gone.
  private static void removeUnnamed(LogFiles files, Rows rows) throws IOException {
    for (long body : files.bodies()) {
      if (!rows.names(body)) {
        Files.deleteIfExists(files.body(body));
      }
    }
  }
}
