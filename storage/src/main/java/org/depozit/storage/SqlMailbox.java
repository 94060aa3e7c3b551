package org.depozit.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.depozit.mime.BodyStructure;
import org.depozit.mime.MalformedStructureException;
import org.depozit.mime.MessageParser;
import org.depozit.storage.Refused.Reason;

/// An open mailbox of a [SqlStore]. Holding it keeps the index state loaded.
final class SqlMailbox implements Mailbox {
  private static final MessageParser PARSER = new MessageParser();

  private final OpenMailbox open;
  private final int account;
  private final Workings workings;
  private final ReadAhead readAhead;

  private final ConcurrentHashMap<Change.Dictionary, Dictionaries.Entry> texts =
      new ConcurrentHashMap<>();

  SqlMailbox(OpenMailbox open, int account, Workings workings) {
    this.open = open;
    this.account = account;
    this.workings = workings;
    this.readAhead = new ReadAhead(workings.db(), open);
  }

  OpenMailbox state() {
    return open;
  }

  private int mailbox() {
    return open.mailbox();
  }

  @Override
  public long id() {
    return open.mailbox();
  }

  @Override
  public Optional<MailboxName> name() {
    return open.gone()
        ? Optional.empty()
        : workings
            .db()
            .read(connection -> Loads.counters(connection, mailbox()))
            .map(row -> new MailboxName(row.name()));
  }

  @Override
  public boolean exists() {
    return !open.gone();
  }

  /// Whether it is there for a proposal, deletions of the open group included.
  boolean exists(Ledger ledger) {
    return ledger.exists(mailbox());
  }

  @Override
  public View view() {
    return open.view();
  }

  @Override
  public void awaitForced(View view) {
    workings.commits().awaitForced(view.logPosition());
  }

  @Override
  public UidSet claimRecent(View view) {
    return UidSet.range(
        workings.states().claimRecent(mailbox(), view.uidNext()), view.uidNext() - 1);
  }

  @Override
  public UidSet recent(View view) {
    return UidSet.range(
        workings.states().recentFrom(mailbox(), view.uidNext()), view.uidNext() - 1);
  }

  /// Held on to once asked for, so that it stays loaded while the mailbox is open.
  private Dictionary texts(Change.Dictionary which) {
    return texts
        .computeIfAbsent(which, dictionary -> workings.dictionaries().open(account, dictionary))
        .dictionary();
  }

  @Override
  public Found search(View view, SearchKey key, Set<Return> wanted) {
    return new SearchPlan(sources(view), view, key, wanted).run();
  }

  @Override
  public List<String> explain(View view, SearchKey key, Set<Return> wanted) {
    return new SearchPlan(sources(view), view, key, wanted).explain();
  }

  private SearchSources sources(View view) {
    Set<Column> structure = Set.of(Column.STRUCTURE);
    return new SearchSources(
        mailbox(),
        workings.db(),
        this::texts,
        this::content,
        new StructuresAhead(view, uids -> fetch(uids, structure))::structure,
        workings.scans(),
        Optional.of(open));
  }

  @Override
  public List<FetchedRow> fetch(long[] uids, Set<Column> columns) {
    if (uids.length > workings.limits().fetchRows()) {
      throw new IllegalArgumentException("more than " + workings.limits().fetchRows() + " rows");
    }
    if (uids.length == 0 || open.gone()) {
      return List.of();
    }
    List<FetchedRow> rows = new ArrayList<>();
    for (MessageLoads.Fetched row :
        MessageReads.fetched(workings.db(), open, there(uids), columns)) {
      Optional<BodyStructure> structure =
          columns.contains(Column.STRUCTURE) ? Optional.of(decoded(row)) : Optional.empty();
      rows.add(new FetchedRow(row.uid(), row.envelope(), structure));
    }
    return rows;
  }

  /// Without what was expunged: its rows may go later than it did.
  private long[] there(long[] uids) {
    View now = open.view();
    return Arrays.stream(uids).filter(uid -> now.position(uid) >= 0).toArray();
  }

  /// Rows are input too: a damaged structure is made anew from the body.
  private BodyStructure decoded(MessageLoads.Fetched row) {
    try {
      return BodyStructure.decode(row.structure());
    } catch (MalformedStructureException e) {
      return content(row.uid())
          .map(SqlMailbox::parsed)
          .orElseThrow(
              () -> new Refused(Refused.Reason.UNAVAILABLE, "The message is gone meanwhile", e));
    }
  }

  private static BodyStructure parsed(Content content) {
    try (content) {
      return PARSER.parse(content.body()).structure();
    }
  }

  @Override
  public Optional<Content> content(long uid) {
    if (open.gone()) {
      return Optional.empty();
    }
    Optional<MessageLoads.Placed> ahead = readAhead.placed(uid);
    if (ahead.isPresent()) {
      try {
        return ahead.map(this::content);
      } catch (Refused e) {
        // It has moved since; its row tells where to.
        return placed(uid);
      }
    }
    return placed(uid);
  }

  private Optional<Content> placed(long uid) {
    return workings.bodies().content(() -> MessageReads.placed(workings.db(), open, uid));
  }

  private Content content(MessageLoads.Placed found) {
    return workings.bodies().content(found.place(), found.prefix());
  }

  @Override
  public Stored store(UidSet uids, FlagChange change, OptionalLong unchangedSince) {
    if (many(uids)) {
      workings.commits().awaitFlagsRoom();
    }
    Flagged flagged =
        workings
            .commits()
            .submit(ledger ->
                Flagging.propose(
                    ledger, workings.limits(), mailbox(), uids, change, unchangedSince));
    return new Stored(flagged.changed(), flagged.modified(), view());
  }

  @Override
  public Appended append(IncomingMessage message) {
    return append(List.of(message)).getFirst();
  }

  @Override
  public List<Appended> append(List<IncomingMessage> messages) {
    List<Prepared> prepared = messages.stream().map(workings.delivery()::prepare).toList();
    return workings
        .commits()
        .submit(ledger -> workings.delivery().append(ledger, prepared, account, mailbox()));
  }

  @Override
  public Copied copy(UidSet uids, Mailbox to) {
    return copy(uids, to, false);
  }

  @Override
  public Copied move(UidSet uids, Mailbox to) {
    return copy(uids, to, true);
  }

  /// Whether a change of these is one of very many messages.
  private boolean many(UidSet uids) {
    int most = workings.limits().bulk().rowsAtOnce();
    return uids.count() > most && view().present(uids).length > most;
  }

  private Copied copy(UidSet uids, Mailbox to, boolean move) {
    if (!(to instanceof SqlMailbox destination) || destination.account != account) {
      throw new Refused(Reason.CANNOT, "Messages are copied within an account");
    }
    int into = destination.mailbox();
    if (many(uids)) {
      workings.commits().awaitRoom();
    }
    return workings
        .commits()
        .submit(ledger -> {
          Draft draft = new Draft(ledger, workings.limits());
          // Held by this proposal, so that both have a view.
          destination.state().view();
          Copying copying = new Copying(ledger, draft, workings.limits(), mailbox(), into);
          long uidValidity = ledger.counters(into).uidValidity();
          long[] from = ledger.view(mailbox()).present(uids);
          long[] copies = move ? copying.move(from) : copying.copy(from);
          return new Outcome<>(draft.change(), new Copied(uidValidity, from, copies), true);
        });
  }

  @Override
  public UidSet expunge(UidSet uids) {
    return workings
        .commits()
        .submit(ledger -> remove(ledger, ledger.view(mailbox()).bearing(uids, FlagBits.DELETED)));
  }

  /// Removes these of the messages that are still there, whatever their flags.
  Outcome<UidSet> remove(Ledger ledger, long[] uids) {
    if (uids.length == 0) {
      return Outcome.nothing(UidSet.NONE);
    }
    UidSet gone = UidSet.of(uids);
    long modSeq = ledger.counters(mailbox()).highestModSeq() + 1;
    return Outcome.forced(new Change.Expunged(mailbox(), modSeq, gone), gone);
  }

  @Override
  public Doorbell.Listener listen(Runnable heard) {
    return workings.doorbell().listen(mailbox(), heard);
  }
}
