package org.depozit.storage;

import java.util.List;

/// Where the next message that may pass a term can be: what UID sets and indexes know without
/// looking at rows.
final class Seeking {
  private Seeking() {}

  /// Whether asking [#seek] can pass over rows.
  static boolean able(Term term) {
    return switch (term) {
      case Term.Nothing _, Term.Among _, Term.Listed _ -> true;
      case Term.Holds holds -> holds.index().isPresent();
      case Term.All(List<Term> terms) -> terms.stream().anyMatch(Seeking::able);
      case Term.Any(List<Term> terms) -> terms.stream().allMatch(Seeking::able);
      case Term.Column _, Term.Except _, Term.Indexed _, Term.Reading _ -> false;
    };
  }

  /// Turns the indexes of the term to a walk from one end.
  static void start(Term term, boolean upwards) {
    switch (term) {
      case Term.Listed listed -> listed.postings().start(upwards);
      case Term.Holds holds -> holds.index().ifPresent(index -> index.start(upwards));
      case Term.All(List<Term> terms) -> terms.forEach(one -> start(one, upwards));
      case Term.Any(List<Term> terms) -> terms.forEach(one -> start(one, upwards));
      case Term.Except(Term except) -> start(except, upwards);
      case Term.Column _, Term.Indexed _, Term.Reading _ -> {}
    }
  }

  /// A UID at this one or beyond it, short of which no message passes; -1 if none does. Asked in
  /// the walk's direction.
  static long seek(Term term, long uid, boolean upwards) {
    return switch (term) {
      case Term.Nothing _ -> -1;
      case Term.Among(UidSet uids) -> upwards ? above(uids, uid) : below(uids, uid);
      case Term.Listed listed -> listed.postings().seek(uid);
      case Term.Holds holds -> holds.index().map(index -> index.seek(uid)).orElse(uid);
      case Term.All(List<Term> terms) -> furthest(terms, uid, upwards);
      case Term.Any(List<Term> terms) -> nearest(terms, uid, upwards);
      case Term.Column _, Term.Except _, Term.Indexed _, Term.Reading _ -> uid;
    };
  }

  private static long above(UidSet uids, long uid) {
    int range = uids.rangeFrom(uid);
    return range == uids.ranges() ? -1 : Math.max(uid, uids.first(range));
  }

  private static long below(UidSet uids, long uid) {
    int range = uids.rangeFrom(uid);
    if (range < uids.ranges() && uids.first(range) <= uid) {
      return uid;
    }
    return range == 0 ? -1 : uids.last(range - 1);
  }

  private static long furthest(List<Term> terms, long uid, boolean upwards) {
    long furthest = uid;
    for (Term term : terms) {
      long next = able(term) ? seek(term, furthest, upwards) : furthest;
      if (next < 0) {
        return -1;
      }
      furthest = next;
    }
    return furthest;
  }

  private static long nearest(List<Term> terms, long uid, boolean upwards) {
    long nearest = -1;
    for (Term term : terms) {
      long next = seek(term, uid, upwards);
      if (next >= 0 && (nearest < 0 || (upwards ? next < nearest : next > nearest))) {
        nearest = next;
      }
    }
    return nearest;
  }
}
