package org.depozit.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.depozit.mime.Octets;

/// Carries what a segment still tells forward to the end of the log, in slices through the writer,
/// each worked out there from the rows of that moment. One thread, once.
final class Carrying {
  private final Workings workings;
  private final SegmentFacts facts;
  private final CopyTrail trail;
  private final long segment;
  private final boolean oldest;
  private final BooleanSupplier ending;

  /// Packed ids of the messages whose flags were told already.
  private final Set<Long> filed = new HashSet<>();

  /// Mailboxes that the segment tells of, of which it was not yet told again how far they have
  /// come: when nothing else of them holds, that still does.
  private final Set<Integer> untold = new HashSet<>();

  private final Set<Integer> told = new HashSet<>();

  /// Copies of which the segment tells and whose rows are gone, by mailbox.
  private final Map<Integer, UidSet> gone = new HashMap<>();

  private boolean given;
  private long carried;

  /// @param trail of the log
  /// @param oldest whether no older segment is kept
  /// @param ending whether to stop half-way
  Carrying(
      Workings workings,
      LogFiles files,
      CopyTrail trail,
      long segment,
      boolean oldest,
      BooleanSupplier ending) {
    this.workings = workings;
    this.trail = trail;
    this.facts = new SegmentFacts(files, segment);
    this.segment = segment;
    this.oldest = oldest;
    this.ending = ending;
  }

  /// Carries everything. Nothing of it is needed in the segment once a checkpoint is taken.
  ///
  /// @return false if the segment is to stay: it is damaged, or there was no time
  /// @throws Refused if the writer cannot write now
  boolean run() throws IOException {
    try {
      facts.read(this::carry);
      followGone();
      return !facts.damaged();
    } catch (SegmentFacts.Ending e) {
      return false;
    }
  }

  /// Copies whose rows are gone may have been originals themselves: of what was copied from them a
  /// later record tells, which says nothing without this segment's.
  private void followGone() throws IOException {
    Map<Integer, UidSet> followed = Map.of();
    while (!facts.damaged() && !gone.equals(followed)) {
      followed = Map.copyOf(gone);
      long sealed = workings.commits().confirmed().segment();
      for (Change.Copied copies : trail.behind(segment, followed, sealed, ending)) {
        carry(List.of(new SegmentFacts.Fact(copies, new byte[0], 0)));
      }
      if (ending.getAsBoolean()) {
        throw new SegmentFacts.Ending();
      }
    }
  }

  private void note(StillTrue still) {
    still.gone().forEach((mailbox, uids) -> gone.merge(mailbox, uids, UidSet::union));
  }

  /// Octets of facts and bodies carried.
  long carried() {
    return carried;
  }

  /// What tells that the segment is gone.
  Change.SegmentDropped dropped() {
    return facts.dropped();
  }

  /// What readers see is gone needs no place in the writer's time; the writer looks again.
  private void carry(List<SegmentFacts.Fact> slice) throws IOException {
    if (ending.getAsBoolean()) {
      throw new SegmentFacts.Ending();
    }
    List<SegmentFacts.Fact> left =
        workings
            .db()
            .read(connection -> {
              StillTrue still = new StillTrue(connection, Published.ROWS, segment, oldest);
              List<SegmentFacts.Fact> alive = new ArrayList<>();
              for (SegmentFacts.Fact fact : slice) {
                if (still.mayBe(fact.change())) {
                  alive.add(fact);
                }
              }
              untold.addAll(still.touched());
              note(still);
              return alive;
            });
    untold.removeAll(told);
    if (!left.isEmpty() || !untold.isEmpty() || !given) {
      given = true;
      carried += workings.commits().submit(ledger -> propose(ledger, left));
      told.addAll(untold);
      untold.clear();
    }
  }

  private Outcome<Long> propose(Ledger ledger, List<SegmentFacts.Fact> slice) {
    List<Change> all =
        ledger.ask(connection -> {
          StillTrue still = new StillTrue(connection, ledger, segment, oldest);
          still.touched().addAll(untold);
          List<Change> now = new ArrayList<>();
          for (SegmentFacts.Fact fact : slice) {
            for (Change change : still.told(fact.change())) {
              unlessTold(change).ifPresent(each -> now.add(placed(ledger, each, fact.body())));
            }
          }
          now.addAll(still.reached());
          // Rows may have gone since a reader looked.
          note(still);
          return now;
        });
    long octets = slice.stream().mapToLong(SegmentFacts.Fact::octets).sum();
    // Forced: a body's place must not change with a log that goes on elsewhere after a failure.
    return Outcome.forced(new Change.Carried(all), octets);
  }

  /// Flags that a message brought with it need no second telling.
  private Optional<Change> unlessTold(Change change) {
    return switch (change) {
      case Change.MessageFiled message -> {
        boolean first = filed.add(Packed.of(message.mailbox(), message.uid()));
        yield first ? Optional.of(change) : Optional.empty();
      }
      case Change.FlagsSet set -> {
        int count = 0;
        long[] uids = new long[set.uids().length];
        long[] flags = new long[uids.length];
        for (int i = 0; i < uids.length; i++) {
          if (!filed.contains(Packed.of(set.mailbox(), set.uids()[i]))) {
            uids[count] = set.uids()[i];
            flags[count++] = set.flags()[i];
          }
        }
        yield count == 0
            ? Optional.empty()
            : Optional.of(
                new Change.FlagsSet(
                    set.mailbox(),
                    set.modSeq(),
                    Arrays.copyOf(uids, count),
                    Arrays.copyOf(flags, count)));
      }
      default -> Optional.of(change);
    };
  }

  private static Change placed(Ledger ledger, Change change, byte[] body) {
    return change instanceof Change.MessageStored stored && stored.place().offset() > 0
        ? new Change.MessageStored(
            stored.message(),
            ledger.keep(Octets.of(body)),
            stored.sha256(),
            stored.structure(),
            stored.messageId(),
            stored.baseSubject())
        : change;
  }
}
