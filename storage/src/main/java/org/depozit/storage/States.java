package org.depozit.storage;

import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.depozit.storage.Refused.Reason;
import org.jspecify.annotations.Nullable;

/// The open mailboxes: each once, for all its sessions, as long as somebody holds it. Any thread.
final class States {
  private final Db db;
  private final FlatSaves saves;
  private final UsedLately lately;
  private final MailboxNumbers numbers;
  private final ConcurrentHashMap<Integer, WeakReference<OpenMailbox>> open =
      new ConcurrentHashMap<>();

  /// For each mailbox seen since the store was opened, the first UID that no session has claimed as
  /// `\Recent`.
  private final ConcurrentHashMap<Integer, Long> recent = new ConcurrentHashMap<>();

  private volatile long logPosition;

  /// What of a mailbox is not its messages.
  private record Named(MailboxCounters counters, Keywords keywords) {}

  /// @param behind rows that the flat save does not have right
  private record Loaded(View view, int behind) {}

  States(Db db, FlatSaves saves, StoreLimits limits) {
    this.db = db;
    this.saves = saves;
    this.numbers = new MailboxNumbers(db);
    this.lately = new UsedLately(limits.keptIndexOctets());
  }

  /// The numbers of mailboxes by name.
  MailboxNumbers numbers() {
    return numbers;
  }

  /// The mailbox if somebody has it open or is opening it.
  Optional<OpenMailbox> find(int mailbox) {
    WeakReference<OpenMailbox> reference = open.get(mailbox);
    return reference == null ? Optional.empty() : Optional.ofNullable(reference.get());
  }

  /// The mailbox, loaded. Empty if there is none.
  ///
  /// The order matters: first the mailbox is here, so that what the writer publishes from now on
  /// waits in it; then UIDNEXT is read, then the rows below it, from the flat save and what changed
  /// since, or page by page; then the writer is asked to pass by, so that all that the rows can
  /// bear is published; then what waits is applied. Messages from that UIDNEXT on come by the
  /// writer alone.
  Optional<OpenMailbox> open(int mailbox, Commits commits) {
    OpenMailbox state = placed(mailbox);
    if (!state.loaded()) {
      state.loading().lock();
      try {
        if (!state.loaded() && !load(state, commits)) {
          open.remove(mailbox);
          return Optional.empty();
        }
      } finally {
        state.loading().unlock();
      }
    }
    if (state.gone()) {
      return Optional.empty();
    }
    lately.used(state).forEach(saves::cooling);
    return Optional.of(state);
  }

  /// Opens a mailbox while the log is replayed, with flags that its rows do not have. Who needs it
  /// holds it.
  ///
  /// @param least its row, with the lowest UIDNEXT and HIGHESTMODSEQ that it must have
  OpenMailbox recovered(MailboxCounters least, List<Change.FlagsSet> flags) {
    Keywords keywords =
        new Keywords(db.read(connection -> Loads.keywords(connection, least.mailbox())));
    Loaded rows = loaded(new Named(least, keywords), saves.load(db, least));
    View view = rows.view;
    int behind = rows.behind;
    for (Change.FlagsSet set : flags) {
      view = view.apply(set);
      behind += set.uids().length;
    }
    OpenMailbox state = placed(least.mailbox());
    seen(least.mailbox(), least.uidNext());
    state.loaded(view, behind, logPosition);
    return state;
  }

  /// The counters of a mailbox by its flat save and what is newer, while the log is replayed; empty
  /// if it has none that is of use.
  Optional<MailboxCounters> counted(MailboxCounters least) {
    return saves.load(db, least).map(rows -> rows.counted(least));
  }

  FlatSaves saves() {
    return saves;
  }

  /// A mailbox that the writer has just made, which nobody knows yet. Who needs it holds it.
  OpenMailbox made(int mailbox, long uidValidity) {
    OpenMailbox fresh = OpenMailbox.empty(mailbox, uidValidity);
    open.put(mailbox, new WeakReference<>(fresh));
    return fresh;
  }

  private OpenMailbox placed(int mailbox) {
    OpenMailbox fresh = new OpenMailbox(mailbox);
    while (true) {
      WeakReference<OpenMailbox> reference =
          open.compute(
              mailbox,
              (id, old) -> old == null || old.refersTo(null) ? new WeakReference<>(fresh) : old);
      @Nullable OpenMailbox state = reference.get();
      if (state != null) {
        return state;
      }
    }
  }

  private boolean load(OpenMailbox state, Commits commits) {
    int mailbox = state.mailbox();
    Optional<Named> read = db.read(connection -> rows(connection, mailbox));
    if (read.isEmpty()) {
      return false;
    }
    MailboxCounters counters = read.get().counters;
    Loaded loaded =
        loaded(read.get(), saves.load(db, counters).filter(rows -> rows.agrees(counters)));
    passBy(commits);
    seen(mailbox, counters.uidNext());
    state.loaded(loaded.view, loaded.behind, logPosition);
    saves.changed(state);
    return true;
  }

  /// Once the mailbox is here, also the keywords that are named from now on wait in it.
  private static Optional<Named> rows(Connection connection, int mailbox) throws SQLException {
    Optional<MailboxCounters> counters = Loads.counters(connection, mailbox);
    return counters.isEmpty()
        ? Optional.empty()
        : Optional.of(new Named(counters.get(), new Keywords(Loads.keywords(connection, mailbox))));
  }

  private Loaded loaded(Named rows, Optional<CatchUp.CaughtUp> flat) {
    if (flat.isPresent()) {
      return new Loaded(view(rows.counters, rows.keywords, flat.get()), flat.get().behind());
    }
    View view = fromRows(rows.counters, rows.keywords);
    return new Loaded(view, view.count());
  }

  private static View view(MailboxCounters counters, Keywords keywords, CatchUp.CaughtUp rows) {
    return new View(
        counters.mailbox(),
        counters.uidValidity(),
        counters.uidNext(),
        Math.max(counters.highestModSeq(), rows.highestModSeq()),
        0,
        keywords,
        rows.chunks());
  }

  private View fromRows(MailboxCounters counters, Keywords keywords) {
    int mailbox = counters.mailbox();
    ViewBuilder builder = new ViewBuilder(mailbox, counters.uidValidity(), keywords);
    while (db.read(connection -> Loads.page(connection, mailbox, counters.uidNext(), builder))) {
      // The connection is given back between pages, so that others get their turn.
    }
    return builder.build(counters.uidNext(), counters.highestModSeq(), 0);
  }

  /// The writer tells what has happened in a mailbox; the parameters are those of
  /// [OpenMailbox#publish].
  void publish(
      int mailbox, List<Change> changes, @Nullable View from, @Nullable View to, long position) {
    find(mailbox)
        .ifPresent(state -> {
          state.publish(changes, from, to, position);
          if (state.loaded()) {
            saves.changed(state);
          }
        });
  }

  /// Has the mailboxes written flat whose saves are behind. For the end, when nothing changes any
  /// more.
  void cool() {
    for (WeakReference<OpenMailbox> reference : open.values()) {
      OpenMailbox state = reference.get();
      if (state != null && state.loaded() && !state.gone()) {
        saves.cooling(state);
      }
    }
  }

  /// Waits until the writer has published all that it has committed so far.
  private static void passBy(Commits commits) {
    try {
      commits.submit(ledger -> Outcome.nothing(true));
    } catch (Refused refused) {
      if (refused.reason() != Reason.UNAVAILABLE) {
        throw refused;
      }
      // Writing has stopped: nothing is published any more, and reading goes on.
    }
  }

  /// The position in the log of what was published last.
  long logPosition() {
    return logPosition;
  }

  /// The writer is about to publish up to this position.
  void publishing(long position) {
    logPosition = position;
  }

  /// Notes the UIDNEXT at which a mailbox is first seen since the store was opened: what comes
  /// later is recent.
  void seen(int mailbox, long uidNext) {
    recent.putIfAbsent(mailbox, uidNext);
  }

  /// The first UID that is recent.
  long recentFrom(int mailbox, long uidNext) {
    Long from = recent.putIfAbsent(mailbox, uidNext);
    return from == null ? uidNext : from;
  }

  /// Claims what is recent below a UID.
  ///
  /// @return the first UID that was recent until now; the given one if none was
  long claimRecent(int mailbox, long uidNext) {
    long[] first = {uidNext};
    recent.compute(
        mailbox,
        (id, from) -> {
          first[0] = from == null ? uidNext : Math.min(from, uidNext);
          return from == null ? uidNext : Math.max(from, uidNext);
        });
    return first[0];
  }

  /// A mailbox is gone for ever.
  void forget(int mailbox) {
    recent.remove(mailbox);
    lately.forget(mailbox);
    saves.remove(mailbox);
  }
}
