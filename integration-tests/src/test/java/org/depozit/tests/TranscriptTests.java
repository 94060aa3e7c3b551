package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.depozit.imap.command.Capabilities;
import org.depozit.storage.MailboxName;
import org.depozit.wire.Limits;
import org.depozit.wire.Tls;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Plays every transcript, one test a file: see [Transcript] for what they look like. To play some
/// only: `mvn … -Dtest=TranscriptTests -Dtranscripts=imap/login`.
class TranscriptTests {
  private static final Path RESOURCES = Path.of("src", "test", "resources");

  @TempDir static Path data;

  private static Tls tls;
  private static int servers;

  @BeforeAll
  static void makeACertificate() throws IOException {
    tls = Tls.selfSigned(data, "localhost");
  }

  @TestFactory
  List<DynamicTest> transcripts() throws IOException {
    String wanted = System.getProperty("transcripts", "");
    List<DynamicTest> tests = new ArrayList<>();
    for (Transcript transcript : all()) {
      if (transcript.toString().contains(wanted)) {
        tests.add(
            DynamicTest.dynamicTest(
                transcript.toString(), transcript.file().toUri(), () -> play(transcript)));
      }
    }
    return tests;
  }

  @Test
  void everyTranscriptNamesItsRfc() throws IOException {
    assertThat(all())
        .allSatisfy(one -> assertThat(String.join(" ", one.header("rfc"))).contains("RFC "));
  }

  @Test
  void everyCapabilityOfImapIsShown() throws IOException {
    Set<String> shown = new HashSet<>();
    for (Transcript transcript : all()) {
      if (List.of("imap", "across").contains(transcript.folder())) {
        shown.addAll(transcript.capabilities());
      }
    }
    assertThat(shown).containsAll(Capabilities.all());
  }

  /// Every transcript there is.
  static List<Transcript> all() throws IOException {
    List<Transcript> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(RESOURCES.resolve("transcripts"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".txt")).sorted().toList()) {
        all.add(Transcript.read(file));
      }
    }
    return all;
  }

  private static void play(Transcript transcript) throws IOException {
    Path own = Files.createDirectory(data.resolve("server-" + servers++));
    try (TestServer server = new TestServer(own, tls, limits(transcript))) {
      furnish(server, transcript);
      try (TranscriptPlay play = new TranscriptPlay(transcript, server::address)) {
        play.play();
      }
    }
  }

  private static void furnish(TestServer server, Transcript transcript) throws IOException {
    List<String> users = transcript.header("users");
    for (String user : users.isEmpty() ? List.of("ana") : List.of(users.getFirst().split(" +"))) {
      server.user(user);
    }
    for (String mail : transcript.header("mail")) {
      String[] words = mail.split(" +", 2);
      String[] place = (words.length > 1 ? words[1] : "ana/INBOX").split("/", 2);
      Path file = RESOURCES.resolve("mail").resolve(words[0]);
      server.mail(file, place[0], MailboxName.of(place.length > 1 ? place[1] : "INBOX"));
    }
  }

  private static Limits limits(Transcript transcript) {
    Limits limits = Limits.DEFAULTS;
    for (String line : transcript.header("limits")) {
      for (String one : line.split(" +", -1)) {
        String[] parts = one.split("=", 2);
        limits = limits.with(parts[0], value(Limits.type(parts[0]), parts[1]));
      }
    }
    return limits;
  }

  private static Object value(Class<?> type, String text) {
    if (type == Duration.class) {
      return Duration.parse(text);
    }
    if (type == boolean.class) {
      return Boolean.valueOf(text);
    }
    return type == long.class ? (Object) Long.valueOf(text) : Integer.valueOf(text);
  }
}
