package org.depozit.mime;

/// The octets `from` (inclusive) to `to` (exclusive) of a message's content; 0 ≤ from ≤ to.
public record Range(long from, long to) {

  /// Refuses a range that runs backwards.
  public Range {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no range: " + from + " to " + to);
    }
  }

  /// The number of octets.
  public long length() {
    return to - from;
  }
}
