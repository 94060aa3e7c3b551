package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.depozit.storage.CutHistory.Box;
import org.depozit.storage.CutHistory.Deed;
import org.depozit.storage.CutHistory.Filing;
import org.depozit.storage.CutHistory.Letter;
import org.depozit.storage.CutHistory.Moment;
import org.depozit.storage.CutHistory.Name;
import org.depozit.storage.CutHistory.Seen;
import org.depozit.storage.CutHistory.State;
import org.depozit.storage.CutHistory.Subscription;
import org.depozit.storage.CutHistory.Told;

/// Compares a store that was opened after a cut with what its sessions were promised: what was
/// acknowledged is there, what was under way is there wholly or not at all, and nothing else is.
final class CutCheck {
  private final CutHistory history;
  private final Moment cut;
  private final SqlStore store;

  /// What is there: of each mailbox its messages by UID.
  private final Map<Long, TreeMap<Long, Row>> found = new HashMap<>();

  private final Map<Long, String> names = new HashMap<>();
  private final Map<Long, MailboxStatus> statuses = new HashMap<>();

  /// Mailboxes whose creation was under way, and are there.
  private final Map<Box, Long> fresh = new HashMap<>();

  private record Row(long seed, long modSeq, Set<String> flags) {}

  CutCheck(CutHistory history, Moment cut, SqlStore store) {
    this.history = history;
    this.cut = cut;
    this.store = store;
  }

  static Set<String> names(View view, int position) {
    Set<String> names = new TreeSet<>();
    view.flags(view.flagBits(position)).forEach(flag -> names.add(flag.name()));
    return names;
  }

  void check() {
    for (Map.Entry<String, Deed> account : history.accounts.entrySet()) {
      Optional<Account> there = store.account(account.getKey());
      if (account.getValue().acknowledged(cut)) {
        assertThat(there).as("account %s", account.getKey()).isPresent();
      }
      there.ifPresent(this::read);
    }
    history.boxes.stream().filter(box -> box.made.begun(cut)).forEach(this::check);
    // Of an account under way the history learns the mailboxes when it is told.
    history.accounts.forEach((name, deed) ->
        names.values().removeIf(box -> deed.open(cut) && box.startsWith(name + "/")));
    assertThat(names).as("mailboxes that nobody made").isEmpty();
    history.deeds.stream().filter(deed -> deed.open(cut)).forEach(this::checkWhole);
    history.subscriptions.forEach(this::check);
    history.accounts.keySet().stream()
        .flatMap(name -> store.account(name).stream())
        .forEach(this::goOn);
  }

  private void read(Account account) {
    for (MailboxEntry entry : account.mailboxes()) {
      Mailbox mailbox = account.mailbox(entry.name()).orElseThrow();
      View view = mailbox.view();
      names.put(entry.id(), account.name() + "/" + entry.name().value());
      found.put(entry.id(), rows(mailbox, view));
      MailboxStatus status = account.status(entry.name()).orElseThrow();
      statuses.put(entry.id(), status);
      checkCounters(status, view, entry);
    }
  }

  private static TreeMap<Long, Row> rows(Mailbox mailbox, View view) {
    TreeMap<Long, Row> rows = new TreeMap<>();
    for (int position = 0; position < view.count(); position++) {
      long uid = view.uid(position);
      try (Content content = mailbox.content(uid).orElseThrow()) {
        byte[] body = content.body().bytes();
        long seed = CutHistory.seed(body);
        assertThat(body).as("%s UID %d", mailbox.name(), uid).isEqualTo(CutHistory.mail(seed));
        assertThat(content.length()).isEqualTo(view.size(position));
        assertThat(view.modSeq(position)).isLessThanOrEqualTo(view.highestModSeq());
        rows.put(uid, new Row(seed, view.modSeq(position), names(view, position)));
      }
      assertThat(uid).isLessThan(view.uidNext());
    }
    return rows;
  }

  private static void checkCounters(MailboxStatus status, View view, MailboxEntry entry) {
    long octets = 0;
    int unseen = 0;
    int deleted = 0;
    for (int position = 0; position < view.count(); position++) {
      octets += view.size(position);
      unseen += (view.flagBits(position) & view.mask(Flag.SEEN)) == 0 ? 1 : 0;
      deleted += (view.flagBits(position) & view.mask(Flag.DELETED)) == 0 ? 0 : 1;
    }
    assertThat(List.of(status.messages(), status.unseen(), status.deleted(), status.octets()))
        .as("counters of %s", entry.name())
        .isEqualTo(List.of(view.count(), unseen, deleted, octets));
    assertThat(List.of(status.uidNext(), status.highestModSeq(), status.uidValidity()))
        .as("counters of %s", entry.name())
        .isEqualTo(List.of(view.uidNext(), view.highestModSeq(), view.uidValidity()));
  }

  private void check(Box box) {
    Long id = id(box);
    if (id == null) {
      boolean mayMiss =
          !box.made.acknowledged(cut) || (box.dropped != null && box.dropped.begun(cut));
      assertThat(mayMiss).as("%s is missing", box).isTrue();
      return;
    }
    if (box.dropped != null) {
      assertThat(box.dropped.acknowledged(cut)).as("%s was deleted", box).isFalse();
    }
    String name = names.remove(id);
    assertThat(possibleNames(box)).as("name of %s", box).contains(name);
    checkTold(box, id);
    Map<Long, Row> rows = found.get(id);
    Set<Long> known = new HashSet<>();
    for (Letter letter : box.letters) {
      if (letter.filed.acknowledged(cut)) {
        known.add(letter.uid);
        check(letter, rows.get(letter.uid));
      }
    }
    rows.forEach((uid, row) -> {
      if (!known.contains(uid)) {
        assertThat(underWay(box, row.seed))
            .as("%s UID %d (seed %d): nobody filed it", box, uid, row.seed)
            .isTrue();
      }
    });
    for (Seen seen : box.seen) {
      checkSeen(box, seen, rows.get(seen.uid()));
    }
  }

  private Long id(Box box) {
    if (box.made.acknowledged(cut)) {
      return found.containsKey(box.id) ? Long.valueOf(box.id) : null;
    }
    // Its number is not known; no two of one name are under way at once.
    Set<Long> others = new HashSet<>();
    history.boxes.stream()
        .filter(other -> other.made.acknowledged(cut))
        .forEach(other -> others.add(other.id));
    for (Map.Entry<Long, String> there : names.entrySet()) {
      if (there.getValue().equals(box.account + "/" + box.names.getFirst().name())
          && !others.contains(there.getKey())) {
        fresh.put(box, there.getKey());
        return there.getKey();
      }
    }
    return null;
  }

  private Set<String> possibleNames(Box box) {
    Set<String> possible = new HashSet<>();
    for (Name name : box.names) {
      if (name.deed().acknowledged(cut)) {
        possible.clear();
      }
      if (name.deed().begun(cut)) {
        possible.add(box.account + "/" + name.name());
      }
    }
    return possible;
  }

  private void checkTold(Box box, long id) {
    Map.Entry<Long, Told> told = box.told.floorEntry(cut.time());
    MailboxStatus status = statuses.get(id);
    if (told != null) {
      assertThat(status.uidNext())
          .as("UIDNEXT of %s", box)
          .isGreaterThanOrEqualTo(told.getValue().uidNext());
      assertThat(status.highestModSeq())
          .as("HIGHESTMODSEQ of %s", box)
          .isGreaterThanOrEqualTo(told.getValue().modSeq());
    }
    if (box.made.acknowledged(cut)) {
      assertThat(status.uidValidity()).as("UIDVALIDITY of %s", box).isEqualTo(box.uidValidity);
    }
    long highest =
        box.letters.stream()
            .filter(letter -> letter.filed.acknowledged(cut))
            .mapToLong(letter -> letter.uid)
            .max()
            .orElse(0);
    assertThat(status.uidNext()).as("UIDNEXT of %s", box).isGreaterThan(highest);
  }

  private void check(Letter letter, Row row) {
    Deed removed = letter.removed;
    boolean mayBeGone = removed != null && removed.begun(cut);
    if (row == null) {
      assertThat(mayBeGone).as("%s is lost; filed by %s", letter, letter.filed).isTrue();
      return;
    }
    assertThat(removed != null && removed.acknowledged(cut)).as("%s is back", letter).isFalse();
    assertThat(row.seed).as("seed of %s", letter).isEqualTo(letter.seed);
    assertThat(possible(letter.states))
        .as("flags of %s: %s", letter, letter.states)
        .contains(row.flags);
  }

  private Set<Set<String>> possible(List<State> states) {
    Set<Set<String>> possible = new HashSet<>();
    for (State state : states) {
      if (state.deed().promised(cut)) {
        possible.clear();
      }
      if (state.deed().begun(cut)) {
        possible.add(new TreeSet<>(state.flags()));
      }
    }
    return possible;
  }

  private void checkSeen(Box box, Seen seen, Row row) {
    if (seen.time() <= cut.time() && row != null && row.modSeq == seen.modSeq()) {
      assertThat(row.flags).as("flags of %s at %s", box, seen).isEqualTo(seen.flags());
    }
    if (seen.time() <= cut.time() && row != null) {
      assertThat(row.modSeq)
          .as("mod-sequence of %s at %s", box, seen)
          .isGreaterThanOrEqualTo(seen.modSeq());
    }
  }

  private boolean underWay(Box box, long seed) {
    return bringing(box, seed) > 0;
  }

  /// How many messages with the seed were on their way into the mailbox.
  private long bringing(Box box, long seed) {
    return history.deeds.stream()
        .filter(deed -> deed.open(cut))
        .flatMap(deed -> deed.filings.stream())
        .filter(filing -> filing.box() == box && filing.seed() == seed)
        .count();
  }

  /// What was under way is there wholly or not at all. A message that two bring into a mailbox at
  /// the same time tells nothing: it may be either's.
  private void checkWhole(Deed deed) {
    List<Boolean> there = new ArrayList<>();
    for (Filing filing : deed.filings) {
      if (bringing(filing.box(), filing.seed()) == 1) {
        there.add(extra(filing));
      }
    }
    for (Box box : history.boxes) {
      if (box.made == deed && !deed.filings.isEmpty()) {
        there.add(fresh.containsKey(box));
      }
    }
    for (Letter letter : deed.removed) {
      Map<Long, Row> rows = found.get(letter.box.id);
      there.add(rows != null && !rows.containsKey(letter.uid));
    }
    assertThat(new HashSet<>(there))
        .as("%s is half done: %s %s: %s", deed, deed.filings, deed.removed, there)
        .hasSizeLessThanOrEqualTo(1);
  }

  /// Whether the message is there under a UID that nobody was told.
  private boolean extra(Filing filing) {
    Long id =
        filing.box().made.acknowledged(cut)
            ? Long.valueOf(filing.box().id)
            : fresh.get(filing.box());
    Set<Long> known = new HashSet<>();
    for (Letter letter : filing.box().letters) {
      if (letter.filed.acknowledged(cut)) {
        known.add(letter.uid);
      }
    }
    return found.getOrDefault(id, new TreeMap<>()).entrySet().stream()
        .anyMatch(row -> row.getValue().seed == filing.seed() && !known.contains(row.getKey()));
  }

  private void check(Subscription subscription) {
    Set<Boolean> possible = new HashSet<>(Set.of(false));
    for (State state : subscription.states()) {
      if (state.deed().acknowledged(cut)) {
        possible.clear();
      }
      if (state.deed().begun(cut)) {
        possible.add(!state.flags().isEmpty());
      }
    }
    store
        .account(subscription.account())
        .ifPresent(account ->
            assertThat(possible)
                .as("subscription %s", subscription)
                .contains(account.subscriptions().contains(MailboxName.of(subscription.name()))));
  }

  /// New mail comes, under a UID that was never told, and a mailbox is made anew under a name that
  /// was used, with another UIDVALIDITY.
  private void goOn(Account account) {
    Mailbox inbox = account.mailbox(MailboxName.INBOX).orElseThrow();
    long seed = history.seed();
    long next = inbox.view().uidNext();
    long modSeq = inbox.view().highestModSeq();
    TreeMap<Long, Row> before = found.get(inbox.id());
    try (Spool spool = store.spool()) {
      spool.write(CutHistory.mail(seed));
      IncomingMessage message = new IncomingMessage(spool, Set.of(), TestStore.NOON);
      Delivered kept =
          store.deliver(message, List.of(new Recipient(account, new byte[0]))).getFirst();
      assertThat(kept).isEqualTo(new Delivered.Kept(next));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    View view = inbox.view();
    assertThat(view.count()).isEqualTo(before.size() + 1);
    assertThat(view.modSeq(view.count() - 1)).isGreaterThan(modSeq);
    long uidValidity =
        history.boxes.stream()
            .filter(box -> box.made.acknowledged(cut))
            .mapToLong(box -> box.uidValidity)
            .max()
            .orElse(0);
    account.create(MailboxName.of("after the cut"), Optional.empty());
    assertThat(account.status(MailboxName.of("after the cut")).orElseThrow().uidValidity())
        .isGreaterThan(uidValidity);
  }
}
