package org.depozit.storage;

/// What a search found, as positions in the [View] that was searched; a position is turned into a
/// UID by [View#uid].
///
/// @param min the lowest position, -1 if nothing matched or it was not wanted
/// @param max the highest position, -1 if nothing matched or it was not wanted
/// @param count how many matched; -1 if neither COUNT nor ALL was wanted
/// @param positions every position, ascending; empty unless ALL was wanted. Not to be written to
/// @param modSeq the highest mod-sequence among the messages that this answer stands for (RFC 7162
///   §3.1.5: of MIN's and MAX's messages if only those were wanted, of all that matched otherwise);
///   0 if nothing matched
public record Found(int min, int max, int count, int[] positions, long modSeq) {
  /// Whether anything matched.
  public boolean any() {
    return min >= 0 || max >= 0 || count > 0;
  }
}
