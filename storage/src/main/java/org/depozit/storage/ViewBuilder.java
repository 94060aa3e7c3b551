package org.depozit.storage;

/// Makes the first [View] of a mailbox from its rows: a million in some 50 ms. Used by one thread,
/// once.
///
/// Loading while the writer works: changes published meanwhile are kept in order and given to
/// [View#apply] after [#build]; a change that the rows already bear changes nothing.
final class ViewBuilder {
  private final int mailbox;
  private final long uidValidity;
  private final ChunkWriter rows = new ChunkWriter();
  private Keywords keywords;
  private long last;
  private long modSeq = 1;

  ViewBuilder(int mailbox, long uidValidity) {
    this(mailbox, uidValidity, Keywords.NONE);
  }

  ViewBuilder(int mailbox, long uidValidity, Keywords keywords) {
    this.mailbox = mailbox;
    this.uidValidity = uidValidity;
    this.keywords = keywords;
  }

  /// Names a keyword's bit, 5 to 62; in any order.
  ViewBuilder keyword(int bit, String name) {
    keywords = keywords.with(bit, Flag.of(name));
    return this;
  }

  /// Adds a row.
  ///
  /// @param row its UID is above that of the row before
  ViewBuilder add(Loads.Row row) {
    if (row.uid() <= last) {
      throw new IllegalArgumentException("UID " + row.uid() + " after " + last);
    }
    last = row.uid();
    modSeq = Math.max(modSeq, row.modSeq());
    rows.add(row);
    return this;
  }

  /// The same; the parameters are those of [Change.MessageFiled].
  ViewBuilder add(
      long uid,
      long modSeq,
      long flags,
      long internalDate,
      int sentDay,
      long size,
      int from,
      int subject) {
    return add(new Loads.Row(uid, modSeq, flags, internalDate, sentDay, size, from, subject));
  }

  /// The highest UID added so far; 0 before the first. Where the next page of rows goes on.
  long lastUid() {
    return last;
  }

  /// The version of all rows.
  ///
  /// @param uidNext as the mailbox's row has it
  /// @param highestModSeq as the mailbox's row has it
  /// @param logPosition see [View#stamped]
  View build(long uidNext, long highestModSeq, long logPosition) {
    return new View(
        mailbox,
        uidValidity,
        Math.max(uidNext, last + 1),
        Math.max(highestModSeq, modSeq),
        logPosition,
        keywords,
        Chunks.of(rows.chunks()));
  }
}
