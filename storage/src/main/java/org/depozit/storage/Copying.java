package org.depozit.storage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.depozit.storage.Refused.Reason;

/// COPY and MOVE within a proposal: the rows of the source as they stand become messages filed in
/// the destination, with flags mapped by name. RFC 9051 §6.4.7, RFC 6851.
final class Copying {
  private final Ledger ledger;
  private final Draft draft;
  private final int from;
  private final int to;

  Copying(Ledger ledger, Draft draft, int from, int to) {
    this.ledger = ledger;
    this.draft = draft;
    this.from = from;
    this.to = to;
  }

  /// Drafts the copies.
  ///
  /// @param uids of messages that are there, ascending
  /// @return their UIDs in the destination
  long[] copy(long[] uids) {
    List<Change.MessageFiled> rows =
        ledger.ask(connection -> MessageLoads.filed(connection, from, uids));
    if (rows.size() != uids.length) {
      throw new Refused(Reason.UNAVAILABLE, "The rows of the mailbox are not complete");
    }
    Keywords keywords = new Keywords(ledger.ask(connection -> Loads.keywords(connection, from)));
    Map<Long, Map<NotedField, String>> noted =
        ledger.ask(connection -> MessageLoads.noted(connection, from, uids));
    long now = Instant.now().getEpochSecond();
    long[] copies = new long[uids.length];
    for (int i = 0; i < uids.length; i++) {
      Change.MessageFiled row = rows.get(i);
      long bits = draft.bits(to, new HashSet<>(keywords.flags(row.flags())));
      copies[i] = draft.nextUid(to);
      draft.add(copied(row, copies[i], bits, now));
      draft.note(to, copies[i], noted.getOrDefault(uids[i], Map.of()));
    }
    return copies;
  }

  private Change.MessageFiled copied(Change.MessageFiled row, long uid, long bits, long now) {
    return new Change.MessageFiled(
        to,
        uid,
        draft.modSeq(to),
        row.message(),
        bits,
        row.internalDate(),
        now,
        row.sentDay(),
        row.size(),
        row.prefix(),
        row.envelope(),
        row.from(),
        row.to(),
        row.cc(),
        row.bcc(),
        row.subject());
  }

  /// Drafts the copies and then the removal of the originals.
  ///
  /// @param uids of messages that are there, ascending
  /// @return their UIDs in the destination
  long[] move(long[] uids) {
    long[] copies = copy(uids);
    if (uids.length > 0) {
      draft.add(new Change.Expunged(from, draft.modSeq(from), UidSet.of(uids)));
    }
    return copies;
  }

  /// The UIDs as a list of runs without large gaps, each first and last: what one range of rows is
  /// read for.
  static List<long[]> runs(long[] uids) {
    List<long[]> runs = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= uids.length; i++) {
      if (i == uids.length || uids[i] - uids[i - 1] > 16 || i - start >= 1_000) {
        runs.add(new long[] {uids[start], uids[i - 1]});
        start = i;
      }
    }
    return runs;
  }

  /// Whether the UID is among those, which ascend.
  static boolean among(long[] uids, long uid) {
    return Arrays.binarySearch(uids, uid) >= 0;
  }
}
