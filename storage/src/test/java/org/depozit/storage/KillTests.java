package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A process that delivers is killed, again and again in the same store; what it acknowledged is
/// there, whole. A few kills by default, `-Ddepozit.kills=300` for a long run.
final class KillTests {
  private static final int KILLS = Integer.getInteger("depozit.kills", 3);
  private static final long LONGEST = 60;

  @TempDir private Path directory;

  private final Random random = new Random();
  private final Map<String, Long> kept = new HashMap<>();
  private final Set<String> flagged = new HashSet<>();
  private final Set<String> expunging = new HashSet<>();
  private final Set<String> expunged = new HashSet<>();
  private final Set<String> copied = new HashSet<>();

  @Test
  void whatWasAcknowledgedIsThereAfterAKillAtAnyMoment() throws Exception {
    for (int kill = 1; kill <= KILLS; kill++) {
      Process process = start(List.of());
      try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
        take(lines.readLine());
        Thread reader = Thread.ofPlatform().start(() -> takeAll(lines));
        // The time passes; a process that ends by itself has failed.
        assertThat(process.waitFor(random.nextInt(1_500), TimeUnit.MILLISECONDS)).isFalse();
        process.destroyForcibly().waitFor();
        reader.join();
      }
      check("kill " + kill);
    }
    System.out.printf("%d kills, %d messages acknowledged, all there%n", KILLS, kept.size());
  }

  @ParameterizedTest
  @EnumSource(CrashPoint.class)
  void whatWasAcknowledgedIsThereAfterAnEndAtTheNamedPoint(CrashPoint point) throws Exception {
    // Making the accounts passes some points too; checkpoints are seconds apart.
    for (int round = 1; round <= Math.max(1, KILLS / 10); round++) {
      boolean rare = point.name().matches(".*(CHECKPOINT|CARRYING|SEGMENT|SHRINKING).*");
      boolean slice = point.name().contains("SLICE");
      int pass = rare ? 1 : 10 + random.nextInt(slice ? 20 : 100);
      Process process =
          start(
              List.of(
                  "-Dorg.depozit.storage.haltAt=" + point,
                  "-Dorg.depozit.storage.haltAfter=" + pass));
      try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
        Thread reader = Thread.ofPlatform().start(() -> takeAll(lines));
        boolean passed = process.waitFor(LONGEST, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        reader.join();
        assertThat(passed).as("%s is reached under steady load", point).isTrue();
      }
      assertThat(process.exitValue()).isEqualTo(137);
      check(point + " at pass " + pass);
    }
    Files.delete(directory.resolve("depozit.mv.db"));
    Rebuild.Rebuilt rebuilt = Rebuild.run(directory, StoreLimits.DEFAULTS, _ -> {});
    assertThat(rebuilt.losses()).as("%s", point).isEmpty();
    check(point + ", rebuilt");
  }

  private Process start(List<String> properties) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(properties);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(DeliveringProcess.class.getName(), directory.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private void takeAll(BufferedReader lines) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line);
      }
    } catch (IOException e) {
      // The pipe broke with the process.
    }
  }

  private void take(String line) {
    String[] words = line.split(" ", -1);
    String message = words[1] + " " + words[2];
    switch (words[0]) {
      case "kept" ->
          assertThat(kept.put(message, Long.valueOf(words[3]))).as("UID given twice").isNull();
      case "flagged" -> flagged.add(message);
      case "expunging" -> expunging.add(message);
      case "expunged" -> expunged.add(message);
      case "copied" -> copied.add(message);
      default -> throw new IllegalStateException(line);
    }
  }

  private void check(String when) {
    try (SqlStore store = SqlStore.open(StoreSettings.at(directory))) {
      int whole = 0;
      for (int user = 0; user < DeliveringProcess.USERS; user++) {
        Optional<Account> account = store.account(DeliveringProcess.name(user));
        // The end may have come before the accounts were made.
        assertThat(account.isPresent() || kept.isEmpty()).as(when).isTrue();
        whole += account.isPresent() ? check(when, user, account.get()) : 0;
        account.ifPresent(there -> checkCopies(when, prefix(there), there));
      }
      assertThat(whole).as(when).isGreaterThanOrEqualTo(kept.size() - expunging.size());
    }
  }

  private int check(String when, int user, Account account) {
    Mailbox inbox = account.mailbox(MailboxName.INBOX).orElseThrow();
    View view = inbox.view();
    Set<String> there = new HashSet<>();
    for (int position = 0; position < view.count(); position++) {
      String message = user + " " + view.uid(position);
      there.add(message);
      long seed = seed(inbox, view.uid(position));
      assertThat(kept.getOrDefault(message, seed)).as("%s: %s", when, message).isEqualTo(seed);
      if (flagged.contains(message)) {
        assertThat(view.flagBits(position) & view.mask(Flag.FLAGGED)).as(when).isNotZero();
      }
    }
    for (String message : kept.keySet()) {
      if (message.startsWith(user + " ") && !expunging.contains(message)) {
        assertThat(there).as(when).contains(message);
      }
    }
    assertThat(there).as(when).filteredOn(expunged::contains).isEmpty();
    assertThat(view.count()).isEqualTo(account.status(MailboxName.INBOX).orElseThrow().messages());
    return there.size();
  }

  private static String prefix(Account account) {
    return account.name().substring("user".length()) + " ";
  }

  private void checkCopies(String when, String user, Account account) {
    Mailbox archive = account.mailbox(MailboxName.of("Archive")).orElseThrow();
    View view = archive.view();
    Set<String> there = new HashSet<>();
    for (int position = 0; position < view.count(); position++) {
      there.add(user + view.uid(position));
      assertThat(seed(archive, view.uid(position))).isNotNegative();
    }
    assertThat(copied.stream().filter(copy -> copy.startsWith(user)))
        .as(when)
        .allMatch(there::contains);
    assertThat(view.count())
        .isEqualTo(account.status(MailboxName.of("Archive")).orElseThrow().messages());
  }

  /// The seed of a message, which is whole.
  private static long seed(Mailbox inbox, long uid) {
    try (Content content = inbox.content(uid).orElseThrow()) {
      byte[] body = content.body().bytes();
      String start = new String(body, 0, Math.min(40, body.length), StandardCharsets.US_ASCII);
      long seed = Long.parseLong(start.substring("X-Seed: ".length(), start.indexOf('\r')));
      assertThat(body).isEqualTo(DeliveringProcess.mail(seed));
      return seed;
    }
  }
}
