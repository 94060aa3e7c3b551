package org.depozit.storage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A mailbox as a sorted map of rows: what a [View] must be like, made the plain way; and a source
/// of random changes.
final class NaiveMailbox {
  static final int ID = 7;

  final TreeMap<Long, Change.MessageFiled> rows = new TreeMap<>();
  long uidNext = 1;
  long highestModSeq = 1;

  NaiveMailbox copy() {
    NaiveMailbox copy = new NaiveMailbox();
    copy.rows.putAll(rows);
    copy.uidNext = uidNext;
    copy.highestModSeq = highestModSeq;
    return copy;
  }

  void apply(Change change) {
    switch (change) {
      case Change.MessageFiled filed -> {
        rows.put(filed.uid(), filed);
        uidNext = filed.uid() + 1;
        highestModSeq = filed.modSeq();
      }
      case Change.FlagsSet set -> {
        for (int i = 0; i < set.uids().length; i++) {
          long flags = set.flags()[i];
          rows.computeIfPresent(set.uids()[i], (_, row) -> marked(row, set.modSeq(), flags));
        }
        highestModSeq = set.modSeq();
      }
      case Change.Expunged gone -> {
        rows.keySet().removeIf(gone.uids()::contains);
        highestModSeq = gone.modSeq();
      }
      case Change.Together all -> all.changes().forEach(this::apply);
      default -> throw new IllegalArgumentException(change.toString());
    }
  }

  static Change.MessageFiled marked(Change.MessageFiled m, long modSeq, long flags) {
    return new Change.MessageFiled(
        m.mailbox(),
        m.uid(),
        modSeq,
        m.message(),
        flags,
        m.internalDate(),
        m.savedAt(),
        m.sentDay(),
        m.size(),
        m.prefix(),
        m.envelope(),
        m.from(),
        m.to(),
        m.cc(),
        m.bcc(),
        m.subject());
  }

  Change.MessageFiled filed(RandomGenerator random) {
    long uid = uidNext + (random.nextInt(10) == 0 ? random.nextInt(5) : 0);
    return row(uid, highestModSeq + 1, random);
  }

  static Change.MessageFiled row(long uid, long modSeq, RandomGenerator random) {
    return new Change.MessageFiled(
        ID,
        uid,
        modSeq,
        uid * 3,
        flags(random),
        InternalDate.of(java.time.Instant.ofEpochSecond(random.nextInt(2_000_000_000))).packed(),
        0,
        random.nextInt(5) == 0 ? Integer.MIN_VALUE : random.nextInt(20_000),
        random.nextInt(100_000),
        new byte[0],
        new byte[0],
        random.nextInt(50),
        random.nextInt(50),
        random.nextInt(50),
        random.nextInt(50),
        random.nextInt(50));
  }

  static long flags(RandomGenerator random) {
    long system = random.nextInt(32);
    return switch (random.nextInt(20)) {
      case 0 -> system | (1L << (5 + random.nextInt(58)));
      case 1 -> system | (1L << 5);
      default -> system;
    };
  }

  /// Some of the UIDs, as a run or scattered, and sometimes some that are not here.
  UidSet some(RandomGenerator random) {
    UidSet.Builder uids = new UidSet.Builder();
    long from = 1 + random.nextLong(uidNext);
    if (random.nextInt(3) == 0) {
      uids.add(from, from + random.nextLong(uidNext));
    }
    for (int i = random.nextInt(8); i >= 0; i--) {
      uids.add(1 + random.nextLong(uidNext + 3));
    }
    return uids.build();
  }

  Change change(RandomGenerator random) {
    return switch (random.nextInt(12)) {
      case 0, 1 -> flagsSet(some(random), random);
      case 2 ->
          new Change.Expunged(
              ID,
              highestModSeq + 1,
              random.nextInt(4) == 0 ? some(random) : UidSet.of(1 + random.nextLong(uidNext)));
      case 3 -> batch(random);
      default -> filed(random);
    };
  }

  private Change batch(RandomGenerator random) {
    NaiveMailbox ahead = copy();
    List<Change> all = new ArrayList<>();
    for (int i = random.nextInt(300); i >= 0; i--) {
      Change.MessageFiled next = ahead.filed(random);
      ahead.apply(next);
      all.add(next);
    }
    return new Change.Together(all);
  }

  private Change flagsSet(UidSet which, RandomGenerator random) {
    long[] uids =
        rows.keySet().stream().filter(which::contains).mapToLong(Long::longValue).toArray();
    long[] flags = Arrays.stream(uids).map(_ -> flags(random)).toArray();
    return new Change.FlagsSet(ID, highestModSeq + 1, uids, flags);
  }
}
