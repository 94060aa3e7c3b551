package org.depozit.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CommandsTests {
  @Test
  void offersWhatThisServerHas() {
    assertThat(Capabilities.all())
        .containsExactlyInAnyOrder(
            "IMAP4rev1",
            "STARTTLS",
            "LOGINDISABLED",
            "AUTH=PLAIN",
            "AUTH=LOGIN",
            "SASL-IR",
            "ID",
            "ENABLE",
            "LITERAL+",
            "IDLE",
            "NAMESPACE",
            "CHILDREN",
            "UNSELECT",
            "UIDPLUS",
            "MOVE",
            "ESEARCH",
            "CONDSTORE",
            "SPECIAL-USE");
  }

  @Test
  void hasEveryCommandOnce() {
    assertThat(Commands.ALL).extracting(Spec::name).doesNotHaveDuplicates();
    assertThat(Commands.ALL)
        .allSatisfy(spec -> assertThat(Commands.named(spec.name())).contains(spec));
  }

  @Test
  void forbidsExpungeWhereNumbersAreInUse() {
    assertThat(Commands.ALL.stream().filter(Spec::numbersInUse).map(Spec::name))
        .containsExactlyInAnyOrder("FETCH", "STORE", "SEARCH");
  }

  @Test
  void namesTheRfcOfEveryCommand() throws IOException {
    Path folder = Path.of("src", "main", "java", "org", "depozit", "imap", "command");
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> commands = files.filter(file -> text(file).contains("Spec SPEC")).toList();
      assertThat(commands).hasSizeGreaterThan(20);
      assertThat(commands)
          .allSatisfy(
              file -> assertThat(text(file)).containsPattern("(?m)^/// .*RFC [0-9]{4} §[0-9]"));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
