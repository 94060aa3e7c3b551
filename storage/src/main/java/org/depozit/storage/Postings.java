package org.depozit.storage;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/// The messages whose address field is one of some persons, walked in one direction page by page. A
/// page is small first, so that the first hit costs a probe an id, and larger each time, so that
/// all hits cost few statements. One thread.
///
/// UIDs that the view does not know are passed over by whoever asks.
final class Postings {
  private static final int FIRST_PAGE = 4;
  private static final int LARGEST_PAGE = 4_096;

  private final SearchSql sql;
  private final SearchKey.AddressName field;
  private final int[] persons;
  private boolean ascending = true;
  private int pageSize;
  private long[][] pages;
  private int[] at;
  private boolean[] more;
  private int statements;

  Postings(SearchSql sql, SearchKey.AddressName field, BitSet ids) {
    this.sql = sql;
    this.field = field;
    this.persons = ids.stream().toArray();
    this.pages = new long[persons.length][];
    this.at = new int[persons.length];
    this.more = new boolean[persons.length];
    start(true);
  }

  SearchKey.AddressName field() {
    return field;
  }

  int persons() {
    return persons.length;
  }

  /// How many statements were asked so far.
  int statements() {
    return statements;
  }

  /// Starts a walk from one end.
  void start(boolean upwards) {
    ascending = upwards;
    pageSize = FIRST_PAGE;
    Arrays.fill(pages, new long[0]);
    Arrays.fill(at, 0);
    Arrays.fill(more, true);
  }

  /// The next UID of any of the persons at this one or beyond it; -1 if there is none. Never goes
  /// back.
  long seek(long uid) {
    advance(uid);
    long nearest = -1;
    for (int i = 0; i < persons.length; i++) {
      if (at[i] < pages[i].length) {
        long next = pages[i][at[i]];
        nearest = nearest < 0 || before(next, nearest) ? next : nearest;
      }
    }
    return nearest;
  }

  /// Marks the rows of the chunk that are of any of the persons. Chunks come in the walk's
  /// direction, each once.
  void mark(Chunk chunk, long[] rows) {
    long start = ascending ? chunk.firstUid() : chunk.lastUid();
    long end = ascending ? chunk.lastUid() : chunk.firstUid();
    advance(start);
    boolean again = true;
    while (again) {
      again = false;
      for (int i = 0; i < persons.length; i++) {
        markOne(i, chunk, end, rows);
        again |= spent(i);
      }
      if (again) {
        fetchSpent(start);
      }
    }
  }

  private void markOne(int person, Chunk chunk, long end, long[] rows) {
    long[] page = pages[person];
    while (at[person] < page.length && !before(end, page[at[person]])) {
      int row = chunk.row(page[at[person]++]);
      if (row >= 0) {
        rows[row >>> 6] |= 1L << row;
      }
    }
  }

  private boolean before(long one, long other) {
    return ascending ? one < other : one > other;
  }

  /// Whether a person's page is used up and there may be another.
  private boolean spent(int person) {
    return at[person] == pages[person].length && more[person];
  }

  /// Brings every person's cursor to the UID or beyond it.
  private void advance(long uid) {
    for (int i = 0; i < persons.length; i++) {
      while (at[i] < pages[i].length && before(pages[i][at[i]], uid)) {
        at[i]++;
      }
    }
    fetchSpent(uid);
  }

  /// Brings the next page of those who need one: from the UID on, or behind their last page if that
  /// goes further.
  private void fetchSpent(long uid) {
    int[] which = IntStream.range(0, persons.length).filter(this::spent).toArray();
    if (which.length == 0) {
      return;
    }
    int[] ids = Arrays.stream(which).map(i -> persons[i]).toArray();
    long[] from = Arrays.stream(which).mapToLong(i -> beyond(pages[i], uid)).toArray();
    long[][] found = sql.walk(field, ascending, ids, from, pageSize);
    statements += which.length;
    for (int i = 0; i < which.length; i++) {
      pages[which[i]] = found[i];
      at[which[i]] = 0;
      more[which[i]] = found[i].length == pageSize;
    }
    pageSize = Math.min(LARGEST_PAGE, 8 * pageSize);
  }

  private long beyond(long[] page, long uid) {
    if (page.length == 0) {
      return uid;
    }
    long last = page[page.length - 1];
    return ascending ? Math.max(uid, last + 1) : Math.min(uid, last - 1);
  }
}
