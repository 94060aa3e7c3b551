package org.depozit.storage;

/// Finds the messages that a change of flags left with other flags than somebody expects who knows
/// an earlier version and the change. Where both versions hold the same messages only their marks
/// are compared.
final class Surprises {
  private final View before;
  private final FlagEffect effect;
  private final UidSet.Builder found = new UidSet.Builder();

  private Surprises(View before, FlagEffect effect) {
    this.before = before;
    this.effect = effect;
  }

  /// @param now the later version
  /// @param uids of messages that are looked at
  static UidSet of(View before, View now, UidSet uids, FlagEffect effect) {
    Surprises surprises = new Surprises(before, effect);
    Present.runs(now.chunks(), uids, surprises::look);
    return surprises.found.build();
  }

  private void look(Chunk now, int from, int to) {
    int first = before.position(now.facts().uid[from]);
    if (first < 0) {
      search(now, from, to);
      return;
    }
    long place = before.chunks().place(first);
    Chunk was = before.chunks().chunk(place);
    if (was.facts() == now.facts() && to <= was.count && Chunks.row(place) == from) {
      compare(was.marks(), now, from, to);
    } else {
      search(now, from, to);
    }
  }

  private void compare(Marks was, Chunk now, int from, int to) {
    for (int row = from; row < to; row++) {
      if (now.marks().flags(row) != effect.on(was.flags(row))) {
        found.add(now.facts().uid[row]);
      }
    }
  }

  private void search(Chunk now, int from, int to) {
    for (int row = from; row < to; row++) {
      int position = before.position(now.facts().uid[row]);
      if (position < 0 || now.marks().flags(row) != effect.on(before.flagBits(position))) {
        found.add(now.facts().uid[row]);
      }
    }
  }
}
