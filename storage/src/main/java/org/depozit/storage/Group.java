package org.depozit.storage;

/// The group that the writer is building: what one append and one force will bring to the disk. Small bodies stand in it
/// beside the changes; since groups are appended where the last one ended, a body's place is known as soon as it is here.
/// There is one, used again for each group; the writer's thread only.
final class Group {
  /// Where the group ended at a moment.
  record Mark(int octets, int spools) {}

  /// Puts a message's body where it stays: a small one into this group, a big one already has a segment of its own.
  Change.BodyPlace keep(Spool spool) {
    throw new IllegalStateException("not yet " + spool);
  }

  /// Adds a change.
  void add(Change change) {
    throw new IllegalStateException("not yet " + change);
  }

  /// Where the group ends now.
  Mark mark() {
    return new Mark(0, 0);
  }

  /// Takes back what was added after the mark, bodies and all.
  void truncate(Mark mark) {
    throw new IllegalStateException("not yet " + mark);
  }
}
