package org.depozit.storage;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.depozit.mime.BodyText;
import org.depozit.mime.Casemap;

/// Makes a [Term] of a [SearchKey]: looks texts up in the dictionaries, chooses between columns,
/// index and rows, and puts the terms of And and Or in the order in which they cost least, by
/// estimates of what each costs a message and how many pass. One thread, once.
final class Planner {
  /// Nanoseconds, measured in round figures: a row of a column, a row by way of the database, a
  /// statement, a message's header, its text without its length, an octet of text.
  private static final double COLUMN = 1.5;

  private static final double ROW = 400;
  private static final double STATEMENT = 25_000;
  private static final double HEADER = 30_000;
  private static final double TEXT = 60_000;
  private static final double OCTET = 2;

  private static final long DAY = 86_400;
  private static final long FAR = Long.MAX_VALUE / DAY / 2;

  private final SearchSources sources;
  private final View view;
  private final boolean firstOnly;
  private final IdentityHashMap<Term, Estimate> estimates = new IdentityHashMap<>();

  /// What a term is thought to do.
  ///
  /// @param share of the messages that pass, 0 to 1
  /// @param cost nanoseconds a message
  record Estimate(double share, double cost) {}

  /// @param firstOnly whether only the first or last hit is wanted
  Planner(SearchSources sources, View view, boolean firstOnly) {
    this.sources = sources;
    this.view = view;
    this.firstOnly = firstOnly;
  }

  Estimate estimate(Term term) {
    return estimates.getOrDefault(term, new Estimate(1, 0));
  }

  Term plan(SearchKey key) {
    return switch (key) {
      case SearchKey.All _ -> kept(new Term.Everything(), 1, 0);
      case SearchKey.And and -> and(and);
      case SearchKey.Or or -> or(or);
      case SearchKey.Not(SearchKey not) -> except(plan(not));
      case SearchKey.Uids(UidSet uids) -> kept(new Term.Among(uids), share(present(uids)), COLUMN);
      case SearchKey.HasFlag(Flag flag) -> flag(flag);
      case SearchKey.AddressField(SearchKey.AddressName field, String text) -> address(field, text);
      case SearchKey.HeaderField(String field, String text) -> header(field, text);
      case SearchKey.Body(String text) -> text(BodyText.Scope.BODY, text);
      case SearchKey.Text(String text) -> text(BodyText.Scope.TEXT, text);
      case SearchKey.Received(SearchKey.When when, LocalDate day) ->
          column(new Term.Received(from(when, day) * DAY, to(when, day) * DAY));
      case SearchKey.Sent(SearchKey.When when, LocalDate day) ->
          column(new Term.Sent(from(when, day), to(when, day)));
      case SearchKey.Larger(long octets) -> column(new Term.Sized(octets + 1, Long.MAX_VALUE));
      case SearchKey.Smaller(long octets) -> column(new Term.Sized(0, octets - 1));
      case SearchKey.ModSeq(long atLeast) -> column(new Term.Changed(atLeast));
    };
  }

  private Term kept(Term term, double share, double cost) {
    estimates.put(term, new Estimate(share, cost));
    return term;
  }

  private Term column(Term.Column term) {
    return kept(term, 0.3, COLUMN);
  }

  private Term nothing(String why) {
    return kept(new Term.Nothing(why), 0, 0);
  }

  private double share(double messages) {
    return view.count() == 0 ? 0 : Math.min(1, messages / view.count());
  }

  private double present(UidSet uids) {
    double present = 0;
    for (int range = 0; range < uids.ranges(); range++) {
      present += view.ceiling(uids.last(range) + 1) - view.ceiling(uids.first(range));
    }
    return present;
  }

  private static long from(SearchKey.When when, LocalDate day) {
    return when == SearchKey.When.BEFORE ? -FAR : day.toEpochDay();
  }

  private static long to(SearchKey.When when, LocalDate day) {
    return switch (when) {
      case BEFORE -> day.toEpochDay();
      case ON -> day.toEpochDay() + 1;
      case SINCE -> FAR;
    };
  }

  private Term flag(Flag flag) {
    long mask = view.mask(flag);
    if (mask == 0) {
      return nothing("no message bears " + flag);
    }
    double bearing =
        flag.equals(Flag.SEEN)
            ? share(view.count() - view.unseen())
            : flag.equals(Flag.DELETED) ? share(view.deleted()) : 0.1;
    return kept(new Term.Bears(mask, flag.name()), bearing, COLUMN);
  }

  private Term and(SearchKey.And and) {
    List<Term> terms = new ArrayList<>();
    for (SearchKey key : and.keys()) {
      Term term = plan(key);
      terms.addAll(term instanceof Term.All inner ? inner.terms() : List.of(term));
    }
    terms.removeIf(Term.Everything.class::isInstance);
    if (terms.size() < 2) {
      return terms.isEmpty() ? kept(new Term.Everything(), 1, 0) : terms.getFirst();
    }
    // The cost of a term for each message that it keeps from the others.
    terms.sort(
        Comparator.comparingDouble(
            term -> estimate(term).cost() / Math.max(1e-9, 1 - estimate(term).share())));
    double share = 1;
    double cost = 0;
    for (Term term : terms) {
      cost += share * estimate(term).cost();
      share *= estimate(term).share();
    }
    return kept(new Term.All(terms), share, cost);
  }

  private Term or(SearchKey.Or or) {
    List<Term> terms = new ArrayList<>();
    for (SearchKey key : List.of(or.left(), or.right())) {
      Term term = plan(key);
      terms.addAll(term instanceof Term.Any inner ? inner.terms() : List.of(term));
    }
    // The cost of a term for each message that it spares the others.
    terms.sort(
        Comparator.comparingDouble(
            term -> estimate(term).cost() / Math.max(1e-9, estimate(term).share())));
    double rest = 1;
    double cost = 0;
    for (Term term : terms) {
      cost += rest * estimate(term).cost();
      rest *= 1 - estimate(term).share();
    }
    return kept(new Term.Any(terms), 1 - rest, cost);
  }

  private Term except(Term term) {
    return kept(new Term.Except(term), 1 - estimate(term).share(), estimate(term).cost());
  }

  private Term header(String field, String text) {
    return switch (field.toUpperCase(Locale.ROOT)) {
      case "FROM" -> address(SearchKey.AddressName.FROM, text);
      case "TO" -> address(SearchKey.AddressName.TO, text);
      case "CC" -> address(SearchKey.AddressName.CC, text);
      case "BCC" -> address(SearchKey.AddressName.BCC, text);
      case "SUBJECT" -> subject(text);
      default -> {
        String needle = Casemap.fold(text);
        Optional<NotedField> noted = NotedField.named(field);
        yield noted.isPresent() ? noted(noted.get(), needle) : inHeader(field, needle);
      }
    };
  }

  private Term inHeader(String field, String needle) {
    return kept(new Term.InHeader(field, needle), 0.05, HEADER);
  }

  /// By what is noted in rows, and for a note that is cut by the message.
  private Term noted(NotedField field, String needle) {
    if (NotedField.impossible(needle)) {
      return nothing("no decoded text holds a control character");
    }
    Notes notes = new Notes(sources.sql(), field, needle);
    double cost = STATEMENT / Chunk.CAPACITY + ROW;
    Term noted = kept(new Term.Noted(notes), 0.01, cost);
    Term cut = kept(new Term.Cut(notes), 0.001, COLUMN);
    Term read = inHeader(field.field(), needle);
    Term rest = kept(new Term.All(List.of(cut, read)), 0.001, 0.001 * HEADER);
    return kept(new Term.Any(List.of(noted, rest)), 0.01, cost);
  }

  private Term text(BodyText.Scope scope, String text) {
    double octets = view.count() == 0 ? 0 : (double) view.octets() / view.count();
    return text.isEmpty()
        ? kept(new Term.Everything(), 1, 0)
        : kept(new Term.InText(scope, Casemap.fold(text)), 0.1, TEXT + OCTET * octets);
  }

  private Term subject(String text) {
    String needle = Casemap.fold(text);
    Dictionary subjects = sources.texts().apply(Change.Dictionary.SUBJECT);
    BitSet ids = subjects.matching(needle);
    return ids.isEmpty()
        ? nothing("no subject holds the text")
        : holds(Term.TextColumn.SUBJECT, needle, ids, subjects, Optional.empty());
  }

  private Term holds(
      Term.TextColumn column,
      String needle,
      BitSet ids,
      Dictionary dictionary,
      Optional<Postings> index) {
    double share = (double) ids.cardinality() / dictionary.size();
    return kept(new Term.Holds(column, needle, ids, index), share, 2 * COLUMN);
  }

  private Term address(SearchKey.AddressName field, String text) {
    String needle = Casemap.fold(text);
    boolean from = field == SearchKey.AddressName.FROM;
    Dictionary persons =
        sources.texts().apply(from ? Change.Dictionary.SENDER : Change.Dictionary.RECIPIENT);
    BitSet ids = persons.matching(needle);
    if (ids.isEmpty()) {
      return nothing("no address holds the text");
    }
    return from ? from(needle, ids, persons) : others(field, needle, ids, persons);
  }

  /// By the column of the view; and where one hit is enough, the index tells where to start, if
  /// asking it costs less than to scan the column.
  private Term from(String needle, BitSet ids, Dictionary persons) {
    // An index knows nothing of copies whose rows are on their way.
    boolean probe =
        firstOnly
            && sources.copies().isEmpty()
            && ids.cardinality() * STATEMENT < view.count() * COLUMN;
    SearchSql sql = sources.sql();
    return holds(
        Term.TextColumn.FROM,
        needle,
        ids,
        persons,
        probe ? Optional.of(new Postings(sql, SearchKey.AddressName.FROM, ids)) : Optional.empty());
  }

  /// By an index walk a person, or for very many persons by the rows of the mailbox.
  private Term others(SearchKey.AddressName field, String needle, BitSet ids, Dictionary persons) {
    SearchSql sql = sources.sql();
    double share = (double) ids.cardinality() / persons.size();
    double count = Math.max(1, view.count());
    double walking = (ids.cardinality() * STATEMENT + share * count * ROW) / count;
    double scanning = (count / Chunk.CAPACITY + 1) * STATEMENT / count + ROW;
    return walking <= scanning && sources.copies().isEmpty()
        ? kept(new Term.Listed(new Postings(sql, field, ids), needle), share, walking)
        : kept(new Term.Scanned(sql, field, needle, ids), share, scanning);
  }
}
