package org.depozit.storage;

import java.sql.SQLException;
import java.util.Optional;

/// Rows of messages that were expunged.
final class ExpungedRows implements Pending {
  private final Change.Expunged gone;

  /// Keeps the mailbox loaded: its rows are more than its messages. Empty in a replay.
  private final Optional<OpenMailbox> open;

  private final MessageRows messages;
  private long left;
  private long next;

  ExpungedRows(Change.Expunged gone, Optional<OpenMailbox> open, MessageRows messages) {
    this.gone = gone;
    this.open = open;
    this.messages = messages;
    this.left = gone.uids().count();
  }

  @Override
  public int write(int most) throws SQLException {
    UidSet uids = gone.uids();
    int written = 0;
    // If the mailbox is gone too, the rows that stand behind these in the backlog are all it had.
    for (int range = uids.rangeFrom(next); range < uids.ranges() && written < most; range++) {
      long first = Math.max(next, uids.first(range));
      long last = Math.min(uids.last(range), first + most - written - 1);
      messages.expunge(gone.mailbox(), gone.modSeq(), first, last);
      written += (int) (last - first + 1);
      next = last + 1;
    }
    left -= written;
    return written;
  }

  @Override
  public boolean done() {
    return open.map(OpenMailbox::gone).orElse(false)
        || gone.uids().rangeFrom(next) == gone.uids().ranges();
  }

  @Override
  public long rows() {
    return left;
  }

  @Override
  public void restart() {
    next = 0;
    left = gone.uids().count();
  }
}
