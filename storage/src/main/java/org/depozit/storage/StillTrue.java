package org.depozit.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// What a change of the log still says today: the same change with the values of this moment, or
/// nothing. Asked on a reader's connection it tells how much of a segment is alive; asked on the
/// writer's, within a proposal, it gives what is carried forward (`docs/adr/0009-space.md`).
///
/// Numbers of accounts, mailboxes, messages and UIDs are never given again: what is gone is gone
/// for ever. What is asked about stands in a segment that no recovery needs, so its rows have come;
/// what came after it may be told and have no rows yet, and then the view has the last word.
final class StillTrue {
  private final Connection connection;
  private final Published published;

  /// Those that [#published] knows of.
  private final List<Change.Copied> copying;

  private final long segment;
  private final boolean oldest;
  private final Map<Integer, Optional<MailboxCounters>> mailboxes = new HashMap<>();
  private final Map<Integer, Boolean> accounts = new HashMap<>();
  private final Set<Integer> touched = new HashSet<>();

  /// Those of whom all copies were told already.
  private final Set<Shared> shared = new HashSet<>();

  /// Copies that were asked about and have no rows, by mailbox.
  private final Map<Integer, UidSet> gone = new HashMap<>();

  /// The messages of an account that share a part; the account is 0 if it is not known.
  private record Shared(int account, long message) {}

  /// @param published what is told beyond the rows
  /// @param segment in which the changes stand
  /// @param oldest whether no older segment is kept: nothing is left to be buried then
  StillTrue(Connection connection, Published published, long segment, boolean oldest) {
    this.connection = connection;
    this.published = published;
    this.copying = published.copies();
    this.segment = segment;
    this.oldest = oldest;
  }

  /// The change with the values of now; empty if it says nothing any more, or if what it says is
  /// said by a later one. A [Change.MessageStored] whose body stands in the segment has its old
  /// place.
  ///
  /// @param change none that holds others
  Optional<Change> now(Change change) throws SQLException {
    return switch (change) {
      case Change.Together _ -> throw new IllegalArgumentException("several changes");
      case Change.Carried _ -> throw new IllegalArgumentException("several changes");
      case Change.AccountCreated made -> account(made);
      case Change.PasswordSet(int account, String _) ->
          Db.first(
              connection,
              row -> new Change.PasswordSet(account, row.getString(1)),
              "SELECT password_hash FROM account WHERE id = ?",
              account);
      case Change.AccountRemoved _, Change.MailboxDeleted _ -> kept(change, !oldest);
      case Change.MailboxCreated made ->
          mailbox(made.mailbox())
              .map(now ->
                  new Change.MailboxCreated(
                      made.mailbox(),
                      now.account(),
                      now.name(),
                      now.uidValidity(),
                      made.specialUse()));
      case Change.MailboxRenamed renamed ->
          mailbox(renamed.mailbox())
              .map(now -> new Change.MailboxRenamed(renamed.mailbox(), now.name()));
      case Change.Subscribed subscribed -> subscribed(subscribed);
      case Change.KeywordNamed named -> kept(change, mailbox(named.mailbox()).isPresent());
      case Change.TextNamed named -> kept(change, hasAccount(named.account()));
      case Change.MessageStored stored -> stored(stored);
      case Change.MessageFiled filed -> filed(filed);
      case Change.HeaderNoted noted -> kept(change, hasMessage(noted.mailbox(), noted.uid()));
      case Change.FlagsSet set -> flags(set);
      case Change.Expunged gone -> kept(change, mailbox(gone.mailbox()).isPresent());
      case Change.UidlSet set -> uidl(set);
      case Change.MaildropAccessed(int account, long _) ->
          Db.first(
              connection,
              row -> new Change.MaildropAccessed(account, row.getLong(1)),
              "SELECT last_uid FROM maildrop WHERE account = ?",
              account);
      case Change.Copied copied -> kept(change, !copies(copied).isEmpty());
      case Change.SegmentDropped _ -> Optional.of(change);
      // Told anew for every segment.
      case Change.NumbersGiven _ -> Optional.empty();
      case Change.MailboxReached reached -> {
        touched.add(reached.mailbox());
        yield Optional.empty();
      }
    };
  }

  /// What is to be told again so that the change is not missed: [#now], and for a message every
  /// copy of it, since a [Change.Copied] in another segment says of its copies only whose they are.
  List<Change> told(Change change) throws SQLException {
    if (change instanceof Change.Copied copied) {
      return copies(copied);
    }
    List<Change> all = new ArrayList<>();
    now(change).ifPresent(all::add);
    if (change instanceof Change.MessageFiled filed) {
      all.addAll(copies(filed));
    }
    return all;
  }

  /// Whether anything may have to be told again so that the change is not missed, for who knows
  /// rows only ([Published#ROWS]). That it has rows is asked first: if rows come between the two
  /// questions they are those of copies, and the originals', which go with that, were there before.
  boolean mayBe(Change change) throws SQLException {
    return hasRows(change) || !told(change).isEmpty();
  }

  /// Whether the change tells of messages that have rows, themselves or under other numbers: they
  /// may be of a mailbox that is gone, and stand there for copies that are told and have none yet.
  private boolean hasRows(Change change) throws SQLException {
    return switch (change) {
      case Change.MessageFiled filed ->
          Db.number(
                  connection,
                  "SELECT id FROM mailbox_message WHERE message = ? LIMIT 1",
                  filed.message())
              .isPresent();
      case Change.Copied copied ->
          Db.number(
                  connection,
                  "SELECT id FROM mailbox_message WHERE id BETWEEN ? AND ? LIMIT 1",
                  Packed.of(copied.to(), copied.firstUid()),
                  Packed.of(copied.to(), copied.lastUid()))
              .isPresent();
      default -> false;
    };
  }

  private OptionalInt accountOf(int mailbox) throws SQLException {
    return mailbox(mailbox).map(now -> OptionalInt.of(now.account())).orElse(OptionalInt.empty());
  }

  private List<Change> copies(Change.MessageFiled filed) throws SQLException {
    OptionalInt account = accountOf(filed.mailbox());
    if (!shared.add(new Shared(account.orElse(0), filed.message()))) {
      return List.of();
    }
    CopyRows rows = new CopyRows(connection, account, copying);
    rows.without(filed.mailbox(), filed.uid());
    rows.add(filed.message());
    return told(rows);
  }

  private List<Change> copies(Change.Copied copied) throws SQLException {
    touched.add(copied.to());
    long[] uids = new long[copied.flags().length];
    for (int i = 0; i < uids.length; i++) {
      uids[i] = copied.firstUid() + i;
    }
    CopyRows rows = new CopyRows(connection, accountOf(copied.to()), copying);
    UidSet missing = rows.add(copied.to(), uids);
    if (!missing.isEmpty()) {
      gone.merge(copied.to(), missing, UidSet::union);
    }
    return told(rows);
  }

  private List<Change> told(CopyRows rows) throws SQLException {
    List<Change> all = new ArrayList<>();
    for (CopyRows.Row row : rows.all()) {
      Optional<Change.MessageFiled> now = asTold(row.filed());
      if (now.isPresent()) {
        all.add(now.get());
        row.noted().ifPresent(all::add);
      }
    }
    return all;
  }

  /// The mailboxes that the changes asked for so far were about; more may be added.
  Set<Integer> touched() {
    return touched;
  }

  /// Copies of those asked for whose rows are gone, UIDs by mailbox: what was copied from them is
  /// not known here ([CopyTrail]).
  Map<Integer, UidSet> gone() {
    return gone;
  }

  /// The numbers given so far, and how far the mailboxes have come that the changes asked for so
  /// far were about.
  List<Change> reached() throws SQLException {
    List<Change> all = new ArrayList<>();
    all.add(
        new Change.NumbersGiven(
            given(Given.Counter.ACCOUNT),
            given(Given.Counter.MAILBOX),
            given(Given.Counter.MESSAGE),
            given(Given.Counter.UID_VALIDITY)));
    for (int mailbox : touched) {
      mailbox(mailbox)
          .ifPresent(now ->
              all.add(new Change.MailboxReached(mailbox, now.uidNext(), now.highestModSeq())));
    }
    return all;
  }

  private long given(Given.Counter counter) throws SQLException {
    return Db.number(connection, "SELECT last_value FROM counter WHERE name = ?", counter.row())
        .orElse(0);
  }

  private static Optional<Change> kept(Change change, boolean still) {
    return still ? Optional.of(change) : Optional.empty();
  }

  private Optional<Change> account(Change.AccountCreated made) throws SQLException {
    return Db.first(
        connection,
        row ->
            new Change.AccountCreated(
                made.account(), row.getString(1), row.getString(2), row.getLong(3)),
        "SELECT name, password_hash, created_at FROM account WHERE id = ?",
        made.account());
  }

  private boolean hasAccount(int account) throws SQLException {
    Boolean known = accounts.get(account);
    if (known == null) {
      known = Db.number(connection, "SELECT id FROM account WHERE id = ?", account).isPresent();
      accounts.put(account, known);
    }
    return known;
  }

  private Optional<MailboxCounters> mailbox(int mailbox) throws SQLException {
    touched.add(mailbox);
    Optional<MailboxCounters> known = mailboxes.get(mailbox);
    if (known == null) {
      known = Loads.counters(connection, mailbox);
      mailboxes.put(mailbox, known);
    }
    return known;
  }

  private boolean hasMessage(int mailbox, long uid) throws SQLException {
    return isTold(mailbox, uid)
        && Db.number(
                connection, "SELECT id FROM mailbox_message WHERE id = ?", Packed.of(mailbox, uid))
            .isPresent();
  }

  /// Whether a message that has a row is still to be seen.
  private boolean isTold(int mailbox, long uid) throws SQLException {
    return mailbox(mailbox).isPresent()
        && published.loaded(mailbox).map(view -> view.position(uid) >= 0).orElse(true);
  }

  /// A row with the flags that are told; empty if its message is gone.
  private Optional<Change.MessageFiled> asTold(Change.MessageFiled row) throws SQLException {
    if (!isTold(row.mailbox(), row.uid())) {
      return Optional.empty();
    }
    return Optional.of(
        published
            .loaded(row.mailbox())
            .map(view -> {
              int position = view.position(row.uid());
              return row.changed(view.modSeq(position), view.flagBits(position));
            })
            .orElse(row));
  }

  private Optional<Change> uidl(Change.UidlSet set) throws SQLException {
    return isTold(set.mailbox(), set.uid())
        ? Db.first(
            connection,
            row -> new Change.UidlSet(set.mailbox(), set.uid(), row.getString(1)),
            "SELECT uidl FROM uidl WHERE id = ?",
            Packed.of(set.mailbox(), set.uid()))
        : Optional.empty();
  }

  /// What is no longer subscribed to is told while an older segment may tell of its subscription.
  private Optional<Change> subscribed(Change.Subscribed subscribed) throws SQLException {
    boolean now =
        !Db.list(
                connection,
                row -> row.getString(1),
                "SELECT name FROM subscription WHERE account = ? AND name = ?",
                subscribed.account(),
                subscribed.name())
            .isEmpty();
    return kept(
        new Change.Subscribed(subscribed.account(), subscribed.name(), now), now || !oldest);
  }

  /// A body that stands in another segment was carried there with its message.
  private Optional<Change> stored(Change.MessageStored stored) throws SQLException {
    return Db.first(
            connection,
            row -> new Change.BodyPlace(row.getLong(1), row.getLong(2), row.getLong(3)),
            "SELECT segment, body_offset, body_length FROM message WHERE id = ?",
            stored.message())
        .filter(place ->
            place.offset() == 0
                || (place.segment() == segment && place.offset() == stored.place().offset()))
        .map(place ->
            new Change.MessageStored(
                stored.message(),
                place,
                stored.sha256(),
                stored.structure(),
                stored.messageId(),
                stored.baseSubject()));
  }

  private Optional<Change> filed(Change.MessageFiled filed) throws SQLException {
    Optional<Change.MessageFiled> row =
        Db.first(
            connection,
            found -> filed.changed(found.getLong(2), found.getLong(1)),
            "SELECT flags, mod_seq FROM mailbox_message WHERE id = ?",
            Packed.of(filed.mailbox(), filed.uid()));
    touched.add(filed.mailbox());
    return row.isPresent() ? asTold(row.get()).map(Change.class::cast) : Optional.empty();
  }

  /// Of the messages that have changed since, a later change tells.
  private Optional<Change> flags(Change.FlagsSet set) throws SQLException {
    if (mailbox(set.mailbox()).isEmpty()) {
      // Somebody may still hold its last view.
      return Optional.empty();
    }
    Optional<View> view = published.loaded(set.mailbox());
    long[] uids = new long[set.uids().length];
    long[] flags = new long[uids.length];
    int count = 0;
    for (long uid : set.uids()) {
      OptionalLong now =
          view.isPresent()
              ? flags(view.get(), uid, set.modSeq())
              : flags(set.mailbox(), uid, set.modSeq());
      if (now.isPresent()) {
        uids[count] = uid;
        flags[count++] = now.getAsLong();
      }
    }
    return kept(
        new Change.FlagsSet(
            set.mailbox(), set.modSeq(), Arrays.copyOf(uids, count), Arrays.copyOf(flags, count)),
        count > 0);
  }

  private static OptionalLong flags(View view, long uid, long modSeq) {
    int position = view.position(uid);
    return position >= 0 && view.modSeq(position) == modSeq
        ? OptionalLong.of(view.flagBits(position))
        : OptionalLong.empty();
  }

  private OptionalLong flags(int mailbox, long uid, long modSeq) throws SQLException {
    return Db.number(
        connection,
        "SELECT flags FROM mailbox_message WHERE id = ? AND mod_seq = ?",
        Packed.of(mailbox, uid),
        modSeq);
  }
}
