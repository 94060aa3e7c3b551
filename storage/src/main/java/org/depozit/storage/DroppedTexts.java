package org.depozit.storage;

import java.sql.SQLException;
import java.util.List;

/// Rows of the dictionaries of an account that was removed.
final class DroppedTexts implements Pending {
  private static final List<Change.Dictionary> ALL = List.of(Change.Dictionary.values());

  private final int account;
  private final TextRows texts;
  private int dictionary;
  private long next;

  DroppedTexts(int account, TextRows texts) {
    this.account = account;
    this.texts = texts;
    restart();
  }

  @Override
  public int write(int most) throws SQLException {
    long last = Packed.last(account);
    long to = texts.removePage(ALL.get(dictionary), next, last, most);
    next = to < last ? to + 1 : Packed.first(account);
    dictionary += to < last ? 0 : 1;
    return most;
  }

  @Override
  public boolean done() {
    return dictionary == ALL.size();
  }

  /// Nobody counts them.
  @Override
  public long rows() {
    return 1;
  }

  @Override
  public void restart() {
    dictionary = 0;
    next = Packed.first(account);
  }
}
