package org.depozit.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.depozit.mime.Octets;
import org.jspecify.annotations.Nullable;

/// The writer's working state: views and counters ([Tally]) with the changes of the group that is
/// being built, the numbers that are given ([Numbers], [TextIds]), and what is published once the
/// group is committed. The writer only.
final class Ledger implements Published {
  private final Rows rows;
  private final States states;
  private final Dictionaries dictionaries;
  private final Doorbell doorbell;
  private final Group group;

  private final Undo undo = new Undo();
  private final Tally tally;
  private final Numbers numbers;
  private final TextIds texts;

  /// Whether the group makes, renames or deletes mailboxes.
  private boolean naming;

  private final Map<Integer, Work> views = new HashMap<>();
  private final Map<Integer, List<Change>> changes = new LinkedHashMap<>();
  private final List<Change.TextNamed> named = new ArrayList<>();

  /// A view with this group's changes, and the published one that it was made from.
  private record Work(OpenMailbox open, View from, View now, int changes) {}

  Ledger(Rows rows, States states, Dictionaries dictionaries, Doorbell doorbell, Group group) {
    this.rows = rows;
    this.states = states;
    this.dictionaries = dictionaries;
    this.doorbell = doorbell;
    this.group = group;
    this.tally = new Tally(rows.statements(), states, undo);
    this.numbers = new Numbers(rows.statements());
    this.texts = new TextIds(rows.texts());
  }

  /// The counters of a mailbox, pending changes included.
  ///
  /// @throws Refused NONEXISTENT
  MailboxCounters counters(int mailbox) {
    return tally.of(mailbox);
  }

  /// Whether there is such a mailbox, pending changes included.
  boolean exists(int mailbox) {
    return tally.find(mailbox).isPresent();
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
    return rows.statements().ask(question);
  }

  /// What gives numbers.
  Numbers numbers() {
    return numbers;
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
  int mark() {
    return undo.mark();
  }

  /// Takes back what was applied since the mark.
  void rollback(int mark) {
    if (undo.back(mark)) {
      texts.forget();
    }
  }

  /// Adds a change to what is pending.
  void apply(Change change) {
    switch (change) {
      case Change.Together all -> all.changes().forEach(this::apply);
      case Change.MailboxCreated made -> {
        naming = true;
        tally.put(MailboxCounters.of(made));
        numbers.uidValidityGiven(made.uidValidity());
        states.seen(made.mailbox(), 1);
      }
      case Change.MailboxRenamed renamed -> {
        naming = true;
        tally.put(counters(renamed.mailbox()).named(renamed.name()));
      }
      case Change.MailboxDeleted gone -> {
        naming = true;
        tally.delete(gone.mailbox());
      }
      case Change.KeywordNamed keyword -> fold(keyword.mailbox(), keyword);
      case Change.MessageFiled filed -> {
        tally.put(counters(filed.mailbox()).plus(filed));
        fold(filed.mailbox(), filed);
      }
      case Change.FlagsSet set -> {
        View before = view(set.mailbox());
        fold(set.mailbox(), set);
        tally.count(before, view(set.mailbox()));
      }
      case Change.Expunged gone -> {
        View before = view(gone.mailbox());
        fold(gone.mailbox(), gone);
        tally.count(before, view(gone.mailbox()));
      }
      case Change.Copied copied -> copy(copied);
      case Change.MailboxReached reached -> {
        tally.put(counters(reached.mailbox()).raised(reached.uidNext(), reached.highestModSeq()));
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
    tally.count(to.now, view(copied.to()));
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
    undo.replaced(views, mailbox, before);
  }

  /// The counters that the open transaction has to write, now that it writes some.
  Collection<MailboxCounters> changed() {
    return tally.offer();
  }

  /// The transaction is committed: what it was given stands in the rows.
  void written() {
    tally.written();
  }

  /// The transaction was rolled back: what it was given does not stand in the rows.
  void unwritten() {
    tally.unwritten();
  }

  /// The group is committed: shows it to everybody, what came into mailboxes before what went from
  /// them, then rings. Rows that follow are pending from now on.
  ///
  /// @param before the log's place before this group
  /// @param logPosition where the log ends with this group
  void publish(Checkpoint before, long logPosition) {
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
    tally.publish();
    tally.mailboxes().forEach(mailbox -> doorbell.ring(mailbox));
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

  /// The group has failed: forgets what was pending. Numbers that were given stay given.
  void discard() {
    texts.forget();
    rows.backlog().discard();
    tally.unwritten();
    clear();
  }

  private void clear() {
    naming = false;
    tally.clear();
    views.clear();
    changes.clear();
    named.clear();
    undo.clear();
  }
}
