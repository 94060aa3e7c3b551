package org.depozit.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A conversation with the server, written down: the specification that people read, and a test.
/// One file, one fresh server with a fresh store.
///
/// ```
/// # What this shows, in a sentence.                    (any comment)
/// # rfc: RFC 3501 §6.3.1, RFC 7162 §3.1.8
/// # capabilities: IMAP4rev1 CONDSTORE
/// # users: ana bob                                     (password "secret"; "ana" alone if the line is missing)
/// # mail: cristi.eml                                   (a file of resources/mail into ana's INBOX; one line a message)
/// # mail: plain.eml bob/Archive                        (into another's mailbox)
/// # limits: imapIdleTime=PT2S badCommands=3            (wire's Limits, by name)
/// # connections: P pop3, L lmtp                        (letters not named speak the protocol of the folder; imaps, pop3s)
///
/// A S: * OK [CAPABILITY ...] ...                       the server's line; ... is anything
/// A C: a1 SELECT inbox                                 the client's line, CRLF is added
/// A S: * OK [UIDVALIDITY {validity}] ...               binds a name; further down it must be the same again
/// A C: a2 STATUS INBOX (UIDVALIDITY)                   and here {validity} would be what was bound
/// A S?: * 1 FETCH (FLAGS ())                           neighbours of this kind come in any order
/// A S?: * 2 FETCH (FLAGS ())
/// A S...: a3 OK ...                                    reads over other lines until this one
/// A C: DONE%{0d0a}a4 NOOP                              octets in hex; here, two lines in one packet
/// A C: a5 LOGIN %{61*70000}%{}                         a repeated octet; %{} at the end: no CRLF is added
/// A starts TLS
/// A hears nothing                                      for 200 ms
/// A is closed                                          by the server: its stream ends here
/// A drops                                              the client goes without a word
/// ```
///
/// A letter's first line connects it. Mail is dated 1-Jan-2026 12:00:00 +0000, each message a
/// minute after the one before. Lines are UTF-8. Empty lines mean nothing.
///
/// @param file where it stands
/// @param headers its header lines, as `rfc`
/// @param steps what happens, in order
record Transcript(Path file, List<Header> headers, List<Step> steps) {
  private static final Pattern HEADER =
      Pattern.compile("# (rfc|capabilities|users|mail|limits|connections): (.+)");
  private static final Pattern STEP = Pattern.compile("([A-Z]) (C|S|S\\?|S\\.\\.\\.):(?: (.*))?");
  private static final Pattern ACT =
      Pattern.compile("([A-Z]) (starts TLS|hears nothing|is closed|drops)");

  /// A line at the head.
  record Header(String name, String value) {}

  /// What a line of the conversation is.
  enum Kind {
    CLIENT,
    SERVER,
    SERVER_ANY_ORDER,
    SERVER_AT_LAST,
    STARTS_TLS,
    HEARS_NOTHING,
    IS_CLOSED,
    DROPS
  }

  /// A line of the conversation.
  ///
  /// @param line its number in the file
  /// @param connection its letter
  record Step(int line, String connection, Kind kind, String text) {}

  /// Reads a file.
  ///
  /// @throws IllegalArgumentException if a line is none of the above; names file and line
  static Transcript read(Path file) throws IOException {
    List<Header> headers = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).stripTrailing();
      Matcher header = HEADER.matcher(line);
      if (header.matches()) {
        headers.add(new Header(header.group(1), header.group(2).strip()));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        steps.add(step(file, i + 1, lines.get(i)));
      }
    }
    return new Transcript(file, List.copyOf(headers), List.copyOf(steps));
  }

  private static Step step(Path file, int number, String line) {
    Matcher said = STEP.matcher(line);
    if (said.matches()) {
      String text = said.group(3) == null ? "" : said.group(3);
      return new Step(number, said.group(1), kind(said.group(2)), text);
    }
    Matcher act = ACT.matcher(line.stripTrailing());
    if (act.matches()) {
      return new Step(number, act.group(1), kind(act.group(2)), "");
    }
    throw new IllegalArgumentException(
        file.getFileName() + ":" + number + " what is this? " + line);
  }

  private static Kind kind(String word) {
    return switch (word) {
      case "C" -> Kind.CLIENT;
      case "S" -> Kind.SERVER;
      case "S?" -> Kind.SERVER_ANY_ORDER;
      case "S..." -> Kind.SERVER_AT_LAST;
      case "starts TLS" -> Kind.STARTS_TLS;
      case "hears nothing" -> Kind.HEARS_NOTHING;
      case "is closed" -> Kind.IS_CLOSED;
      default -> Kind.DROPS;
    };
  }

  /// The values of all header lines of a name.
  List<String> header(String name) {
    return headers.stream().filter(one -> one.name().equals(name)).map(Header::value).toList();
  }

  /// The capabilities that it shows.
  List<String> capabilities() {
    return header("capabilities").stream()
        .flatMap(line -> List.of(line.split("[ ,]+")).stream())
        .toList();
  }

  /// The folder it stands in: the protocol of connections that say nothing else.
  String folder() {
    return String.valueOf(file.getParent().getFileName());
  }

  /// `imap/login.txt`
  @Override
  public String toString() {
    return folder() + "/" + file.getFileName();
  }
}
