package org.depozit.imap.command;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.depozit.imap.session.Extension;
import org.depozit.imap.session.OwnChange;
import org.depozit.imap.session.Selected;
import org.depozit.imap.session.Session;
import org.depozit.imap.session.State;
import org.depozit.imap.syntax.Args;
import org.depozit.imap.syntax.Rejected;
import org.depozit.storage.Column;
import org.depozit.storage.FetchedRow;
import org.depozit.storage.Flag;
import org.depozit.storage.FlagChange;
import org.depozit.storage.Refused;
import org.depozit.storage.StoreLimits;
import org.depozit.storage.UidSet;
import org.depozit.storage.View;

/// FETCH and UID FETCH. RFC 3501 §6.4.5, §6.4.8; CHANGEDSINCE is RFC 7162 §3.1.4.1's.
///
/// Messages are answered in slices of [StoreLimits#fetchRows]: one question to the store a slice,
/// and only for what the session's own version of the mailbox does not know. Octets come straight
/// from the store in slices, so that a slow client holds nothing but its own thread.
///
/// @param byUid whether the command speaks of UIDs, so that messages that are gone are passed over
/// @param uids the messages
/// @param items each once, in the order of the answer
/// @param changedSince only messages that have changed after this mod-sequence
record Fetch(boolean byUid, UidSet uids, List<FetchItem> items, OptionalLong changedSince)
    implements ImapCommand {
  static final Spec FETCH =
      Spec.of("FETCH", State.WITH_MAILBOX, (args, session) -> read(args, session, false))
          .usingNumbers();
  static final Spec UID_FETCH =
      Spec.of("UID FETCH", State.WITH_MAILBOX, (args, session) -> read(args, session, true));

  private static final FlagChange SEE = new FlagChange.Add(Set.of(Flag.SEEN));

  /// What a slice of messages may weigh, so that their structures and envelopes, while a slow
  /// client takes them, stay a small part of the heap.
  private static final long SLICE_OCTETS = 4 << 20;

  /// What a message counts at most where only its envelope is fetched.
  private static final long ENVELOPE_OCTETS = 64 << 10;

  private static Fetch read(Args args, Session session, boolean byUid) throws IOException {
    args.sp();
    UidSet uids = session.selected().messages(args.sequenceSet(), byUid);
    args.sp();
    List<FetchItem> items = FetchItems.read(args, byUid);
    OptionalLong changedSince = args.acceptSp() ? modifier(args) : OptionalLong.empty();
    args.end();
    boolean modSeq = changedSince.isPresent() || toldModSeq(session, items);
    return new Fetch(
        byUid, uids, modSeq ? FetchItems.with(items, new FetchItem.ModSeq()) : items, changedSince);
  }

  /// `"(" "CHANGEDSINCE" SP mod-sequence-value ")"`; 0 passes for "all", as an iPhone sends it.
  private static OptionalLong modifier(Args args) throws IOException {
    args.must('(');
    if (!args.word().equals("CHANGEDSINCE")) {
      throw Rejected.bad("Unknown FETCH modifier");
    }
    args.sp();
    long since = args.number64();
    args.must(')');
    return OptionalLong.of(since);
  }

  /// Who has asked for mod-sequences once is told them wherever flags are told. RFC 7162 §3.1.
  private static boolean toldModSeq(Session session, List<FetchItem> items) {
    return session.enabled(Extension.CONDSTORE) && items.contains(new FetchItem.Flags());
  }

  @Override
  public String run(Session session) throws IOException {
    Selected selected = session.selected();
    if (items.contains(new FetchItem.ModSeq())) {
      session.enable(Extension.CONDSTORE);
      selected.mailbox().awaitForced(selected.told());
    }
    Run run = new Run(session, selected);
    run.all();
    if (run.unreadable.isPresent()) {
      throw run.unreadable.get();
    }
    if (run.gone && !byUid) {
      throw Rejected.no("EXPUNGEISSUED", "Some of the messages are no longer there");
    }
    return byUid ? "UID FETCH completed" : "FETCH completed";
  }

  /// What of a row the items ask for: the rest is in the session's version of the mailbox.
  private Set<Column> columns() {
    Set<Column> columns = EnumSet.noneOf(Column.class);
    for (FetchItem item : items) {
      switch (item) {
        case FetchItem.EnvelopeItem() -> columns.add(Column.ENVELOPE);
        case FetchItem.Structure(boolean _) -> columns.add(Column.STRUCTURE);
        case FetchItem.Section section when section.needsStructure() ->
            columns.add(Column.STRUCTURE);
        case FetchItem.Section _,
            FetchItem.Uid _,
            FetchItem.Flags _,
            FetchItem.ModSeq _,
            FetchItem.InternalDateItem _,
            FetchItem.Size _ -> {}
      }
    }
    return columns;
  }

  private boolean sees() {
    return items.stream()
        .anyMatch(item -> item instanceof FetchItem.Section section && section.sees());
  }

  /// One run over the messages, slice by slice.
  private final class Run {
    private final Selected selected;
    private final View numbering;
    private final FetchWriter writer;
    private final Set<Column> columns = columns();
    private final boolean seeing;
    private final UidSet.Builder seen = new UidSet.Builder();
    private final int[] slice;
    private int length;
    private long octets;
    private boolean gone;
    private Optional<Refused> unreadable = Optional.empty();

    Run(Session session, Selected selected) {
      this.selected = selected;
      this.numbering = selected.numbering();
      this.writer = new FetchWriter(session, selected, items);
      this.seeing = sees() && !selected.readOnly();
      this.slice = new int[Math.min(messages(), StoreLimits.DEFAULTS.fetchRows())];
    }

    void all() throws IOException {
      for (int range = 0; range < uids.ranges(); range++) {
        int end = numbering.ceiling(uids.last(range) + 1);
        for (int position = numbering.ceiling(uids.first(range)); position < end; position++) {
          take(position);
        }
      }
      flush();
      UidSet all = seen.build();
      if (!all.isEmpty()) {
        selected.own(new OwnChange(all, SEE, true, false));
      }
    }

    /// How many messages of the numbering the command names, at most.
    private int messages() {
      long messages = 0;
      for (int range = 0; range < uids.ranges(); range++) {
        messages += numbering.ceiling(uids.last(range) + 1) - numbering.ceiling(uids.first(range));
      }
      return (int) Math.min(messages, Integer.MAX_VALUE);
    }

    private void take(int position) throws IOException {
      if (changedSince.isPresent() && selected.modSeq(position) <= changedSince.getAsLong()) {
        return;
      }
      slice[length++] = position;
      octets += weight(position);
      if (length == slice.length || octets >= SLICE_OCTETS) {
        flush();
      }
    }

    private void flush() throws IOException {
      if (length > 0) {
        UidSet nowSeen = seeing ? see() : UidSet.NONE;
        Map<Long, FetchedRow> rows = rows();
        for (int i = 0; i < length; i++) {
          answer(slice[i], rows, nowSeen);
        }
        length = 0;
        octets = 0;
      }
    }

    private long weight(int position) {
      if (columns.isEmpty()) {
        return 0;
      }
      long size = numbering.size(position);
      return columns.contains(Column.STRUCTURE) ? size : Math.min(size, ENVELOPE_OCTETS);
    }

    private void answer(int position, Map<Long, FetchedRow> rows, UidSet nowSeen)
        throws IOException {
      long uid = numbering.uid(position);
      Optional<FetchedRow> row = Optional.ofNullable(rows.get(uid));
      if (!columns.isEmpty() && row.isEmpty()) {
        gone = true;
        return;
      }
      try {
        gone |= !writer.write(position, row, nowSeen.contains(uid));
      } catch (Refused e) {
        // The others can still be read.
        unreadable = unreadable.or(() -> Optional.of(e));
      }
    }

    private Map<Long, FetchedRow> rows() {
      Map<Long, FetchedRow> rows = new HashMap<>();
      if (!columns.isEmpty()) {
        long[] wanted = new long[length];
        for (int i = 0; i < length; i++) {
          wanted[i] = numbering.uid(slice[i]);
        }
        selected.mailbox().fetch(wanted, columns).forEach(row -> rows.put(row.uid(), row));
      }
      return rows;
    }

    /// Sets `\Seen` on those of the slice that the client believes unseen.
    private UidSet see() {
      long mask = numbering.mask(Flag.SEEN);
      UidSet.Builder unseen = new UidSet.Builder();
      for (int i = 0; i < length; i++) {
        if ((selected.flagBits(slice[i]) & mask) == 0) {
          unseen.add(numbering.uid(slice[i]));
        }
      }
      UidSet uids = unseen.build();
      if (!uids.isEmpty()) {
        try {
          selected.mailbox().store(uids, SEE, OptionalLong.empty());
        } catch (Refused e) {
          // A store that cannot write can still be read; what is read is then not marked as seen.
          return UidSet.NONE;
        }
        for (int range = 0; range < uids.ranges(); range++) {
          seen.add(uids.first(range), uids.last(range));
        }
      }
      return uids;
    }
  }
}
