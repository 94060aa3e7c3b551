package org.depozit.storage;

import java.sql.SQLException;

/// Rows of all messages of a mailbox that was deleted, and of its memory of those before.
final class DeletedRows implements Pending {
  private final int mailbox;
  private final long count;
  private final MessageRows messages;
  private long left;
  private long next;
  private boolean messagesGone;
  private boolean done;

  /// @param count how many messages it had, about
  DeletedRows(int mailbox, long count, MessageRows messages) {
    this.mailbox = mailbox;
    this.count = count;
    this.messages = messages;
    restart();
  }

  @Override
  public int write(int most) throws SQLException {
    long last = Packed.last(mailbox);
    long to =
        messagesGone
            ? messages.forgetExpunged(next, last, most)
            : messages.removePage(next, last, most);
    if (to < last) {
      next = to + 1;
    } else if (messagesGone) {
      done = true;
    } else {
      messagesGone = true;
      next = Packed.first(mailbox);
    }
    left = Math.max(0, left - most);
    return most;
  }

  @Override
  public boolean done() {
    return done;
  }

  @Override
  public long rows() {
    return left;
  }

  @Override
  public void restart() {
    next = Packed.first(mailbox);
    left = count;
    messagesGone = false;
    done = false;
  }
}
