package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three IMAP sessions, a POP3 session and two deliverers do random things to one INBOX at once. In
/// quiet moments the numbering that each session was told is that of a fresh SELECT.
/// `-Ddepozit.seed=N` repeats the choices of a run, though not its timing.
final class ConcurrencyModelTests {
  private static final long SEED = Long.getLong("depozit.seed", new Random().nextLong());
  private static final int PHASES = 5;
  private static final int STEPS = 60;
  private static final int DELIVERIES = 25;
  private static final String USER = "ana";

  @TempDir private Path data;

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger delivered = new AtomicInteger();

  @Test
  void everySessionKeepsTheNumberingThatIsTrue() throws Exception {
    Users.make(data, List.of(USER));
    long highest = 0;
    try (ServerProcess server = ServerProcess.serve(data);
        NumberedSession work = new NumberedSession(server, USER, SEED);
        NumberedSession home = new NumberedSession(server, USER, SEED + 1);
        NumberedSession phone = new NumberedSession(server, USER, SEED + 2)) {
      List<NumberedSession> sessions = List.of(work, home, phone);
      for (int phase = 0; phase < PHASES; phase++) {
        storm(server, sessions, phase);
        assertThat(failures).as("seed %d, phase %d", SEED, phase).isEmpty();
        List<Long> truth = quiet(server, sessions);
        long before = highest;
        assertThat(truth.stream().filter(uid -> uid > before)).as("new mail").isNotEmpty();
        highest = truth.getLast();
      }
      System.out.printf(
          "numbering held in %d storms: %d delivered, highest UID %d, %d left (seed %d)%n",
          PHASES, delivered.get(), highest, work.numbering().size(), SEED);
    }
  }

  /// All at once.
  private void storm(ServerProcess server, List<NumberedSession> sessions, int phase)
      throws Exception {
    Stream<Action> actions =
        Stream.of(
            () -> steps(sessions.get(0)),
            () -> steps(sessions.get(1)),
            () -> idles(sessions.get(2)),
            () -> downloads(server, new Random(SEED + phase)),
            () -> deliveries(server, 2 * phase),
            () -> deliveries(server, 2 * phase + 1));
    List<Thread> threads = new ArrayList<>();
    actions.forEach(action -> threads.add(Thread.ofVirtual().start(() -> minded(action))));
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void minded(Action action) {
    try {
      action.run();
    } catch (IOException | RuntimeException | AssertionError e) {
      failures.add(e);
    }
  }

  private static void steps(NumberedSession session) throws IOException {
    for (int step = 0; step < STEPS; step++) {
      session.step();
    }
  }

  private static void idles(NumberedSession session) throws IOException {
    for (int round = 0; round < STEPS / 10; round++) {
      session.idle(STEPS);
      session.step();
    }
  }

  private void deliveries(ServerProcess server, int run) throws IOException {
    try (LmtpSession session = new LmtpSession(server.address("lmtp"))) {
      for (int mail = 0; mail < DELIVERIES; mail++) {
        String text = SeededMail.of((long) run * DELIVERIES + mail);
        session.deliver(List.of(USER), text, _ -> delivered.incrementAndGet());
      }
    }
  }

  /// Downloads some and deletes some, a few sessions long.
  private static void downloads(ServerProcess server, Random random) throws IOException {
    for (int session = 0; session < 3; session++) {
      try (Pop3Session pop3 = new Pop3Session(server.address("pop3"), USER, Users.PASSWORD)) {
        List<String> uidl = pop3.lines("UIDL");
        assertThat(uidl).doesNotHaveDuplicates();
        List<Integer> numbers =
            new ArrayList<>(IntStream.rangeClosed(1, uidl.size()).boxed().toList());
        Collections.shuffle(numbers, random);
        for (int number : numbers.subList(0, Math.min(STEPS / 10, numbers.size()))) {
          download(pop3, number);
        }
        pop3.command("QUIT");
      }
    }
  }

  /// What others have expunged meanwhile is refused, and the numbers stay.
  private static void download(Pop3Session pop3, int number) throws IOException {
    try {
      SeededMail.seed(SeededMail.belowTheTrace(pop3.message(number)));
      pop3.command("DELE " + number);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).startsWith("-ERR")) {
        throw e;
      }
    }
  }

  /// Nothing happens: everyone learns the news, and then believes what is so.
  ///
  /// @return the UIDs that there are
  private static List<Long> quiet(ServerProcess server, List<NumberedSession> sessions)
      throws IOException {
    try (NumberedSession fresh = new NumberedSession(server, USER, SEED)) {
      fresh.check();
      for (NumberedSession session : sessions) {
        session.learn();
        session.check();
        assertThat(session.numbering()).as("seed %d", SEED).isEqualTo(fresh.numbering());
      }
      try (Pop3Session pop3 = new Pop3Session(server.address("pop3"), USER, Users.PASSWORD)) {
        assertThat(pop3.lines("UIDL")).hasSameSizeAs(fresh.numbering());
      }
      return fresh.numbering();
    }
  }

  /// What one of them does.
  private interface Action {
    /// Does it.
    void run() throws IOException;
  }
}
