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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server is killed while LMTP, IMAP and POP3 clients deliver, append, flag, copy, move,
/// expunge, make, rename and delete mailboxes, download and delete: what was acknowledged is so
/// when it is started again, what was under way is wholly so or not at all. Five kills on one store
/// by default, `-Ddepozit.mixedKills=50` for a long run.
final class MixedKillTests {
  private static final int KILLS = Integer.getInteger("depozit.mixedKills", 5);
  private static final int ENOUGH = 60;
  private static final int IMAP_SESSIONS = 4;
  private static final String INBOX = "INBOX";
  private static final String OTHER = "Archive";
  private static final Pattern FETCHED =
      Pattern.compile("^\\* \\d+ FETCH \\(UID (\\d+) FLAGS \\(([^)]*)\\) BODY\\[] \\{\\d+}\r\n");

  @TempDir private Path data;

  private final Random random = new Random();
  private final AtomicLong seeds = new AtomicLong();
  private final AtomicInteger steps = new AtomicInteger();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /// By seed: where each message is to be.
  private final Map<Long, Letter> letters = new ConcurrentHashMap<>();

  /// By name: mailboxes that were made, and whether each may be there, or must.
  private final Map<String, Boolean> mailboxes = new ConcurrentHashMap<>();

  /// The UIDs that messages were seen under, for the whole test.
  private final Map<String, Long> uids = new HashMap<>();

  /// A message of one user.
  private static final class Letter {
    final String user;
    final long seed;

    /// How many copies of it each mailbox must hold, and how many it may.
    final Set<Map<String, Integer>> places = ConcurrentHashMap.newKeySet();

    Letter(String user, long seed) {
      this.user = user;
      this.seed = seed;
    }

    void now(String mailbox) {
      places.clear();
      places.add(mailbox.isEmpty() ? Map.of() : Map.of(mailbox, 1));
    }

    /// Until it is acknowledged both are possible.
    void perhaps(Map<String, Integer> then) {
      places.add(then);
    }
  }

  @Test
  void whatWasAcknowledgedIsSoAfterEachKillUnderMixedLoad() throws Exception {
    List<String> users = new ArrayList<>();
    for (int session = 0; session < IMAP_SESSIONS; session++) {
      users.add("user" + session);
    }
    users.add("popper");
    Users.make(data, users);
    for (int kill = 1; kill <= KILLS; kill++) {
      workAndKill();
      assertThat(failures).isEmpty();
      try (ServerProcess server = ServerProcess.serve(data)) {
        for (String user : users) {
          check(server, user);
        }
        assertThat(server.terminate()).as(server::errors).isIn(ServerProcess.STOPPED);
      }
    }
    System.out.printf(
        "%d kills under mixed load, %d messages, all as told%n", KILLS, letters.size());
  }

  private void workAndKill() throws Exception {
    List<Thread> threads = new ArrayList<>();
    steps.set(0);
    try (ServerProcess server = ServerProcess.serve(data)) {
      for (int session = 0; session < IMAP_SESSIONS; session++) {
        String user = "user" + session;
        threads.add(Thread.ofVirtual().start(() -> quietly(() -> imap(server, user))));
      }
      threads.add(Thread.ofVirtual().start(() -> quietly(() -> lmtp(server))));
      threads.add(Thread.ofVirtual().start(() -> quietly(() -> pop3(server))));
      int enough = ENOUGH + random.nextInt(5 * ENOUGH);
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> steps.get() >= enough || !failures.isEmpty());
      server.kill();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  /// Work that ends with the server.
  private interface Work {
    void run() throws IOException;
  }

  private void quietly(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      String answer = String.valueOf(e.getMessage());
      if (answer.contains(" NO ") || answer.contains(" BAD ") || answer.startsWith("-ERR")) {
        failures.add(e);
      }
      // Else the server was killed.
    } catch (RuntimeException | Error e) {
      failures.add(e);
    }
  }

  private Letter fresh(String user) {
    long seed = seeds.incrementAndGet();
    Letter letter = new Letter(user, seed);
    letter.now("");
    letters.put(seed, letter);
    return letter;
  }

  /// Delivers to everybody who does nothing but download.
  private void lmtp(ServerProcess server) throws IOException {
    try (LmtpSession session = new LmtpSession(server.address("lmtp"))) {
      while (true) {
        Letter letter = fresh("popper");
        letter.perhaps(Map.of(INBOX, 1));
        session.deliver(
            List.of(letter.user), SeededMail.of(letter.seed), user -> letter.now(INBOX));
        steps.incrementAndGet();
      }
    }
  }

  /// Downloads some messages, deletes some of them, and ends in order.
  private void pop3(ServerProcess server) throws IOException {
    Random chance = new Random(seeds.get());
    while (true) {
      try (Pop3Session session =
          new Pop3Session(server.address("pop3"), "popper", Users.PASSWORD)) {
        int count = Integer.parseInt(session.command("STAT").split(" ", -1)[0]);
        List<Letter> deleted = new ArrayList<>();
        for (int number = 1; number <= Math.min(count, 5); number++) {
          String mail = SeededMail.belowTheTrace(session.message(number));
          Letter letter = letters.get(SeededMail.seed(mail));
          assertThat(SeededMail.of(letter.seed)).isEqualTo(mail);
          if (chance.nextBoolean()) {
            session.command("DELE " + number);
            deleted.add(letter);
          }
        }
        deleted.forEach(letter -> letter.perhaps(Map.of()));
        session.command("QUIT");
        deleted.forEach(letter -> letter.now(""));
        steps.incrementAndGet();
      }
    }
  }

  private void imap(ServerProcess server, String user) throws IOException {
    Random chance = new Random(seeds.get() + user.hashCode());
    try (ImapSession session =
        new ImapSession(server.address("imap"), false, user, Users.PASSWORD)) {
      Map<Long, Letter> here = new HashMap<>();
      for (Map.Entry<Long, Long> there : messages(session, INBOX).entrySet()) {
        Letter letter = letters.get(there.getValue());
        if (letter.places.equals(Set.of(Map.of(INBOX, 1)))) {
          here.put(there.getKey(), letter);
        }
      }
      session.command("SELECT " + INBOX);
      while (true) {
        step(session, user, here, chance);
        steps.incrementAndGet();
      }
    }
  }

  private void step(ImapSession session, String user, Map<Long, Letter> here, Random chance)
      throws IOException {
    int what = chance.nextInt(10);
    if (what < 4 || here.isEmpty()) {
      append(session, user, here);
    } else if (what == 4) {
      mailbox(session, user, chance);
    } else {
      long uid = List.copyOf(here.keySet()).get(chance.nextInt(here.size()));
      Letter letter = here.get(uid);
      switch (what) {
        case 5, 6 -> {
          letter.perhaps(Map.of(INBOX, 1, OTHER, 1));
          session.command("UID COPY " + uid + " " + OTHER);
          letter.places.removeIf(place -> !place.equals(Map.of(INBOX, 1, OTHER, 1)));
          // Once is enough: further ones would have to be counted.
          here.remove(uid);
        }
        case 7 -> {
          letter.perhaps(Map.of(OTHER, 1));
          session.command("UID MOVE " + uid + " " + OTHER);
          letter.now(OTHER);
          here.remove(uid);
        }
        case 8 -> session.command("UID STORE " + uid + " +FLAGS (\\Flagged)");
        default -> {
          session.command("UID STORE " + uid + " +FLAGS.SILENT (\\Deleted)");
          letter.perhaps(Map.of());
          session.command("UID EXPUNGE " + uid);
          letter.now("");
          here.remove(uid);
        }
      }
    }
  }

  private void append(ImapSession session, String user, Map<Long, Letter> here) throws IOException {
    Letter letter = fresh(user);
    letter.perhaps(Map.of(INBOX, 1));
    session.append(INBOX, SeededMail.of(letter.seed));
    letter.now(INBOX);
    for (String told : session.command("UID SEARCH RETURN (MAX) ALL")) {
      Matcher max = Pattern.compile("MAX (\\d+)").matcher(told);
      if (max.find()) {
        here.put(Long.parseLong(max.group(1)), letter);
      }
    }
  }

  /// Makes a mailbox, renames it, and deletes it or not.
  private void mailbox(ImapSession session, String user, Random chance) throws IOException {
    String name = "m" + seeds.incrementAndGet();
    String key = user + "/" + name;
    mailboxes.put(key, false);
    session.command("CREATE " + name);
    mailboxes.put(key, true);
    mailboxes.put(key + "r", false);
    mailboxes.put(key, false);
    session.command("RENAME " + name + " " + name + "r");
    mailboxes.remove(key);
    mailboxes.put(key + "r", true);
    if (chance.nextInt(4) > 0) {
      mailboxes.put(key + "r", false);
      session.command("DELETE " + name + "r");
      mailboxes.remove(key + "r");
    }
  }

  /// The seeds of the messages of a mailbox, by UID; each is whole.
  private static Map<Long, Long> messages(ImapSession session, String mailbox) throws IOException {
    Map<Long, Long> messages = new HashMap<>();
    session.command("EXAMINE " + mailbox);
    for (String response : session.command("UID FETCH 1:* (UID FLAGS BODY.PEEK[])")) {
      Matcher matcher = FETCHED.matcher(response);
      if (matcher.find()) {
        String served = response.substring(matcher.end(), response.length() - 1);
        String mail = SeededMail.belowTheTrace(served);
        long seed = SeededMail.seed(mail);
        assertThat(SeededMail.sha256(mail)).isEqualTo(SeededMail.sha256(SeededMail.of(seed)));
        messages.put(Long.parseLong(matcher.group(1)), seed);
      }
    }
    return messages;
  }

  private void check(ServerProcess server, String user) throws IOException {
    Map<Long, Map<String, Integer>> there = new HashMap<>();
    try (ImapSession session =
        new ImapSession(server.address("imap"), false, user, Users.PASSWORD)) {
      for (String mailbox : List.of(INBOX, OTHER)) {
        for (Map.Entry<Long, Long> message : messages(session, mailbox).entrySet()) {
          there
              .computeIfAbsent(message.getValue(), seed -> new HashMap<>())
              .merge(mailbox, 1, Integer::sum);
          String place = user + "/" + mailbox + "/" + message.getKey();
          assertThat(uids.merge(place, message.getValue(), (before, now) -> before))
              .as("the message at %s", place)
              .isEqualTo(message.getValue());
        }
      }
      checkMailboxes(session, user);
    }
    for (Letter letter : letters.values()) {
      if (letter.user.equals(user)) {
        Map<String, Integer> places = there.getOrDefault(letter.seed, Map.of());
        assertThat(letter.places).as("seed %d of %s", letter.seed, user).contains(places);
        // What is so now stays so.
        letter.places.clear();
        letter.places.add(Map.copyOf(places));
      }
    }
  }

  private void checkMailboxes(ImapSession session, String user) throws IOException {
    Set<String> listed = new HashSet<>();
    for (String line : session.command("LIST \"\" \"m*\"")) {
      listed.add(user + "/" + line.substring(line.lastIndexOf(' ') + 1).replace("\"", ""));
    }
    mailboxes.forEach((name, must) -> {
      if (name.startsWith(user + "/") && must) {
        assertThat(listed).contains(name);
      }
    });
    assertThat(mailboxes.keySet()).containsAll(listed);
    mailboxes.keySet().removeIf(name -> name.startsWith(user + "/") && !listed.contains(name));
    listed.forEach(name -> mailboxes.put(name, true));
  }
}
