package org.depozit.benchmarks;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// The results as people read them: lines while it runs, and the tables in the document. Only what
/// stands between the section's marks is written; the rest of the document is its writer's.
final class Report {
  private static final String SKELETON =
      """
      # Benchmarks

      Depozit beside Debian's Dovecot on the same machine, in the same run, in turns. `make bench` and
      `make bench-million` write what stands between their marks; the remarks are written by hand.

      <!-- begin bench -->
      <!-- end bench -->

      <!-- begin bench-forces -->
      <!-- end bench-forces -->

      <!-- begin bench-million -->
      <!-- end bench-million -->
      """;

  private final Options options;
  private final Results results;
  private final List<String> facts;

  Report(Options options, Results results, List<String> facts) {
    this.options = options;
    this.results = results;
    this.facts = List.copyOf(facts);
  }

  /// A row for the terminal.
  static String line(Row row, int size, Results results) {
    OptionalDouble mine = results.median(row.name(), size, "Depozit");
    OptionalDouble theirs = results.median(row.name(), size, "Dovecot");
    return "%-48s %9s %12s %12s %-5s %8s %s"
        .formatted(
            row.name(),
            size == 0 ? "" : Integer.toString(size),
            figure(mine),
            figure(theirs),
            row.unit().text(),
            ratio(row, mine, theirs),
            goal(row));
  }

  private static String figure(OptionalDouble figure) {
    return figure.isPresent() ? Figures.text(figure.getAsDouble()) : "–";
  }

  private static String ratio(Row row, OptionalDouble mine, OptionalDouble theirs) {
    return mine.isPresent() && theirs.isPresent()
        ? Figures.text(row.ratio(mine.getAsDouble(), theirs.getAsDouble()))
        : "–";
  }

  private static String goal(Row row) {
    return row.goal().isPresent()
        ? "≥ " + new BigDecimal(row.goal().getAsDouble()).stripTrailingZeros().toPlainString()
        : "";
  }

  /// Writes the tables between the marks of the section.
  void write(Path document) throws IOException {
    String whole = Files.exists(document) ? Files.readString(document) : SKELETON;
    String begin = "<!-- begin " + options.section() + " -->";
    String end = "<!-- end " + options.section() + " -->";
    int from = whole.indexOf(begin);
    int to = whole.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException(document.getFileName() + " lacks the marks " + begin + " and " + end);
    }
    Files.writeString(
        document, whole.substring(0, from) + begin + "\n" + text() + whole.substring(to));
  }

  private String text() {
    List<String> lines = new ArrayList<>();
    facts.forEach(fact -> lines.add("- " + fact));
    lines.add("");
    List<Integer> sizes = new ArrayList<>();
    sizes.add(0);
    sizes.addAll(options.sizes());
    for (int size : sizes) {
      table(size, lines);
    }
    growth(lines);
    policies(lines);
    if (!results.failures().isEmpty()) {
      lines.add("Failed:");
      results.failures().forEach(failure -> lines.add("- " + failure.replace('\n', ' ')));
      lines.add("");
    }
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private List<Row> rows(int size) {
    return Scenes.rows().stream()
        .filter(row ->
            results.median(row.name(), size, "Depozit").isPresent()
                || results.median(row.name(), size, "Dovecot").isPresent())
        .toList();
  }

  private void table(int size, List<String> lines) {
    List<Row> rows = rows(size);
    if (rows.isEmpty()) {
      return;
    }
    lines.add(size == 0 ? "### Without a size" : "### A mailbox of %,d messages".formatted(size));
    lines.add("");
    lines.add("| | Depozit | Dovecot | | ratio | goal | sync |");
    lines.add("|---|---:|---:|---|---:|---:|---|");
    for (Row row : rows) {
      OptionalDouble mine = results.median(row.name(), size, "Depozit");
      OptionalDouble theirs = results.median(row.name(), size, "Dovecot");
      lines.add(
          "| %s | %s | %s | %s | %s | %s | %s |"
              .formatted(
                  row.name(),
                  figure(mine),
                  figure(theirs),
                  row.unit().text(),
                  ratio(row, mine, theirs),
                  goal(row),
                  row.sync().isEmpty() ? "" : Scenes.policyMark(row.sync())));
    }
    lines.add("");
  }

  private void growth(List<String> lines) {
    if (options.sizes().size() < 2) {
      return;
    }
    List<Row> rows = Scenes.rows().stream().filter(Row::grows).toList();
    lines.add("### Growth");
    lines.add("");
    String heads =
        options.sizes().stream().map("%,d"::formatted).collect(Collectors.joining(" | "));
    lines.add("| | | " + heads + " |");
    lines.add("|---|---|" + "---:|".repeat(options.sizes().size()));
    for (Row row : rows) {
      for (String contender : List.of("Depozit", "Dovecot")) {
        String figures =
            options.sizes().stream()
                .map(size -> figure(results.median(row.name(), size, contender)))
                .collect(Collectors.joining(" | "));
        lines.add(
            "| %s, %s | %s | %s |".formatted(row.name(), row.unit().text(), contender, figures));
      }
    }
    lines.add("");
  }

  private static void policies(List<String> lines) {
    for (String policy : Scenes.policies()) {
      lines.add("Sync " + Scenes.policyMark(policy) + ": " + policy + ".");
      lines.add("");
    }
  }
}
