package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// The changes of one segment one by one, with the octets of the bodies that stand beside them, in
/// slices that are quickly asked for. One thread, once.
final class SegmentFacts {
  /// Rows that are asked for in a slice.
  private static final int ROWS = 200;

  /// Octets of a slice, unless one fact alone has more.
  private static final long OCTETS = 256 << 10;

  private final LogFiles files;
  private final long segment;
  private final LogWriter writer = new LogWriter();
  private final List<Fact> slice = new ArrayList<>();
  private long sliceOctets;
  private int sliceRows;
  private boolean damaged;
  private long first;
  private long last;

  /// One change.
  ///
  /// @param body the body that stands beside it; empty if there is none
  /// @param octets that it takes in the log
  record Fact(Change change, byte[] body, long octets) {}

  /// Who takes slices takes no more: the store is closed.
  static final class Ending extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /// Takes a slice.
  @FunctionalInterface
  interface Taker {
    void slice(List<Fact> facts) throws IOException;
  }

  SegmentFacts(LogFiles files, long segment) {
    this.files = files;
    this.segment = segment;
  }

  /// Reads the segment.
  ///
  /// @return where its last group ends
  OptionalLong read(Taker taker) throws IOException {
    OptionalLong end =
        SegmentScan.read(
            files,
            segment,
            0,
            new SegmentScan.Taker() {
              @Override
              public void group(Group.Read group, long offset) throws IOException {
                first = first == 0 ? group.sequence() : first;
                last = group.sequence();
                for (Change change : group.changes()) {
                  add(change, group.octets(), offset, taker);
                }
              }

              @Override
              public void damaged(long from, long to) {
                damaged = true;
              }
            });
    flush(taker);
    return end;
  }

  /// Whether there were octets that are no whole group.
  boolean damaged() {
    return damaged;
  }

  /// What tells that the segment is gone.
  Change.SegmentDropped dropped() {
    return new Change.SegmentDropped(segment, first, last);
  }

  private void add(Change change, ByteBuffer group, long offset, Taker taker) throws IOException {
    switch (change) {
      case Change.Together(List<Change> changes) -> {
        for (Change each : changes) {
          add(each, group, offset, taker);
        }
      }
      case Change.Carried(List<Change> facts) -> {
        for (Change each : facts) {
          add(each, group, offset, taker);
        }
      }
      case Change.FlagsSet set when set.uids().length > ROWS -> {
        for (int from = 0; from < set.uids().length; from += ROWS) {
          int to = Math.min(set.uids().length, from + ROWS);
          add(part(set, from, to), group, offset, taker);
        }
      }
      case Change.Copied copied -> {
        long[] originals = copied.originals();
        for (int from = 0; from < originals.length; from += ROWS / 2) {
          int to = Math.min(originals.length, from + ROWS / 2);
          add(part(copied, originals, from, to), new byte[0], ROWS, taker);
        }
      }
      case Change.MessageStored stored when isIn(stored.place(), group, offset) -> {
        byte[] body = new byte[(int) stored.place().length()];
        group.get((int) (stored.place().offset() - offset), body);
        add(stored, body, 1, taker);
      }
      case Change.FlagsSet set -> add(set, new byte[0], set.uids().length, taker);
      default -> add(change, new byte[0], 1, taker);
    }
  }

  private static Change.Copied part(Change.Copied copied, long[] originals, int from, int to) {
    return new Change.Copied(
        copied.from(),
        UidSet.of(Arrays.copyOfRange(originals, from, to)),
        copied.to(),
        copied.firstUid() + from,
        copied.modSeq(),
        copied.savedAt(),
        Arrays.copyOfRange(copied.flags(), from, to));
  }

  private static Change.FlagsSet part(Change.FlagsSet set, int from, int to) {
    return new Change.FlagsSet(
        set.mailbox(),
        set.modSeq(),
        Arrays.copyOfRange(set.uids(), from, to),
        Arrays.copyOfRange(set.flags(), from, to));
  }

  private boolean isIn(Change.BodyPlace place, ByteBuffer group, long offset) {
    return place.segment() == segment
        && place.offset() >= offset
        && place.offset() + place.length() <= offset + group.limit();
  }

  private void add(Change change, byte[] body, int rows, Taker taker) throws IOException {
    long octets = length(change) + body.length;
    if (sliceRows + rows > ROWS || sliceOctets + octets > OCTETS) {
      flush(taker);
    }
    slice.add(new Fact(change, body, octets));
    sliceRows += rows;
    sliceOctets += octets;
  }

  /// Octets that a change takes in the log, its body apart.
  long length(Change change) {
    writer.clear();
    LogCodec.write(change, writer);
    return writer.length() + 2L * Group.RECORD_HEADER;
  }

  private void flush(Taker taker) throws IOException {
    if (!slice.isEmpty()) {
      taker.slice(List.copyOf(slice));
      slice.clear();
      sliceRows = 0;
      sliceOctets = 0;
    }
  }
}
