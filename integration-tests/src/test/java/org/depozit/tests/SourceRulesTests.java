package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The rules of the house that only the text of the sources can show.
class SourceRulesTests {
  private static final Pattern RFC = Pattern.compile("\\bRFCs? ?(\\d{3,5})\\b");

  private static Path root;
  private static List<Path> texts;

  @BeforeAll
  static void findTheSources() throws IOException {
    root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("depozit"))) {
      root = root.getParent();
    }
    try (Stream<Path> files = Files.walk(root)) {
      texts = files.filter(Files::isRegularFile).filter(SourceRulesTests::isText).toList();
    }
    assertThat(texts).isNotEmpty();
  }

  @Test
  void everyRfcThatIsNamedStandsInTheTable() throws IOException {
    Set<String> known =
        table().stream().map(row -> row.getFirst()).collect(Collectors.toCollection(TreeSet::new));
    var missing = new TreeSet<String>();
    for (Path file : texts) {
      RFC.matcher(Files.readString(file))
          .results()
          .map(found -> found.group(1))
          .filter(number -> !known.contains(number))
          .forEach(number -> missing.add("RFC " + number + " in " + root.relativize(file)));
    }
    assertThat(missing).as("RFCs that docs/rfc.tsv lacks").isEmpty();
  }

  @Test
  void theTableOfRfcsIsWellFormed() throws IOException {
    assertThat(table())
        .allSatisfy(row -> {
          assertThat(row).hasSize(4);
          assertThat(row.get(0)).matches("\\d{3,5}");
          assertThat(row.get(1)).isNotBlank();
          assertThat(row.get(2)).isIn("Yes", "Partial", "Roadmap", "No");
        });
    assertThat(table()).extracting(row -> Integer.parseInt(row.getFirst())).isSorted();
    assertThat(table()).extracting(row -> row.getFirst()).doesNotHaveDuplicates();
  }

  @Test
  void everyImapCommandNamesItsRfc() throws IOException {
    for (Path file : texts) {
      String text = file.toString().contains("/imap/command/") ? Files.readString(file) : "";
      if (text.contains("implements ImapCommand")) {
        assertThat(text).as("%s", root.relativize(file)).containsPattern("RFC \\d{4} §\\d");
      }
    }
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    for (Path file : texts) {
      if (file.toString().contains("/src/main/java/") && file.toString().endsWith(".java")) {
        Path marks = file.resolveSibling("package-info.java");
        assertThat(marks).exists().content().contains("@NullMarked");
      }
    }
  }

  @Test
  void noSourceNamesAPathOfOneMachine() throws IOException {
    String places = String.join("|", "home", "root", "work", "farm", "mnt", "Users", "usr/lib/jvm");
    var path = Pattern.compile("(?<![\\w.}*)/])/(" + places + ")/[A-Za-z]\\S*");
    assertThat(findings(path)).isEmpty();
  }

  /// The last of two would hide the first: what is left behind when two changes are put together.
  @Test
  void theLauncherDefinesEachFunctionOnce() throws IOException {
    assertThat(
            Pattern.compile("(?m)^(\\w+)\\(\\)")
                .matcher(Files.readString(root.resolve("depozit")))
                .results()
                .map(found -> found.group(1)))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  @Test
  void nothingIsLeftForLater() throws IOException {
    assertThat(
            findings(
                word("TO" + "DO", "FIX" + "ME", "XX" + "X", "UnsupportedOperation" + "Exception")))
        .isEmpty();
  }

  @Test
  void testsNeitherMockNorSleepNorRest() throws IOException {
    assertThat(
            findings(
                word(
                    "Mock" + "ito",
                    "Easy" + "Mock",
                    "@Dis" + "abled",
                    "@Ig" + "nore",
                    "Thread\\." + "sleep\\(")))
        .isEmpty();
  }

  /// Any of the words. Who calls puts them together from parts, so that this file does not hold
  /// them.
  private static Pattern word(String... words) {
    return Pattern.compile("(?<!\\w)(" + String.join("|", words) + ")");
  }

  private static List<String> findings(Pattern pattern) throws IOException {
    var found = new ArrayList<String>();
    for (Path file : texts) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        int line = i + 1;
        pattern
            .matcher(lines.get(i))
            .results()
            .map(MatchResult::group)
            .forEach(text -> found.add(root.relativize(file) + ":" + line + " " + text));
      }
    }
    return found;
  }

  private static List<List<String>> table() throws IOException {
    try (Stream<String> lines = Files.lines(root.resolve("docs/rfc.tsv"))) {
      return lines.skip(1).map(line -> List.of(line.split("\t", -1))).toList();
    }
  }

  private static boolean isText(Path file) {
    String path = "/" + root.relativize(file);
    return !path.contains("/target/")
        && !path.contains("/.git/")
        && !path.contains("/mail/")
        && (path.matches(".*\\.(java|sql|xml|toml|properties|sh|yml)")
            || path.matches(".*/transcripts/.*\\.txt")
            || path.matches("/(depozit|Makefile|\\.ci/.*)"));
  }
}
