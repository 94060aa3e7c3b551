package org.depozit.storage;

import java.io.IOException;
import java.util.Arrays;

/// The values of changes that stand for many messages at once, to octets and back: UIDs by their
/// distances, neighbours that are alike as one run. The tags before them are [LogCodec]'s.
final class RunCodec {
  /// Messages that changes told in runs stand for: what is read must fit the heap, whatever a
  /// damaged length says.
  private static final int MOST_IN_RUNS = 1 << 22;

  private RunCodec() {}

  /// Whether flags are told in fewer octets in runs of neighbours with the same flags than one by
  /// one.
  static boolean areShorter(Change.FlagsSet set) {
    return 3L * runs(set) <= 2L * set.uids().length && set.uids().length <= MOST_IN_RUNS;
  }

  private static int runs(Change.FlagsSet set) {
    int runs = 0;
    for (int from = 0; from < set.uids().length; from = runEnd(set, from)) {
      runs++;
    }
    return runs;
  }

  /// Where the run of neighbours with the same flags ends that starts at an index.
  private static int runEnd(Change.FlagsSet set, int from) {
    int end = from + 1;
    while (end < set.uids().length
        && set.uids()[end] == set.uids()[end - 1] + 1
        && set.flags()[end] == set.flags()[from]) {
      end++;
    }
    return end;
  }

  static void writeInRuns(Change.FlagsSet set, LogWriter out) {
    out.number(set.mailbox());
    out.number(set.modSeq());
    out.number(runs(set));
    long before = 0;
    for (int from = 0; from < set.uids().length; ) {
      int end = runEnd(set, from);
      out.number(set.uids()[from] - before);
      out.number(end - from);
      out.number(set.flags()[from]);
      before = set.uids()[end - 1];
      from = end;
    }
  }

  /// UIDs ascend: each is told by its distance from the one before.
  static void writeOneByOne(Change.FlagsSet set, LogWriter out) {
    out.number(set.mailbox());
    out.number(set.modSeq());
    out.number(set.uids().length);
    long before = 0;
    for (int i = 0; i < set.uids().length; i++) {
      out.signed(set.uids()[i] - before);
      out.number(set.flags()[i]);
      before = set.uids()[i];
    }
  }

  static void write(Change.Copied copied, LogWriter out) {
    out.number(copied.from());
    write(copied.uids(), out);
    out.number(copied.to());
    out.number(copied.firstUid());
    out.number(copied.modSeq());
    out.signed(copied.savedAt());
    long[] flags = copied.flags();
    for (int from = 0; from < flags.length; ) {
      int end = from + 1;
      while (end < flags.length && flags[end] == flags[from]) {
        end++;
      }
      out.number(end - from);
      out.number(flags[from]);
      from = end;
    }
  }

  static void write(UidSet uids, LogWriter out) {
    out.number(uids.ranges());
    long before = 0;
    for (int range = 0; range < uids.ranges(); range++) {
      out.number(uids.first(range) - before);
      out.number(uids.last(range) - uids.first(range));
      before = uids.last(range);
    }
  }

  static Change readOneByOne(LogReader in) throws IOException {
    int mailbox = in.integer();
    long modSeq = in.number();
    int count = in.count();
    long[] uids = new long[count];
    long[] flags = new long[count];
    long before = 0;
    for (int i = 0; i < count; i++) {
      uids[i] = before + in.signed();
      flags[i] = in.number();
      before = uids[i];
    }
    return new Change.FlagsSet(mailbox, modSeq, uids, flags);
  }

  static Change readInRuns(LogReader in) throws IOException {
    int mailbox = in.integer();
    long modSeq = in.number();
    int runs = in.count();
    long[] uids = new long[runs];
    long[] flags = new long[runs];
    int count = 0;
    long before = 0;
    for (int run = 0; run < runs; run++) {
      long first = before + in.number();
      int length = in.integer();
      long bits = in.number();
      if (length < 1 || length > MOST_IN_RUNS - count) {
        throw LogReader.damaged("a run is too long");
      }
      if (count + length > uids.length) {
        int room = Math.max(count + length, Math.min(MOST_IN_RUNS, 2 * uids.length));
        uids = Arrays.copyOf(uids, room);
        flags = Arrays.copyOf(flags, room);
      }
      for (int i = 0; i < length; i++) {
        uids[count] = first + i;
        flags[count++] = bits;
      }
      before = first + length - 1;
    }
    return new Change.FlagsSet(
        mailbox, modSeq, Arrays.copyOf(uids, count), Arrays.copyOf(flags, count));
  }

  static Change readCopied(LogReader in) throws IOException {
    int from = in.integer();
    UidSet uids = readUids(in);
    int to = in.integer();
    long firstUid = in.number();
    long modSeq = in.number();
    long savedAt = in.signed();
    long count = uids.count();
    if (count < 0 || count > MOST_IN_RUNS) {
      throw LogReader.damaged("too many messages");
    }
    long[] flags = new long[(int) count];
    for (int next = 0; next < flags.length; ) {
      int length = in.integer();
      if (length < 1 || length > flags.length - next) {
        throw LogReader.damaged("a run is too long");
      }
      Arrays.fill(flags, next, next + length, in.number());
      next += length;
    }
    return new Change.Copied(from, uids, to, firstUid, modSeq, savedAt, flags);
  }

  static UidSet readUids(LogReader in) throws IOException {
    UidSet.Builder uids = new UidSet.Builder();
    int count = in.count();
    long before = 0;
    for (int i = 0; i < count; i++) {
      long first = before + in.number();
      long last = first + in.number();
      uids.add(first, last);
      before = last;
    }
    return uids.build();
  }
}
