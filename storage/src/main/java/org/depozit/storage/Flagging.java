package org.depozit.storage;

import java.util.Arrays;
import java.util.OptionalLong;

/// STORE as a proposal: works out from the ledger's view which messages really change. RFC 9051
/// §6.4.6, RFC 7162 §3.1.3.
final class Flagging {
  private Flagging() {}

  static Outcome<Flagged> propose(
      Ledger ledger,
      StoreLimits limits,
      int mailbox,
      UidSet uids,
      FlagChange change,
      OptionalLong unchangedSince) {
    View view = ledger.view(mailbox);
    Draft draft = new Draft(ledger, limits);
    UidSet.Builder modified = new UidSet.Builder();
    long[] there = view.present(uids);
    long[] candidates = unchanged(view, there, unchangedSince, modified);
    if (candidates.length == 0) {
      return Outcome.nothing(new Flagged(UidSet.NONE, modified.build()));
    }
    long mask = mask(draft, view, mailbox, change);
    long[] changed = new long[candidates.length];
    long[] flags = new long[candidates.length];
    int count = 0;
    for (long uid : candidates) {
      long old = view.flagBits(view.position(uid));
      long now = applied(change, old, mask);
      if (now != old) {
        changed[count] = uid;
        flags[count++] = now;
      }
    }
    long[] uidsSet = Arrays.copyOf(changed, count);
    if (count > 0) {
      draft.add(
          new Change.FlagsSet(
              mailbox, draft.modSeq(mailbox), uidsSet, Arrays.copyOf(flags, count)));
    }
    return new Outcome<>(draft.change(), new Flagged(UidSet.of(uidsSet), modified.build()), false);
  }

  private static long[] unchanged(
      View view, long[] uids, OptionalLong since, UidSet.Builder modified) {
    if (since.isEmpty()) {
      return uids;
    }
    return Arrays.stream(uids)
        .filter(uid -> {
          boolean old = view.modSeq(view.position(uid)) <= since.getAsLong();
          if (!old) {
            modified.add(uid);
          }
          return old;
        })
        .toArray();
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

  private static long applied(FlagChange change, long old, long mask) {
    return switch (change) {
      case FlagChange.Replace _ -> mask;
      case FlagChange.Add _ -> old | mask;
      case FlagChange.Remove _ -> old & ~mask;
    };
  }
}
