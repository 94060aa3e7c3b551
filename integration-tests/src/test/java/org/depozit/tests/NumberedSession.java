package org.depozit.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An IMAP session on INBOX that keeps the numbering as a client must, from what it is told and
/// from nothing else, and minds whatever cannot be. RFC 9051 §7.4.1, §7.5.1, §7.5.2.
final class NumberedSession implements AutoCloseable {
  private static final Pattern NUMBERED =
      Pattern.compile("\\* (\\d+) (EXISTS|EXPUNGE|RECENT|FETCH)(.*)", Pattern.DOTALL);
  private static final Pattern UID = Pattern.compile("[( ]UID (\\d+)");
  private static final long UNKNOWN = 0;

  private final ImapSession session;
  private final Random random;

  /// The UID at each number; 0 where it was not told yet.
  private final List<Long> numbering = new ArrayList<>();

  /// Whether the command that runs allows EXPUNGE to be told: FETCH, STORE and SEARCH do not.
  private boolean expungeAllowed;

  NumberedSession(ServerProcess server, String user, long seed) throws IOException {
    session = new ImapSession(server.address("imap"), false, user, Users.PASSWORD);
    random = new Random(seed);
    run("SELECT INBOX", true);
    learn();
  }

  /// The numbering now: a UID for each number.
  List<Long> numbering() {
    return List.copyOf(numbering);
  }

  /// Asks for the news, and for the UIDs of all that is known.
  void learn() throws IOException {
    run("NOOP", true);
    if (!numbering.isEmpty()) {
      run("FETCH 1:" + numbering.size() + " (UID)", false);
    }
  }

  /// Does one thing, at random.
  void step() throws IOException {
    switch (random.nextInt(12)) {
      case 0, 1 -> learn();
      case 2 -> append();
      case 3 -> onOne("STORE %d +FLAGS (\\Deleted)", false);
      case 4, 5 -> onOne("STORE %d +FLAGS (\\Flagged)", false);
      case 6 -> onOne("STORE %d -FLAGS.SILENT (\\Flagged \\Seen)", false);
      case 7 -> run("EXPUNGE", true);
      case 8 -> run("SEARCH FLAGGED", false);
      case 9 -> run("UID SEARCH UNDELETED", true);
      case 10 -> onOne("FETCH %d (UID FLAGS BODY[HEADER.FIELDS (X-SEED)])", false);
      default -> onOne("COPY %d INBOX", true);
    }
  }

  private void onOne(String command, boolean expunge) throws IOException {
    if (!numbering.isEmpty()) {
      run(command.formatted(1 + random.nextInt(numbering.size())), expunge);
    }
  }

  private void append() throws IOException {
    String mail = SeededMail.of(random.nextInt(1_000));
    expungeAllowed = true;
    session.append("INBOX", mail).forEach(this::take);
  }

  /// Idles for some rounds of news, or until there is none.
  void idle(int rounds) throws IOException {
    expungeAllowed = true;
    String tag = session.idle();
    for (int round = 0; round < rounds && !session.client().silent(); round++) {
      take(session.response());
    }
    session.done(tag).forEach(this::take);
  }

  /// Runs a command and takes what it tells. Others may have expunged what it names: NO is an
  /// answer, BAD is not.
  private void run(String command, boolean expunge) throws IOException {
    expungeAllowed = expunge;
    String tag = session.send(command);
    String response = session.response();
    while (!response.startsWith(tag + " ")) {
      take(response);
      response = session.response();
    }
    assertThat(response).as(command).matches("(?s)t\\d+ (OK|NO) .*");
  }

  private void take(String response) {
    Matcher matcher = NUMBERED.matcher(response);
    if (matcher.matches()) {
      int number = Integer.parseInt(matcher.group(1));
      switch (matcher.group(2)) {
        case "EXISTS" -> exists(number);
        case "EXPUNGE" -> expunge(number);
        case "RECENT" -> assertThat(number).as(response).isLessThanOrEqualTo(numbering.size());
        default -> fetched(number, matcher.group(3));
      }
    } else if (response.startsWith("* SEARCH")) {
      assertThat(response).matches("\\* SEARCH[0-9 ]*");
    } else {
      assertThat(response).doesNotStartWith("* BYE");
    }
  }

  private void exists(int count) {
    assertThat(count).as("EXISTS never falls").isGreaterThanOrEqualTo(numbering.size());
    while (numbering.size() < count) {
      numbering.add(UNKNOWN);
    }
  }

  private void expunge(int number) {
    assertThat(expungeAllowed).as("EXPUNGE %d may be told now", number).isTrue();
    assertThat(number).as("EXPUNGE").isBetween(1, numbering.size());
    numbering.remove(number - 1);
  }

  private void fetched(int number, String items) {
    assertThat(number).as("FETCH").isBetween(1, numbering.size());
    Matcher matcher = UID.matcher(items);
    if (matcher.find()) {
      long uid = Long.parseLong(matcher.group(1));
      long before = numbering.set(number - 1, uid);
      assertThat(before).as("the UID at %d", number).isIn(UNKNOWN, uid);
    }
  }

  /// Every number has its UID, and they ascend.
  void check() {
    assertThat(numbering).doesNotContain(UNKNOWN).isSorted().doesNotHaveDuplicates();
  }

  @Override
  public void close() throws IOException {
    session.close();
  }
}
