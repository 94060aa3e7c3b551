package org.depozit.storage;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/// STORE as a proposal: works out from the ledger's view which messages really change. RFC 9051
/// §6.4.6, RFC 7162 §3.1.3.
final class Flagging {
  private final Draft draft;
  private final View view;
  private final FlagChange change;
  private final long unchangedSince;
  private final UidSet.Builder modified = new UidSet.Builder();
  private final UidSet.Builder changed = new UidSet.Builder();
  private Optional<FlagEffect> effect = Optional.empty();
  private long[] uids = new long[16];
  private long[] flags = new long[16];
  private int count;

  private Flagging(Draft draft, View view, FlagChange change, long unchangedSince) {
    this.draft = draft;
    this.view = view;
    this.change = change;
    this.unchangedSince = unchangedSince;
  }

  static Outcome<Flagged> propose(
      Ledger ledger,
      StoreLimits limits,
      int mailbox,
      UidSet uids,
      FlagChange change,
      OptionalLong unchangedSince) {
    View view = ledger.view(mailbox);
    Draft draft = new Draft(ledger, limits);
    Flagging flagging = new Flagging(draft, view, change, unchangedSince.orElse(Long.MAX_VALUE));
    Present.runs(view.chunks(), uids, flagging::look);
    return flagging.outcome();
  }

  private Outcome<Flagged> outcome() {
    if (count > 0) {
      int mailbox = view.mailbox();
      draft.add(
          new Change.FlagsSet(
              mailbox,
              draft.modSeq(mailbox),
              Arrays.copyOf(uids, count),
              Arrays.copyOf(flags, count)));
    }
    return new Outcome<>(draft.change(), new Flagged(changed.build(), modified.build()), false);
  }

  private void look(Chunk chunk, int from, int to) {
    for (int row = from; row < to; row++) {
      int uid = chunk.facts().uid[row];
      if (chunk.marks().modSeq[row] > unchangedSince) {
        modified.add(uid);
        continue;
      }
      if (effect.isEmpty()) {
        // A new keyword is named once there is a message to bear it.
        effect = Optional.of(FlagEffect.of(change, mask(draft, view, view.mailbox(), change)));
      }
      long old = chunk.marks().flags(row);
      long now = effect.get().on(old);
      if (now != old) {
        add(uid, now);
      }
    }
  }

  private void add(int uid, long now) {
    if (count == uids.length) {
      uids = Arrays.copyOf(uids, 2 * count);
      flags = Arrays.copyOf(flags, 2 * count);
    }
    changed.add(uid);
    uids[count] = uid;
    flags[count++] = now;
  }

  /// The bits of the change's flags. Taking away names no new keyword.
  private static long mask(Draft draft, View view, int mailbox, FlagChange change) {
    return switch (change) {
      case FlagChange.Replace replace -> draft.bits(mailbox, replace.flags());
      case FlagChange.Add add -> draft.bits(mailbox, add.flags());
      case FlagChange.Remove remove ->
          remove.flags().stream().mapToLong(view::mask).reduce(0, (a, b) -> a | b);
    };
  }
}
