package org.depozit.storage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.depozit.mime.BodyStructure;

/// Body structures for a search that reads messages one after the other: one question to the
/// database for [#MESSAGES] of them, where each alone costs as much as to search its text. A
/// message that does not follow the one before it is asked for alone. One thread, one walk in
/// either direction.
final class StructuresAhead {
  private static final int MESSAGES = 16;

  private final View view;
  private final Function<long[], List<FetchedRow>> rows;
  private final Deque<FetchedRow> known = new ArrayDeque<>();
  private int last = -2;

  /// @param rows answers ascending UIDs with their rows, structures with them; what is gone is
  ///   missing
  StructuresAhead(View view, Function<long[], List<FetchedRow>> rows) {
    this.view = view;
    this.rows = rows;
  }

  /// The structure of a message; empty if it is gone.
  Optional<BodyStructure> structure(long uid) {
    int position = view.position(uid);
    int step = position - last;
    last = position;
    while (!known.isEmpty() && known.getFirst().uid() != uid) {
      known.removeFirst();
    }
    if (known.isEmpty()) {
      read(position, uid, step);
    }
    return known.isEmpty() || known.getFirst().uid() != uid
        ? Optional.empty()
        : known.getFirst().structure();
  }

  private void read(int position, long uid, int step) {
    if (position < 0 || Math.abs(step) != 1) {
      known.addAll(rows.apply(new long[] {uid}));
      return;
    }
    int end = Math.clamp((long) position + (long) step * (MESSAGES - 1), 0, view.count() - 1);
    long[] uids = new long[Math.abs(end - position) + 1];
    for (int i = 0; i < uids.length; i++) {
      uids[i] = view.uid(Math.min(position, end) + i);
    }
    rows.apply(uids).forEach(step > 0 ? known::addLast : known::addFirst);
  }
}
