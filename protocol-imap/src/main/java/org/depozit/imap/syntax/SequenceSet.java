package org.depozit.imap.syntax;

import java.util.List;

/// A set of message numbers or of UIDs, as a client writes it: ranges in any order and either
/// direction, `*` for the highest in use. What they mean is known only beside a mailbox:
/// [org.depozit.imap.session.Selected] resolves them to a [org.depozit.storage.UidSet]. RFC 9051
/// §9, `sequence-set`.
///
/// @param ranges as written
public record SequenceSet(List<Range> ranges) {
  /// `*`
  public static final long STAR = 0;

  public SequenceSet {
    ranges = List.copyOf(ranges);
  }

  /// `seq-range`, or a single number as a range of one.
  ///
  /// @param first a number, or [#STAR]
  /// @param last a number, or [#STAR]; may be below the first
  public record Range(long first, long last) {
    /// The lower end, where `*` is that number.
    public long low(long star) {
      return Math.min(or(first, star), or(last, star));
    }

    /// The upper end, where `*` is that number.
    public long high(long star) {
      return Math.max(or(first, star), or(last, star));
    }

    /// Whether one of the ends is `*`.
    public boolean open() {
      return first == STAR || last == STAR;
    }

    private static long or(long number, long star) {
      return number == STAR ? star : number;
    }
  }
}
