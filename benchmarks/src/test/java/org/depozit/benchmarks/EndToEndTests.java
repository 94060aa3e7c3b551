package org.depozit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The load keeps working: every row runs at a tiny size and gives a figure, on both servers where
/// Dovecot is installed. Nothing is asked of the figures.
class EndToEndTests {
  private static final int SIZE = 30;

  @TempDir private Path directory;

  @Test
  void everyRowGivesAFigureAndTheDocumentKeepsWhatIsWrittenByHand() throws IOException {
    Path document = directory.resolve("benchmarks.md");
    Files.writeString(
        document,
        "By hand.\n<!-- begin bench -->\nthe last run\n<!-- end bench -->\nBy hand too.\n");
    // Dovecot, started by root, serves mail as somebody else.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    boolean alone = !Dovecot.missing().isEmpty();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();

    Results results =
        EndToEnd.run(
            options(document, alone), new PrintStream(printed, true, StandardCharsets.UTF_8));

    assertThat(results.failures()).as(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    for (Scene scene : Scenes.ALL) {
      for (Row row : scene.rows()) {
        if (!scene.asked()) {
          assertThat(results.median(row.name(), scene.sized() ? SIZE : 0, "Depozit"))
              .as(row.name())
              .isPresent();
        }
      }
    }
    assertThat(Files.readString(document))
        .startsWith("By hand.\n")
        .endsWith("By hand too.\n")
        .contains("SELECT, warm: a session's first")
        .doesNotContain("the last run", directory.toString());
    assertThat(directory).isDirectoryNotContaining("glob:**depozit-bench*");
  }

  @Test
  void aSlowDiskIsSlowForBoth() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    boolean alone = !Dovecot.missing().isEmpty();
    Path document = directory.resolve("benchmarks.md");
    Files.writeString(document, "<!-- begin bench -->\n<!-- end bench -->\n");
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

    Results results = EndToEnd.run(options(document, alone, "ROWS=lmtp", "FORCE=20"), nowhere);

    assertThat(results.failures()).isEmpty();
    for (String server : alone ? List.of("Depozit") : List.of("Depozit", "Dovecot")) {
      // More cannot be: one connection waits for at least one force each time.
      assertThat(results.median("LMTP 4 KiB, 1 recipient, 1 connection", 0, server).getAsDouble())
          .as(server)
          .isLessThanOrEqualTo(50);
    }
    assertThat(Files.readString(document)).contains("takes 20.0 ms longer");
  }

  private Options options(Path document, boolean alone, String... more) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String program =
        String.join(
            " ",
            java,
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "org.depozit.server.Main");
    List<String> told =
        new ArrayList<>(
            List.of(
                "SIZES=" + SIZE,
                "ROUNDS=1",
                "SECONDS=0.05",
                "WARM=0",
                "IDLE=20",
                "FOLDER=" + directory,
                "CACHE=" + directory.resolve("cache"),
                "MAILGEN=none",
                "PROGRAM=" + program,
                "DOCUMENT=" + document,
                "ALONE=" + (alone ? "yes" : "no")));
    told.addAll(List.of(more));
    return Options.of(told.toArray(String[]::new));
  }
}
