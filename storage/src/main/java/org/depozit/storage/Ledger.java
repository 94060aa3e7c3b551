package org.depozit.storage;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.depozit.mime.Octets;
import org.depozit.storage.Refused.Reason;
import org.depozit.storage.Rows.Counter;
import org.jspecify.annotations.Nullable;

/// The writer's working state: counters and views with the changes of the group that is being
/// built, the last number given of each kind, and what is published once the group is committed.
/// The writer's thread only.
final class Ledger implements Published {
  /// Counters of mailboxes kept between groups.
  private static final int KEPT_COUNTERS = 4_096;

  private final Rows rows;
  private final States states;
  private final Dictionaries dictionaries;
  private final Doorbell doorbell;
  private final Group group;

  private final Map<Integer, MailboxCounters> committed = new Recent<>(KEPT_COUNTERS);
  private final Map<Counter, Long> last = new EnumMap<>(Counter.class);
  private final TextIds texts;

  /// Of mailboxes that this group changed; empty if it deleted them.
  private final Map<Integer, Optional<MailboxCounters>> counters = new LinkedHashMap<>();

  /// Counters that are not in their rows yet, since nothing else of their mailboxes was written:
  /// they go with the next rows that are.
  private final Map<Integer, MailboxCounters> owed = new LinkedHashMap<>();

  private boolean offered;

  /// Whether the group makes, renames or deletes mailboxes.
  private boolean naming;

  private final Map<Integer, Work> views = new HashMap<>();
  private final Map<Integer, List<Change>> changes = new LinkedHashMap<>();
  private final List<Change.TextNamed> named = new ArrayList<>();
  private final Deque<Runnable> undo = new ArrayDeque<>();

  /// A view with this group's changes, and the published one that it was made from.
  private record Work(OpenMailbox open, View from, View now, int changes) {}

  Ledger(Rows rows, States states, Dictionaries dictionaries, Doorbell doorbell, Group group) {
    this.rows = rows;
    this.states = states;
    this.dictionaries = dictionaries;
    this.doorbell = doorbell;
    this.group = group;
    this.texts = new TextIds(rows.texts());
  }

  /// The counters of a mailbox, pending changes included.
  ///
  /// @throws Refused NONEXISTENT
  MailboxCounters counters(int mailbox) {
    return find(mailbox)
        .orElseThrow(() -> new Refused(Reason.NONEXISTENT, "There is no such mailbox"));
  }

  /// Whether there is such a mailbox, pending changes included.
  boolean exists(int mailbox) {
    return find(mailbox).isPresent();
  }

  private Optional<MailboxCounters> find(int mailbox) {
    Optional<MailboxCounters> pending = counters.get(mailbox);
    if (pending != null) {
      return pending;
    }
    MailboxCounters kept = owed.getOrDefault(mailbox, committed.get(mailbox));
    return kept != null ? Optional.of(kept) : read(mailbox);
  }

  private Optional<MailboxCounters> read(int mailbox) {
    Optional<MailboxCounters> row = ask(connection -> Loads.counters(connection, mailbox));
    row.ifPresent(found -> {
      committed.put(mailbox, found);
      states.seen(mailbox, found.uidNext());
    });
    return row;
  }

  /// The view of a mailbox that somebody holds open, pending changes included.
  ///
  /// @throws Refused NONEXISTENT if it was deleted
  View view(int mailbox) {
    counters(mailbox);
    return working(mailbox)
        .map(Work::now)
        .orElseThrow(() -> new IllegalStateException("mailbox " + mailbox + " is not open"));
  }

  /// The keywords of a mailbox, pending changes included.
  Keywords keywords(int mailbox) {
    return working(mailbox)
        .map(work -> work.now().named())
        .orElseGet(() -> new Keywords(ask(connection -> Loads.keywords(connection, mailbox))));
  }

  private Optional<Work> working(int mailbox) {
    Work work = views.get(mailbox);
    if (work != null) {
      return Optional.of(work);
    }
    return states.find(mailbox).filter(OpenMailbox::loaded).map(this::work);
  }

  /// The view may have been loaded after the group's first changes.
  private Work work(OpenMailbox open) {
    View from = open.view();
    View now = from;
    List<Change> sofar = changes.getOrDefault(open.mailbox(), List.of());
    for (Change change : sofar) {
      now = now.apply(change);
    }
    return new Work(open, from, now, sofar.size());
  }

  /// Whether rows of copies into the mailbox or out of it are pending: who reads its messages off
  /// their rows may miss some.
  boolean copying(int mailbox) {
    return rows.backlog().copying(mailbox);
  }

  /// Asks the rows, pending changes included, on the writer's connection. The rows of flags, and of
  /// what is gone or copied, may be behind ([Backlog]): the view tells what is.
  <R> R ask(Db.Reading<R> question) {
    try {
      return question.on(rows.statements().connection());
    } catch (SQLException e) {
      throw Db.failed(e);
    }
  }

  /// A number for a message, never given before.
  long nextMessage() {
    return next(Counter.MESSAGE);
  }

  /// A number for a mailbox, never given before.
  int nextMailbox() {
    return Math.toIntExact(next(Counter.MAILBOX));
  }

  /// A number for an account, never given before.
  int nextAccount() {
    return Math.toIntExact(next(Counter.ACCOUNT));
  }

  /// A UIDVALIDITY above all that were given: the time in seconds, or one more than the last.
  long nextUidValidity() {
    long next = Math.max(Instant.now().getEpochSecond(), lastGiven(Counter.UID_VALIDITY) + 1);
    last.put(Counter.UID_VALIDITY, next);
    return next;
  }

  private long next(Counter counter) {
    long next = lastGiven(counter) + 1;
    last.put(counter, next);
    return next;
  }

  private long lastGiven(Counter counter) {
    Long known = last.get(counter);
    return known != null
        ? known
        : ask(c -> Db.number(c, "SELECT last_value FROM counter WHERE name = ?", counter.row()))
            .orElse(0);
  }

  /// The number of a text in a dictionary of the account, if it has one.
  OptionalInt text(int account, Change.Dictionary dictionary, String folded) {
    return texts.find(account, dictionary, folded);
  }

  /// A number for a new text.
  int nextText(int account, Change.Dictionary dictionary) {
    return texts.next(account, dictionary);
  }

  /// Puts a message's body where it stays.
  Change.BodyPlace keep(Spool spool) {
    return group.keep(spool);
  }

  @Override
  public Optional<View> loaded(int mailbox) {
    return working(mailbox).map(Work::now);
  }

  @Override
  public List<Change.Copied> copies() {
    return rows.backlog().copies();
  }

  /// Puts a small body into the group.
  Change.BodyPlace keep(Octets body) {
    return group.put(body);
  }

  /// The state now, for [#rollback].
  Object mark() {
    return undo.size();
  }

  /// Takes back what was applied since the mark.
  void rollback(Object mark) {
    int size = (Integer) mark;
    if (undo.size() > size) {
      texts.forget();
    }
    while (undo.size() > size) {
      undo.pop().run();
    }
  }

  /// Adds a change to what is pending.
  void apply(Change change) {
    switch (change) {
      case Change.Together all -> all.changes().forEach(this::apply);
      case Change.MailboxCreated made -> {
        naming = true;
        put(made.mailbox(), Optional.of(MailboxCounters.of(made)));
        // A restored mailbox brings its own.
        last.put(
            Counter.UID_VALIDITY, Math.max(lastGiven(Counter.UID_VALIDITY), made.uidValidity()));
        states.seen(made.mailbox(), 1);
      }
      case Change.MailboxRenamed renamed -> {
        naming = true;
        put(renamed.mailbox(), Optional.of(counters(renamed.mailbox()).named(renamed.name())));
      }
      case Change.MailboxDeleted gone -> {
        naming = true;
        put(gone.mailbox(), Optional.empty());
      }
      case Change.KeywordNamed keyword -> fold(keyword.mailbox(), keyword);
      case Change.MessageFiled filed -> {
        put(filed.mailbox(), Optional.of(counters(filed.mailbox()).plus(filed)));
        fold(filed.mailbox(), filed);
      }
      case Change.FlagsSet set -> {
        View before = view(set.mailbox());
        fold(set.mailbox(), set);
        count(before, view(set.mailbox()));
      }
      case Change.Expunged gone -> {
        View before = view(gone.mailbox());
        fold(gone.mailbox(), gone);
        count(before, view(gone.mailbox()));
      }
      case Change.Copied copied -> copy(copied);
      case Change.MailboxReached reached -> {
        put(
            reached.mailbox(),
            Optional.of(
                counters(reached.mailbox()).raised(reached.uidNext(), reached.highestModSeq())));
        fold(reached.mailbox(), reached);
      }
      case Change.TextNamed text -> {
        texts.named(text);
        named.add(text);
        undo.push(named::removeLast);
      }
      case Change.AccountCreated _,
          Change.PasswordSet _,
          Change.AccountRemoved _,
          Change.Subscribed _,
          Change.MessageStored _,
          Change.HeaderNoted _,
          Change.UidlSet _,
          Change.MaildropAccessed _,
          Change.Carried _,
          Change.SegmentDropped _,
          Change.NumbersGiven _ -> {}
    }
  }

  private void copy(Change.Copied copied) {
    View source = view(copied.from());
    hold(copied.from());
    Work to = working(copied.to()).orElseGet(() -> fresh(copied.to()));
    note(copied.to(), copied);
    fold(copied.to(), to, to.now.with(copied, source));
    count(to.now, view(copied.to()));
  }

  /// Has the mailbox among those that are held until the group is published.
  private void hold(int mailbox) {
    if (!views.containsKey(mailbox)) {
      working(mailbox).ifPresent(work -> views.put(mailbox, work));
      undo.push(() -> views.remove(mailbox));
    }
  }

  /// A mailbox made by the same proposal, which nobody can have open.
  private Work fresh(int mailbox) {
    MailboxCounters now = counters(mailbox);
    if (now.uidNext() > 1) {
      throw new IllegalStateException("mailbox " + mailbox + " is not open");
    }
    return work(states.made(mailbox, now.uidValidity()));
  }

  private void count(View before, View after) {
    MailboxCounters now = counters(after.mailbox());
    put(
        after.mailbox(),
        Optional.of(
            now.plus(
                    after.highestModSeq(),
                    after.count() - before.count(),
                    after.unseen() - before.unseen(),
                    after.deleted() - before.deleted(),
                    after.octets() - before.octets())
                .raised(after.uidNext(), after.highestModSeq())));
  }

  private void put(int mailbox, Optional<MailboxCounters> now) {
    Optional<MailboxCounters> before = counters.put(mailbox, now);
    undo.push(() -> restore(counters, mailbox, before));
  }

  private void fold(int mailbox, Change change) {
    Optional<Work> work = working(mailbox);
    note(mailbox, change);
    work.ifPresent(open -> fold(mailbox, open, open.now.apply(change)));
  }

  private void note(int mailbox, Change change) {
    List<Change> all = changes.computeIfAbsent(mailbox, id -> new ArrayList<>());
    all.add(change);
    undo.push(all::removeLast);
  }

  private void fold(int mailbox, Work work, View now) {
    Work before = views.put(mailbox, new Work(work.open, work.from, now, work.changes + 1));
    undo.push(() -> restore(views, mailbox, before));
  }

  private static <V> void restore(Map<Integer, V> map, int key, @Nullable V before) {
    if (before == null) {
      map.remove(key);
    } else {
      map.put(key, before);
    }
  }

  /// The counters that the open transaction has to write, now that it writes some.
  Collection<MailboxCounters> changed() {
    offered = true;
    Map<Integer, MailboxCounters> all = new LinkedHashMap<>(owed);
    counters.forEach((mailbox, now) -> {
      all.remove(mailbox);
      now.ifPresent(here -> all.put(mailbox, here));
    });
    return all.values();
  }

  /// The transaction is committed: what it was given stands in the rows.
  void written() {
    if (offered) {
      owed.clear();
      offered = false;
    }
  }

  /// The transaction was rolled back: what it was given does not stand in the rows.
  void unwritten() {
    offered = false;
  }

  /// The group is committed: shows it to everybody, what came into mailboxes before what went from
  /// them, then rings. Rows that follow are pending from now on.
  ///
  /// @param before the log's place before this group
  /// @param logPosition where the log ends with this group
  void publish(Checkpoint before, long logPosition) {
    boolean inRows = offered;
    written();
    if (naming) {
      states.numbers().forget();
    }
    states.publishing(logPosition);
    rows.backlog().publish(before, this::held);
    named.forEach(dictionaries::publish);
    List<Integer> shrinking = new ArrayList<>();
    changes.forEach((mailbox, all) -> {
      if (all.stream().anyMatch(Change.Expunged.class::isInstance)) {
        shrinking.add(mailbox);
      } else {
        publish(mailbox, all, logPosition);
      }
    });
    shrinking.forEach(
        mailbox -> publish(mailbox, changes.getOrDefault(mailbox, List.of()), logPosition));
    counters.forEach((mailbox, now) -> settle(mailbox, now, inRows));
    counters.keySet().forEach(mailbox -> doorbell.ring(mailbox));
    clear();
  }

  private OpenMailbox held(int mailbox) {
    return Objects.requireNonNull(views.get(mailbox), "a change of a mailbox that is open").open;
  }

  private void publish(int mailbox, List<Change> all, long logPosition) {
    Work work = views.get(mailbox);
    View from = null;
    View to = null;
    if (work != null && work.changes == all.size()) {
      from = work.from;
      to = work.now;
    }
    publish(mailbox, List.copyOf(all), from, to, logPosition);
  }

  private void publish(
      int mailbox, List<Change> all, @Nullable View from, @Nullable View to, long logPosition) {
    states.publish(mailbox, all, from, to, logPosition);
  }

  private void settle(int mailbox, Optional<MailboxCounters> now, boolean inRows) {
    if (now.isPresent()) {
      committed.put(mailbox, now.get());
      if (!inRows) {
        owed.put(mailbox, now.get());
      }
    } else {
      owed.remove(mailbox);
      committed.remove(mailbox);
      states.find(mailbox).ifPresent(OpenMailbox::delete);
      states.forget(mailbox);
    }
  }

  /// The group has failed: forgets what was pending. Numbers that were given stay given.
  void discard() {
    texts.forget();
    rows.backlog().discard();
    offered = false;
    clear();
  }

  private void clear() {
    naming = false;
    counters.clear();
    views.clear();
    changes.clear();
    named.clear();
    undo.clear();
  }
}
