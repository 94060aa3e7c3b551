package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The README's first session, as printed there, against `depozit demo`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DemoTests {
  private static final Path README = Path.of("../README.md");
  private static final String PROMPT = "$ ";

  /// What curl names its commands is curl's own.
  private static final String CURL_TAG = "TAG \"A[0-9]+\"";

  private Path temporary;
  private ServerProcess demo;

  @BeforeAll
  void startIt(@TempDir Path folder) throws IOException {
    temporary = folder;
    demo = ServerProcess.start(List.of("-Djava.io.tmpdir=" + folder), List.of("demo"));
  }

  @AfterAll
  void stopItAndLookForRemains() throws IOException {
    try (ServerProcess stopped = demo) {
      assertThat(stopped.terminate()).isIn(ServerProcess.STOPPED);
      try (Stream<Path> left = Files.list(temporary)) {
        assertThat(left).as("the demo's mail goes away with it").isEmpty();
      }
    }
  }

  @Test
  void itTellsHowToReachItInTheWordsOfTheReadme() throws IOException {
    String told = String.join("\n", demo.output());
    for (Example example : examples()) {
      assertThat(told).contains(here(example.command()));
    }
    assertThat(demo.output()).endsWith("ready");
    assertThat(told).contains("listening imap ", "listening pop3 ", "listening lmtp ");
  }

  @Test
  void theCurlCommandsOfTheReadmeAnswerAsPrinted() throws IOException {
    Programs.assumeInstalled("curl");
    List<Example> examples = examples();
    assertThat(examples).hasSize(4);
    for (Example example : examples) {
      Programs.Outcome outcome =
          Programs.run(temporary, List.of("sh", "-c", here(example.command())));
      assertThat(outcome.code()).as(example.command()).isZero();
      assertThat(outcome.out()).as(example.command()).isNotBlank();
      if (!example.answer().isEmpty()) {
        assertThat(withoutTag(outcome.out().strip())).isEqualTo(withoutTag(example.answer()));
      }
    }
    String message = Programs.run(temporary, shell(here(examples.get(1).command()))).out();
    assertThat(message).contains("From: =?UTF-8?Q?Cristi_P=C3=A2rvu?=");
    String list = Programs.run(temporary, shell(here(examples.get(2).command()))).out();
    assertThat(list.lines()).allMatch(line -> line.matches("[0-9]+ [0-9]+"));
  }

  private static List<String> shell(String command) {
    return List.of("sh", "-c", command);
  }

  private static String withoutTag(String answer) {
    return answer.replaceAll(CURL_TAG, "TAG");
  }

  @Test
  void theSessionByHandGoesAsPrinted() throws IOException {
    List<String> lines = block("* OK [CAPABILITY");
    try (Client client = new Client(demo.address("imap"), false)) {
      boolean anything = false;
      for (String line : lines) {
        if (line.equals("\u2026")) {
          anything = true;
        } else if (line.matches("[a-z] (LOGIN|SELECT|UID|LOGOUT).*") && !line.contains(" OK ")) {
          if (anything) {
            skipTo(client, line);
          }
          anything = false;
          client.send((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        } else {
          assertThat(client.line()).matches(pattern(line));
        }
      }
    }
  }

  /// Reads the rest of the answer before the next command: its tag is a letter earlier.
  private static void skipTo(Client client, String next) throws IOException {
    String tag = (char) (next.charAt(0) - 1) + " OK ";
    String line = client.line();
    while (!line.startsWith(tag)) {
      line = client.line();
    }
  }

  private static Pattern pattern(String line) {
    return Pattern.compile(
        Stream.of(line.split("\u2026", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  private record Example(String command, String answer) {}

  /// The README's curl commands, each with what is printed behind it.
  private static List<Example> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    List<String> lines = Files.readAllLines(README);
    for (int index = 0; index < lines.size(); index++) {
      if (lines.get(index).startsWith(PROMPT + "curl ")) {
        String next = lines.get(index + 1);
        boolean answered = !next.startsWith(PROMPT) && !next.startsWith("```");
        String command = lines.get(index).substring(PROMPT.length());
        examples.add(new Example(command, answered ? next : ""));
      }
    }
    return examples;
  }

  /// The README's block that begins so.
  private static List<String> block(String start) throws IOException {
    return Files.readAllLines(README).stream()
        .dropWhile(line -> !line.startsWith(start))
        .takeWhile(line -> !line.startsWith("```"))
        .toList();
  }

  /// The same where the demo really listens: its usual ports may be taken.
  private String here(String command) {
    return command
        .replace("127.0.0.1:1143", demo.at("imap"))
        .replace("127.0.0.1:1110", demo.at("pop3"));
  }
}
