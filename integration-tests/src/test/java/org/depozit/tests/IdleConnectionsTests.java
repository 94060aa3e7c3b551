package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a connection costs that is logged in, has a mailbox selected and says nothing. 200 of them
/// by default, `-Ddepozit.idle=1000` for the figure; a fifth of that inside TLS.
final class IdleConnectionsTests {
  private static final int CONNECTIONS = Integer.getInteger("depozit.idle", 200);
  private static final int PER_USER = 100;
  private static final int WARM_UP = 30;

  /// Far above what a connection may cost; the figure is printed.
  private static final long BOUND = 256 << 10;

  /// What the heap is told in, with two parts of it.
  private static final long ROUNDING = 4 << 10;

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern USED = Pattern.compile("(?:DefNew|Tenured) .* used (\\d+)K");

  /// A heap that is resident from the start: what grows then is beside the heap, and what is alive
  /// in the heap is asked for.
  private static final List<String> STEADY = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

  @TempDir private Path data;

  @Test
  void anIdleConnectionCostsLittle() throws IOException {
    List<String> users =
        IntStream.rangeClosed(0, CONNECTIONS / PER_USER).mapToObj(user -> "user" + user).toList();
    Users.make(data, users);
    try (ServerProcess server = ServerProcess.start(STEADY, ServerProcess.serving(data))) {
      measure(server, users, "imap", CONNECTIONS);
      measure(server, users, "imaps", CONNECTIONS / 5);
    }
  }

  private static void measure(
      ServerProcess server, List<String> users, String protocol, int connections)
      throws IOException {
    closeAll(open(server, users, protocol, WARM_UP));
    Memory before = settled(server.pid());
    List<ImapSession> sessions = open(server, users, protocol, connections);
    Memory after = memory(server.pid());
    for (ImapSession session : sessions) {
      session.command("NOOP");
    }
    closeAll(sessions);
    long beside = (after.resident() - before.resident()) / connections;
    long live = (after.live() - before.live()) / connections;
    System.out.printf(
        "%d idle %s connections: %.1f KB each (%.1f KB alive in the heap, %.1f KB beside it)%n",
        connections, protocol, (live + beside) / 1024.0, live / 1024.0, beside / 1024.0);
    // What is beside the heap is told and not held to: the compiler's own growth, some megabytes at
    // any moment, is shared out among the connections. So are the database's caches in the heap,
    // which may shrink by more than connections take.
    assertThat(live).isLessThan(BOUND);
  }

  private static List<ImapSession> open(
      ServerProcess server, List<String> users, String protocol, int count) throws IOException {
    List<ImapSession> sessions = new ArrayList<>();
    for (int connection = 0; connection < count; connection++) {
      String user = users.get(connection / PER_USER);
      ImapSession session =
          new ImapSession(server.address(protocol), protocol.endsWith("s"), user, Users.PASSWORD);
      session.command("SELECT INBOX");
      sessions.add(session);
    }
    return sessions;
  }

  private static void closeAll(List<ImapSession> sessions) throws IOException {
    for (ImapSession session : sessions) {
      session.command("LOGOUT");
      session.close();
    }
  }

  /// The same when those who have just gone have let go of everything: they are told before.
  private static Memory settled(long pid) throws IOException {
    Memory last = memory(pid);
    Memory now = memory(pid);
    while (now.live() < last.live() - ROUNDING) {
      last = now;
      now = memory(pid);
    }
    return now;
  }

  /// The memory of a process after its garbage is collected.
  private static Memory memory(long pid) throws IOException {
    jcmd(pid, "GC.run");
    Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
    long live = 0;
    while (used.find()) {
      live += Long.parseLong(used.group(1));
    }
    Matcher resident =
        RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
    assertThat(resident.find()).isTrue();
    return new Memory(Long.parseLong(resident.group(1)) << 10, live << 10);
  }

  private static String jcmd(long pid, String command) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Programs.Outcome outcome =
        Programs.run(Path.of("."), List.of(jcmd, Long.toString(pid), command));
    assertThat(outcome.code()).as(outcome.out()).isZero();
    return outcome.out();
  }

  /// @param resident octets of RSS
  /// @param live octets of the heap in use
  private record Memory(long resident, long live) {}
}
