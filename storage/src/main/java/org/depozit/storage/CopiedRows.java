package org.depozit.storage;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rows of messages that were copied: those of the originals under the new UIDs.
///
/// An original whose row is gone is passed over. That happens in a replay over rows that ran ahead:
/// rows follow in the order of their changes, so when the original's went, the copy's had come.
final class CopiedRows implements Pending {
  private final Change.Copied copied;
  private final long[] originals;
  private final MessageRows messages;

  /// Where the copies are; empty in a replay.
  private final Optional<Destination> destination;

  private int next;

  private record Destination(OpenMailbox open, CopyRun run) {}

  private CopiedRows(
      Change.Copied copied,
      long[] originals,
      Optional<Destination> destination,
      MessageRows messages) {
    this.copied = copied;
    this.originals = originals;
    this.destination = destination;
    this.messages = messages;
  }

  /// Of a change of a replay: flags as they were then.
  static CopiedRows replayed(Change.Copied copied, MessageRows messages) {
    return new CopiedRows(copied, copied.originals(), Optional.empty(), messages);
  }

  /// Of a change that is about to be published; the run stands in for the rows from now on.
  static CopiedRows following(
      Change.Copied copied, OpenMailbox source, OpenMailbox to, MessageRows messages) {
    long[] originals = copied.originals();
    CopyRun run = new CopyRun(source, originals, copied.firstUid());
    to.copying(run);
    return new CopiedRows(copied, originals, Optional.of(new Destination(to, run)), messages);
  }

  Change.Copied change() {
    return copied;
  }

  @Override
  public int write(int most) throws SQLException {
    int end = Math.min(originals.length, next + most);
    long[] uids = Arrays.copyOfRange(originals, next, end);
    List<Change.MessageFiled> rows = messages.filed(copied.from(), uids);
    Map<Long, Map<NotedField, String>> noted = messages.noted(copied.from(), uids);
    int at = next;
    for (Change.MessageFiled row : rows) {
      while (originals[at] < row.uid()) {
        at++;
      }
      write(row, at, noted.getOrDefault(row.uid(), Map.of()));
    }
    int written = end - next;
    next = end;
    return written;
  }

  private void write(Change.MessageFiled row, int at, Map<NotedField, String> noted)
      throws SQLException {
    long uid = copied.firstUid() + at;
    long flags = copied.flags()[at];
    long modSeq = copied.modSeq();
    if (destination.isPresent()) {
      // As they are now: nobody has to write them again. What is gone again gets its row too, for a
      // copy of the copy may be pending behind this one; its removal is.
      View view = destination.get().open.view();
      int position = view.position(uid);
      flags = position < 0 ? flags : view.flagBits(position);
      modSeq = position < 0 ? modSeq : view.modSeq(position);
    }
    messages.write(row.copied(copied.to(), uid, modSeq, flags, copied.savedAt()));
    if (!noted.isEmpty()) {
      messages.write(new Change.HeaderNoted(copied.to(), uid, noted));
    }
  }

  @Override
  public boolean done() {
    return next == originals.length;
  }

  @Override
  public long rows() {
    return (long) originals.length - next;
  }

  @Override
  public void restart() {
    next = 0;
  }

  @Override
  public void committed() {
    destination.ifPresent(to -> to.open.copied(to.run));
  }
}
