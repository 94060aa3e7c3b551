package org.depozit.storage;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.depozit.storage.MessageLoads.Placed;

/// Where the next messages stand, for who reads them one after the other: one question to the
/// database for [#MESSAGES] of them, where each alone costs more than its octets. What was read
/// ahead holds for one version of the mailbox and for a second, so that nothing expunged is found,
/// and a body that moves soon is. Any thread.
final class ReadAhead {
  private static final int MESSAGES = 32;
  private static final long FRESH = TimeUnit.SECONDS.toNanos(1);
  private static final Known NOTHING = new Known(List.of(), new long[0], List.of(), 0);

  private final Db db;
  private final OpenMailbox open;
  private volatile long lastUid;
  private volatile Known known = NOTHING;

  /// @param view the version it holds for; a list of one, or of none
  private record Known(List<View> view, long[] uids, List<Placed> places, long at) {
    Optional<Placed> place(View current, long uid) {
      if (view.isEmpty() || view.getFirst() != current || System.nanoTime() - at > FRESH) {
        return Optional.empty();
      }
      int index = Arrays.binarySearch(uids, uid);
      return index < 0 ? Optional.empty() : Optional.of(places.get(index));
    }
  }

  ReadAhead(Db db, OpenMailbox open) {
    this.db = db;
    this.open = open;
  }

  /// The place of a message, if it is known or the message follows the one asked for before it.
  Optional<Placed> placed(long uid) {
    View view = open.view();
    Optional<Placed> place = known.place(view, uid);
    boolean follows = lastUid > 0 && view.ceiling(lastUid + 1) == view.position(uid);
    lastUid = uid;
    if (place.isPresent()) {
      release(uid);
      return place;
    }
    return follows && open.copies().isEmpty() ? read(view, uid) : Optional.empty();
  }

  /// Who has read to the end keeps nothing.
  private void release(long uid) {
    long[] uids = known.uids();
    if (uids.length > 0 && uids[uids.length - 1] == uid) {
      known = NOTHING;
    }
  }

  private Optional<Placed> read(View view, long uid) {
    int last = Math.min(view.position(uid) + MESSAGES, view.count()) - 1;
    List<MessageLoads.PlacedRow> rows =
        db.read(connection -> MessageLoads.placed(connection, open.mailbox(), uid, view.uid(last)));
    Known read =
        new Known(
            List.of(view),
            rows.stream().mapToLong(MessageLoads.PlacedRow::uid).toArray(),
            rows.stream().map(MessageLoads.PlacedRow::placed).toList(),
            System.nanoTime());
    known = read;
    return read.place(view, uid);
  }
}
