package org.depozit.storage;

import java.sql.SQLException;

/// Rows of messages whose flags changed. What is written is what the index state says when their
/// turn comes: of many changes of a message only the last is. The mailbox stays loaded until then,
/// since its rows are older than what was told.
final class FlagRows implements Pending {
  /// UIDs added, as far as they are no more than those before, until they are merged with these:
  /// who changes all flags again and again has each message counted, and kept, once or twice.
  private static final int SOME = 1_000;

  private final OpenMailbox open;
  private final MessageRows messages;
  private UidSet.Builder more = new UidSet.Builder();
  private UidSet uids = UidSet.NONE;
  private long added;
  private long left;
  private boolean started;
  private long next;

  FlagRows(OpenMailbox open, MessageRows messages) {
    this.open = open;
    this.messages = messages;
  }

  /// Adds messages, ascending; only as long as nothing was written.
  void add(long[] changed) {
    int from = 0;
    for (int i = 1; i <= changed.length; i++) {
      if (i == changed.length || changed[i] != changed[i - 1] + 1) {
        more.add(changed[from], changed[i - 1]);
        from = i;
      }
    }
    added += changed.length;
    left += changed.length;
    if (added > uids.count() + SOME) {
      merge();
    }
  }

  private void merge() {
    uids = uids.union(more.build());
    more = new UidSet.Builder();
    added = 0;
    left = uids.count();
  }

  int mailbox() {
    return open.mailbox();
  }

  /// Whether messages can still be added.
  boolean takes() {
    return !started;
  }

  private void start() {
    if (!started) {
      started = true;
      merge();
    }
  }

  @Override
  public int write(int most) throws SQLException {
    start();
    // What went from the mailbox has no flags, and of a mailbox that went nothing is left.
    View view = open.gone() ? View.empty(open.mailbox(), 0) : open.view();
    int count = 0;
    int range = uids.rangeFrom(next);
    while (range < uids.ranges() && count < most) {
      int position = view.ceiling(Math.max(next, uids.first(range)));
      while (position < view.count() && view.uid(position) <= uids.last(range) && count < most) {
        long uid = view.uid(position);
        messages.flags(open.mailbox(), uid, view.flagBits(position), view.modSeq(position));
        position++;
        count++;
        next = uid + 1;
      }
      if (position == view.count() || view.uid(position) > uids.last(range)) {
        next = uids.last(range) + 1;
        range++;
        count++;
      }
    }
    left = Math.max(0, left - count);
    return count;
  }

  @Override
  public boolean done() {
    return started && uids.rangeFrom(next) == uids.ranges();
  }

  @Override
  public long rows() {
    return left;
  }

  @Override
  public void restart() {
    next = 0;
    left = started ? uids.count() : left;
  }
}
