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
import java.util.OptionalLong;
import java.util.Set;

/// What a change of the log still says today: the same change with the values of this moment, or
/// nothing. Asked on a reader's connection it tells how much of a segment is alive; asked on the
/// writer's, within a proposal, it gives what is carried forward (`docs/adr/0009-space.md`).
///
/// Numbers of accounts, mailboxes, messages and UIDs are never given again: what is gone is gone
/// for ever.
final class StillTrue {
  private final Connection connection;
  private final long segment;
  private final boolean oldest;
  private final Map<Integer, Optional<MailboxCounters>> mailboxes = new HashMap<>();
  private final Map<Integer, Boolean> accounts = new HashMap<>();
  private final Set<Integer> touched = new HashSet<>();

  /// @param segment in which the changes stand
  /// @param oldest whether no older segment is kept: nothing is left to be buried then
  StillTrue(Connection connection, long segment, boolean oldest) {
    this.connection = connection;
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
      case Change.UidlSet set ->
          Db.first(
              connection,
              row -> new Change.UidlSet(set.mailbox(), set.uid(), row.getString(1)),
              "SELECT uidl FROM uidl WHERE id = ?",
              Packed.of(set.mailbox(), set.uid()));
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
      long own = Packed.of(filed.mailbox(), filed.uid());
      for (long id :
          Db.list(
              connection,
              row -> row.getLong(1),
              "SELECT id FROM mailbox_message WHERE message = ? AND id <> ?",
              filed.message(),
              own)) {
        all.addAll(whole(Packed.owner(id), new long[] {Packed.number(id)}));
      }
    }
    return all;
  }

  private List<Change> copies(Change.Copied copied) throws SQLException {
    long[] uids = new long[copied.flags().length];
    for (int i = 0; i < uids.length; i++) {
      uids[i] = copied.firstUid() + i;
    }
    return whole(copied.to(), uids);
  }

  private List<Change> whole(int mailbox, long[] uids) throws SQLException {
    touched.add(mailbox);
    List<Change> all = new ArrayList<>(MessageLoads.filed(connection, mailbox, uids));
    MessageLoads.noted(connection, mailbox, uids)
        .forEach((uid, texts) -> all.add(new Change.HeaderNoted(mailbox, uid, texts)));
    return all;
  }

  /// The mailboxes that the changes asked for so far were about; more may be added.
  Set<Integer> touched() {
    return touched;
  }

  /// The numbers given so far, and how far the mailboxes have come that the changes asked for so
  /// far were about.
  List<Change> reached() throws SQLException {
    List<Change> all = new ArrayList<>();
    all.add(
        new Change.NumbersGiven(
            given(Rows.Counter.ACCOUNT),
            given(Rows.Counter.MAILBOX),
            given(Rows.Counter.MESSAGE),
            given(Rows.Counter.UID_VALIDITY)));
    for (int mailbox : touched) {
      mailbox(mailbox)
          .ifPresent(now ->
              all.add(new Change.MailboxReached(mailbox, now.uidNext(), now.highestModSeq())));
    }
    return all;
  }

  private long given(Rows.Counter counter) throws SQLException {
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
    return Db.number(
            connection, "SELECT id FROM mailbox_message WHERE id = ?", Packed.of(mailbox, uid))
        .isPresent();
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
    touched.add(filed.mailbox());
    return Db.first(
        connection,
        row -> filed.changed(row.getLong(2), row.getLong(1)),
        "SELECT flags, mod_seq FROM mailbox_message WHERE id = ?",
        Packed.of(filed.mailbox(), filed.uid()));
  }

  /// Of the messages that have changed since, a later change tells.
  private Optional<Change> flags(Change.FlagsSet set) throws SQLException {
    touched.add(set.mailbox());
    long[] uids = new long[set.uids().length];
    long[] flags = new long[uids.length];
    int count = 0;
    for (long uid : set.uids()) {
      OptionalLong now =
          Db.number(
              connection,
              "SELECT flags FROM mailbox_message WHERE id = ? AND mod_seq = ?",
              Packed.of(set.mailbox(), uid),
              set.modSeq());
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
}
