package org.depozit.storage;

import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.depozit.mime.BodyStructure;
import org.depozit.mime.BodyText;
import org.depozit.mime.Casemap;
import org.depozit.mime.HeaderFields;
import org.depozit.mime.Octets;

/// Asks terms of the rows of one chunk after the other, and counts how many it asked and how many
/// passed. Terms that read messages are asked row by row, under a permit. One thread; to be closed,
/// which gives the permit back.
final class Sieve implements AutoCloseable {
  private static final int SLICE = 4096;

  private final SearchSources sources;
  private final IdentityHashMap<Term, Tally> tallies = new IdentityHashMap<>();
  private final IdentityHashMap<Term, long[]> marked = new IdentityHashMap<>();
  private long markedFor = -1;
  private boolean permitted;
  private int read;

  /// How many rows a term was asked of, and how many passed.
  record Tally(long asked, long passed) {}

  Sieve(SearchSources sources) {
    this.sources = sources;
  }

  Tally tally(Term term) {
    return tallies.getOrDefault(term, new Tally(0, 0));
  }

  /// Those of the rows that pass the term, which reads no messages.
  long[] pass(Term term, Chunk chunk, long[] rows) {
    long[] passed =
        switch (term) {
          case Term.All(List<Term> terms) -> all(terms, chunk, rows);
          case Term.Any(List<Term> terms) -> any(terms, chunk, rows);
          case Term.Except(Term except) -> Bits.minus(rows, pass(except, chunk, rows));
          case Term.Column column -> ColumnScan.rows(column, chunk, rows);
          case Term.Indexed indexed -> Bits.and(marked(indexed, chunk), rows);
          case Term.Reading _ -> throw new IllegalArgumentException("this one reads messages");
        };
    count(term, Bits.count(rows), Bits.count(passed));
    return passed;
  }

  /// Those of the rows that may pass the term for all that can be told without reading a message.
  long[] mayPass(Term term, Chunk chunk, long[] rows) {
    if (!term.reads()) {
      return pass(term, chunk, rows);
    }
    return switch (term) {
      case Term.All(List<Term> terms) -> {
        long[] left = rows;
        for (Term one : terms) {
          left = Bits.any(left) ? mayPass(one, chunk, left) : left;
        }
        yield left;
      }
      case Term.Any(List<Term> terms) -> {
        long[] passed = Bits.none(chunk);
        for (Term one : terms) {
          Bits.add(passed, mayPass(one, chunk, Bits.minus(rows, passed)));
        }
        yield passed;
      }
      case Term.Except _, Term.Reading _, Term.Column _, Term.Indexed _ -> rows;
    };
  }

  private long[] all(List<Term> terms, Chunk chunk, long[] rows) {
    long[] left = rows;
    for (Term term : terms) {
      if (!Bits.any(left)) {
        return left;
      }
      left = pass(term, chunk, left);
    }
    return left;
  }

  private long[] any(List<Term> terms, Chunk chunk, long[] rows) {
    long[] passed = Bits.none(chunk);
    long[] left = rows;
    for (Term term : terms) {
      if (!Bits.any(left)) {
        return passed;
      }
      long[] more = pass(term, chunk, left);
      Bits.add(passed, more);
      left = Bits.minus(left, more);
    }
    return passed;
  }

  /// What an index says of the chunk; asked once a chunk, since a walk over an index does not go
  /// back.
  private long[] marked(Term.Indexed term, Chunk chunk) {
    if (markedFor != chunk.firstUid()) {
      marked.clear();
      markedFor = chunk.firstUid();
    }
    return marked.computeIfAbsent(term, _ -> mark(term, chunk));
  }

  private static long[] mark(Term.Indexed term, Chunk chunk) {
    long[] rows = Bits.none(chunk);
    switch (term) {
      case Term.Listed listed -> listed.postings().mark(chunk, rows);
      case Term.Scanned scanned ->
          scanned
              .sql()
              .persons(
                  scanned.field(),
                  chunk.firstUid(),
                  chunk.lastUid(),
                  (uid, person) -> {
                    int row = scanned.ids().get(person) ? chunk.row(uid) : -1;
                    if (row >= 0) {
                      rows[row >>> 6] |= 1L << row;
                    }
                  });
      case Term.Noted(Notes notes) -> Bits.add(rows, notes.holding(chunk));
      case Term.Cut(Notes notes) -> Bits.add(rows, notes.cut(chunk));
    }
    return rows;
  }

  /// Forgets the chunk it was at: a walk starts from one end.
  void start() {
    marked.clear();
    markedFor = -1;
  }

  /// Whether a row passes the term, which may read the message.
  boolean passes(Term term, Chunk chunk, int row) {
    if (!term.reads()) {
      return Bits.any(pass(term, chunk, Bits.only(chunk, row)));
    }
    boolean passed =
        switch (term) {
          case Term.All(List<Term> terms) -> terms.stream().allMatch(t -> passes(t, chunk, row));
          case Term.Any(List<Term> terms) -> terms.stream().anyMatch(t -> passes(t, chunk, row));
          case Term.Except(Term except) -> !passes(except, chunk, row);
          case Term.Reading reading -> read(reading, chunk.facts().uid[row]);
          case Term.Column _, Term.Indexed _ -> throw new IllegalStateException("reads nothing");
        };
    count(term, 1, passed ? 1 : 0);
    return passed;
  }

  /// Notes how many rows a term was asked of, and how many passed.
  void count(Term term, long asked, long passed) {
    tallies.merge(
        term,
        new Tally(asked, passed),
        (one, other) -> new Tally(one.asked + other.asked, one.passed + other.passed));
  }

  private boolean read(Term.Reading term, long uid) {
    if (read++ % Scans.AT_ONCE == 0) {
      close();
      sources.scans().acquire();
      permitted = true;
    }
    Optional<Content> found = sources.content().apply(uid);
    if (found.isEmpty()) {
      return false;
    }
    try (Content content = found.get()) {
      return switch (term) {
        case Term.InHeader(String field, String needle) ->
            HeaderFields.decoded(header(content), field).stream()
                .anyMatch(text -> holds(text, needle));
        case Term.InText(BodyText.Scope scope, String needle) ->
            (scope == BodyText.Scope.TEXT && inPrefix(content, needle))
                || inBody(content, uid, scope, needle);
      };
    }
  }

  /// The header with its blank line, so that nobody has to take a big message for one.
  private static Octets header(Content content) {
    byte[] slice = new byte[SLICE];
    boolean blank = true;
    long from = 0;
    for (int read = content.read(0, slice, 0, SLICE);
        read > 0;
        read = content.read(from, slice, 0, SLICE)) {
      for (int i = 0; i < read; i++) {
        if (slice[i] == '\n' && blank) {
          return content.slice(0, from + i + 1);
        }
        blank = slice[i] == '\n' || (blank && slice[i] == '\r');
      }
      from += read;
    }
    return content;
  }

  private boolean inBody(Content content, long uid, BodyText.Scope scope, String needle) {
    Optional<BodyStructure> structure = sources.structure().apply(uid);
    return structure.isPresent()
        && BodyText.contains(content.body(), structure.get(), needle, scope);
  }

  /// The trace headers are the store's own: UTF-8, without encoded-words.
  private static boolean inPrefix(Content content, String needle) {
    byte[] prefix = content.slice(0, content.prefixLength()).bytes();
    String lines = new String(prefix, StandardCharsets.UTF_8);
    return holds(lines.replace("\r\n ", " ").replace("\r\n\t", " "), needle);
  }

  private static boolean holds(String text, String needle) {
    return Casemap.contains(Casemap.fold(text), needle);
  }

  /// Gives the permit back.
  @Override
  public void close() {
    if (permitted) {
      permitted = false;
      sources.scans().release();
    }
  }
}
