package org.depozit.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// The end-to-end load: `make bench`. Starts Depozit and Debian's Dovecot on loopback, runs them in
/// turns, prints a table, and writes it to the document. [Options] tells what it may be told.
public final class EndToEnd {
  private EndToEnd() {}

  /// See the class. Exit codes: 0 done, 1 a row failed, 2 it cannot run at all.
  public static void main(String[] words) throws IOException {
    Options options = Options.of(words);
    List<String> missing = options.alone() ? List.of() : Dovecot.missing();
    if (!missing.isEmpty()) {
      System.err.println(
          "Dovecot is measured beside Depozit, and its parts are missing: apt install "
              + String.join(" ", missing)
              + " (or ALONE=yes to measure Depozit only)");
      System.exit(2);
    }
    System.exit(run(options, System.out).failures().isEmpty() ? 0 : 1);
  }

  /// Runs, prints, and writes what the options want.
  static Results run(Options options, PrintStream out) throws IOException {
    Instant start = Instant.now();
    List<String> facts = new ArrayList<>();
    facts.add(LocalDate.ofInstant(start, ZoneOffset.UTC) + ", by `" + command(options) + "`");
    facts.addAll(Machine.facts(options));
    if (options.force() > 0) {
      facts.add(
          "each fsync and fdatasync of both servers takes %s ms longer than the disk"
              .formatted(Figures.text(options.force())));
    }
    facts.add(versions());
    facts.forEach(out::println);
    if (options.scenes().contains("many")) {
      facts.add("many mailboxes are %,d".formatted(options.mailboxes()));
    }
    Results results = new Race(options, out).run();
    Duration took = Duration.between(start, Instant.now());
    facts.add(
        "%d rounds, medians; the run took %d min %d s"
            .formatted(options.rounds(), took.toMinutes(), took.toSecondsPart()));
    Files.createDirectories(options.cache());
    Files.writeString(
        options.cache().resolve(options.section() + ".tsv"), results.raw(), StandardCharsets.UTF_8);
    if (options.document().isPresent()) {
      new Report(options, results, facts).write(options.document().get());
    }
    out.println(facts.getLast());
    return results;
  }

  private static String command(Options options) {
    String sizes = String.join(",", options.sizes().stream().map(String::valueOf).toList());
    String rows = options.scenes().isEmpty() ? "" : " ROWS=" + String.join(",", options.scenes());
    String force = options.force() > 0 ? " FORCE=" + options.force() : "";
    return "make "
        + options.section()
        + " SIZES="
        + sizes
        + rows
        + force
        + " ROUNDS="
        + options.rounds();
  }

  private static String versions() {
    String dovecot = Dovecot.missing().isEmpty() ? Dovecot.told() : "no Dovecot";
    return "Depozit on Java %s; %s, mdbox".formatted(Runtime.version().feature(), dovecot);
  }
}
