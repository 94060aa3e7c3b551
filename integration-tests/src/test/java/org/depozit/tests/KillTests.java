package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server is killed in the middle of 16 delivering connections, again and again on one store:
/// what it acknowledged is there, whole, by both protocols, and it starts again unaided. Three
/// kills by default; `-Ddepozit.kills=20` for a long run.
final class KillTests {
  private static final int KILLS = Integer.getInteger("depozit.kills", 3);
  private static final int CONNECTIONS = 16;
  private static final int ENOUGH = 100;
  private static final int MOST = 1_000_000;
  private static final Duration FORCED = Duration.ofMillis(100);
  private static final List<String> USERS =
      IntStream.range(0, 4).mapToObj(number -> "user" + number).toList();
  private static final Pattern FETCHED =
      Pattern.compile("^\\* \\d+ FETCH \\(UID (\\d+) FLAGS \\(([^)]*)\\) BODY\\[] \\{\\d+}\r\n");

  @TempDir private Path data;

  private final Random random = new Random();
  private final AtomicLong seeds = new AtomicLong();

  /// A recipient and a seed, which the server has acknowledged.
  private final Set<Copy> acknowledged = ConcurrentHashMap.newKeySet();

  /// The flag changes of this round.
  private final Queue<Flagged> flagged = new ConcurrentLinkedQueue<>();

  /// The message whose flag change was sent and is not answered, or 0.
  private final AtomicInteger unanswered = new AtomicInteger();

  private final Map<Copy, Long> uids = new HashMap<>();
  private int flagsHeld;

  @Test
  void whatWasAcknowledgedIsThereAfterEachKill() throws Exception {
    Users.make(data, USERS);
    for (int kill = 1; kill <= KILLS; kill++) {
      int before = acknowledged.size();
      long killed = deliverAndKill();
      assertThat(acknowledged).hasSizeGreaterThan(before);
      long start = System.nanoTime();
      try (ServerProcess server = ServerProcess.serve(data)) {
        long started = System.nanoTime() - start;
        check(server, killed);
        assertThat(server.terminate()).as(server::errors).isIn(ServerProcess.STOPPED);
        System.out.printf(
            "kill %d: %d acknowledged in this round, %d in all, 0 lost; %d flag changes held; "
                + "started again in %d ms%n",
            kill,
            acknowledged.size() - before,
            acknowledged.size(),
            flagsHeld,
            started / 1_000_000);
      }
    }
  }

  /// A round.
  ///
  /// @return when it was killed, in the clock of nanoTime
  private long deliverAndKill() throws Exception {
    int before = acknowledged.size();
    flagged.clear();
    unanswered.set(0);
    List<Thread> threads = new ArrayList<>();
    try (ServerProcess server = ServerProcess.serve(data)) {
      for (int connection = 0; connection < CONNECTIONS; connection++) {
        threads.add(Thread.ofVirtual().start(() -> deliver(server)));
      }
      threads.add(Thread.ofVirtual().start(() -> flag(server)));
      int target = before + ENOUGH + random.nextInt(10 * ENOUGH);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> acknowledged.size() >= target && (before == 0 || flagged.size() >= 2));
      assertThat(server.runs()).as(server::errors).isTrue();
      long killed = System.nanoTime();
      server.kill();
      for (Thread thread : threads) {
        thread.join();
      }
      return killed;
    }
  }

  private void deliver(ServerProcess server) {
    try (LmtpSession session = new LmtpSession(server.address("lmtp"))) {
      while (true) {
        long seed = seeds.incrementAndGet();
        int first = (int) (seed % USERS.size());
        List<String> recipients =
            seed % 3 == 0
                ? List.of(USERS.get(first), USERS.get((first + 1) % USERS.size()))
                : List.of(USERS.get(first));
        session.deliver(
            recipients, SeededMail.of(seed), user -> acknowledged.add(new Copy(user, seed)));
      }
    } catch (IOException e) {
      // The server was killed.
    }
  }

  /// Sets and clears a flag on the messages of the rounds before, as long as the server lives.
  private void flag(ServerProcess server) {
    try (ImapSession session = session(server, USERS.getFirst())) {
      int count = exists(session.command("SELECT INBOX"));
      for (int change = 0; count > 0 && change < MOST; change++) {
        int number = change % count + 1;
        boolean set = random.nextBoolean();
        String sign = set ? "+" : "-";
        unanswered.set(number);
        session.command("STORE " + number + " " + sign + "FLAGS (\\Flagged)");
        flagged.add(new Flagged(number, set, System.nanoTime()));
        unanswered.set(0);
      }
    } catch (IOException e) {
      // The server was killed.
    }
  }

  private static ImapSession session(ServerProcess server, String user) throws IOException {
    return new ImapSession(server.address("imap"), false, user, Users.PASSWORD);
  }

  private static int exists(List<String> selected) {
    return selected.stream()
        .filter(line -> line.endsWith(" EXISTS"))
        .mapToInt(line -> Integer.parseInt(line.split(" ", -1)[1]))
        .findFirst()
        .orElseThrow();
  }

  private void check(ServerProcess server, long killed) throws IOException {
    Set<Copy> there = new HashSet<>();
    for (String user : USERS) {
      List<String> byImap = checkImap(server, user, there);
      assertThat(byPop3(server, user)).as("POP3 and IMAP tell the same").isEqualTo(byImap);
    }
    assertThat(there).containsAll(acknowledged);
    checkFlags(server, killed);
  }

  /// Every message is what its seed says, none has the UID of another, and none changed its UID.
  ///
  /// @return the SHA-256 of each message, by number
  private List<String> checkImap(ServerProcess server, String user, Set<Copy> there)
      throws IOException {
    List<String> sums = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    try (ImapSession session = session(server, user)) {
      int count = exists(session.command("EXAMINE INBOX"));
      for (int number = 1; number <= count; number++) {
        String fetched = session.command("FETCH " + number + " (UID FLAGS BODY.PEEK[])").getFirst();
        Matcher matcher = FETCHED.matcher(fetched);
        assertThat(matcher.find()).as(fetched).isTrue();
        String served = fetched.substring(matcher.end(), fetched.length() - 1);
        String mail = SeededMail.belowTheTrace(served);
        Copy copy = new Copy(user, SeededMail.seed(mail));
        assertThat(SeededMail.sha256(mail))
            .isEqualTo(SeededMail.sha256(SeededMail.of(copy.seed())));
        long uid = Long.parseLong(matcher.group(1));
        assertThat(seen.add(uid)).as("UID %d is unique", uid).isTrue();
        assertThat(uids.merge(copy, uid, (before, now) -> before)).isEqualTo(uid);
        there.add(copy);
        sums.add(SeededMail.sha256(served));
      }
    }
    return sums;
  }

  private static List<String> byPop3(ServerProcess server, String user) throws IOException {
    List<String> sums = new ArrayList<>();
    try (Pop3Session session = new Pop3Session(server.address("pop3"), user, Users.PASSWORD)) {
      int count = Integer.parseInt(session.command("STAT").split(" ", -1)[0]);
      for (int number = 1; number <= count; number++) {
        sums.add(SeededMail.sha256(session.message(number)));
      }
      assertThat(session.lines("UIDL")).hasSize(count).doesNotHaveDuplicates();
      session.command("QUIT");
    }
    return sums;
  }

  /// The last change of each message that was answered long enough before the kill is there; a
  /// message that was changed after that may be either way, and so may the one whose change was
  /// never answered.
  private void checkFlags(ServerProcess server, long killed) throws IOException {
    Map<Integer, Boolean> held = new HashMap<>();
    for (Flagged change : flagged) {
      if (killed - change.answered() > FORCED.toNanos()) {
        held.put(change.number(), change.set());
      } else {
        held.remove(change.number());
      }
    }
    held.remove(unanswered.get());
    try (ImapSession session = session(server, USERS.getFirst())) {
      session.command("EXAMINE INBOX");
      for (Map.Entry<Integer, Boolean> change : held.entrySet()) {
        String told = session.command("FETCH " + change.getKey() + " (FLAGS)").getFirst();
        assertThat(told.contains("\\Flagged")).as(told).isEqualTo(change.getValue());
      }
    }
    flagsHeld = held.size();
  }

  private record Copy(String user, long seed) {}

  /// A flag change that was answered.
  ///
  /// @param answered when, in the clock of nanoTime
  private record Flagged(int number, boolean set, long answered) {}
}
