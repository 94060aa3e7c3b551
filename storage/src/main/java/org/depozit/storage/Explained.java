package org.depozit.storage;

import java.util.List;

/// Puts the terms of a search that has been run into words.
///
/// @param count of the view's messages
/// @param lines where the words go
record Explained(Planner planner, Sieve sieve, int count, List<String> lines) {
  /// Adds a term and those within it, in the order in which they were asked.
  void add(Term term, int depth) {
    Sieve.Tally tally = sieve.tally(term);
    lines.add(
        "  ".repeat(depth)
            + words(term)
            + SearchPlan.format(
                ": about %,d estimated; %,d of %,d asked passed",
                Math.round(planner.estimate(term).share() * count), tally.passed(), tally.asked()));
    switch (term) {
      case Term.All(List<Term> terms) -> terms.forEach(one -> add(one, depth + 1));
      case Term.Any(List<Term> terms) -> terms.forEach(one -> add(one, depth + 1));
      case Term.Except(Term except) -> add(except, depth + 1);
      case Term.Column _, Term.Indexed _, Term.Reading _ -> {}
    }
  }

  private static String words(Term term) {
    return switch (term) {
      case Term.All _ -> "all of";
      case Term.Any _ -> "any of";
      case Term.Except _ -> "all but";
      case Term.Everything _ -> "every message";
      case Term.Nothing(String why) -> "nothing, since " + why;
      case Term.Bears(long _, String flag) -> "flag " + flag + ", column scan";
      case Term.Among(UidSet uids) ->
          "UIDs in " + uids.ranges() + " ranges, column scan with leaps";
      case Term.Received _ -> "internal date, column scan";
      case Term.Sent _ -> "Date field, column scan";
      case Term.Sized _ -> "size, column scan";
      case Term.Changed _ -> "mod-sequence, column scan";
      case Term.Holds holds ->
          texts(holds.column().name(), holds.needle(), holds.ids().cardinality())
              + holds
                  .index()
                  .map(index ->
                      "index leaps to the first hit ("
                          + index.statements()
                          + " probes), column scan")
                  .orElse("column scan");
      case Term.Listed(Postings postings, String needle) ->
          texts(postings.field().name(), needle, postings.persons())
              + ("index walk (" + postings.statements() + " probes)");
      case Term.Scanned scanned ->
          texts(scanned.field().name(), scanned.needle(), scanned.ids().cardinality())
              + "scan of the mailbox's rows";
      case Term.Noted(Notes notes) ->
          noted(notes)
              + SearchPlan.format(
                  ", scan of the notes by key (%,d statements)", notes.statements());
      case Term.Cut(Notes notes) -> noted(notes) + " beyond the end of a cut note";
      case Term.InHeader(String field, String needle) ->
          shown(field) + " holds \"" + shown(needle) + "\", reading headers";
      case Term.InText(var scope, String needle) ->
          scope + " holds \"" + shown(needle) + "\", reading messages";
    };
  }

  private static String noted(Notes notes) {
    return notes.field().field() + " holds \"" + shown(notes.needle()) + "\"";
  }

  private static String texts(String field, String needle, int texts) {
    return SearchPlan.format(
        "%s holds \"%s\": %,d texts of the dictionary, ", field, shown(needle), texts);
  }

  /// A client's text, fit for a line of its own.
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(60)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return shown.toString();
  }
}
