package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.depozit.mime.BodyText.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The edge cases of the mail generator that lies beside the project (`../shared/mailgen`).
class TortureTests {
  private final MessageParser parser = new MessageParser();

  @Test
  void readsEveryEdgeCase(@TempDir Path folder) throws Exception {
    Path program = Path.of("../../shared/mailgen/mailgen.py").toAbsolutePath();
    assumeThat(program).as("the mail generator lies beside the project").isRegularFile();
    Process process =
        new ProcessBuilder(
                "python3",
                program.toString(),
                "--torture",
                "--format",
                "eml",
                "--out",
                folder.toString())
            .redirectErrorStream(true)
            .start();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    assertThat(files.size()).isGreaterThanOrEqualTo(70);
    for (Path file : files) {
      reads(Octets.of(Crlf.of(Files.readAllBytes(file))));
    }
  }

  private void reads(Octets content) throws Exception {
    ParsedMessage message = parser.parse(content);
    BodyStructure structure = message.structure();
    Shapes.holds(structure, content.length());
    assertThat(BodyStructure.decode(structure.encode())).isEqualTo(structure);
    assertThat(message.envelope().rendered()).isNotEmpty();
    assertThat(structure.rendered(true)).isNotEmpty();
    BodyText.contains(content, structure, "NOT IN THERE", Scope.TEXT);
    HeaderFields.select(content.slice(structure.part().header()), Set.of("to"), true).length();
  }
}
