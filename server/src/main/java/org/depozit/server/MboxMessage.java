package org.depozit.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.depozit.storage.InternalDate;

/// One message of an mbox file while its lines come in. Used by one thread.
final class MboxMessage {
  private static final Pattern DATE =
      Pattern.compile(
          "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[, ] *([A-Z][a-z]{2}) +(\\d{1,2}) +(\\d{1,2}):(\\d{2})(?::(\\d{2}))?"
              + "(?: +[A-Z]{1,5})?(?: +([+-]\\d{4}))? +(\\d{4})(?: +([+-]\\d{4}))?\\s*$");
  private static final Pattern KEYWORD =
      Pattern.compile("[^\\s,(){%*\"\\\\\\]\\x00-\\x1F\\x7F-\\uFFFF]+");
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("MMM d H mm ss uuuu", Locale.ROOT);

  /// The notes that mail programs leave in an mbox; none of them is part of the mail.
  static final Set<String> NOTES =
      Set.of("status", "x-status", "x-keywords", "x-uid", "x-imap", "x-imapbase");

  private static final Map<Character, String> LETTERS =
      Map.of('R', "\\Seen", 'A', "\\Answered", 'F', "\\Flagged", 'D', "\\Deleted", 'T', "\\Draft");

  private final String separator;
  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
  private final List<String> flags = new ArrayList<>();
  private boolean inHeader = true;
  private boolean inNote;

  /// @param separator the `From ` line
  MboxMessage(String separator) {
    this.separator = separator;
  }

  static boolean hasDate(String separator) {
    return DATE.matcher(separator).find();
  }

  /// Takes one line with its end.
  void line(byte[] line, int length) {
    if (inHeader && header(line, length)) {
      return;
    }
    int quoted = 0;
    while (quoted < length && line[quoted] == '>') {
      quoted++;
    }
    boolean unquote = !inHeader && quoted > 0 && startsWithFrom(line, quoted, length);
    octets.write(line, unquote ? 1 : 0, length - (unquote ? 1 : 0));
  }

  /// Whether the line is one of the file's own notes, which goes no further.
  private boolean header(byte[] line, int length) {
    boolean folded = length > 0 && (line[0] == ' ' || line[0] == '\t');
    if (folded) {
      return inNote;
    }
    inHeader = !(length == 1 || (length == 2 && line[0] == '\r'));
    inNote = false;
    if (inHeader && length < 4096) {
      String text = new String(line, 0, length, StandardCharsets.ISO_8859_1).strip();
      int colon = text.indexOf(':');
      if (colon > 0 && NOTES.contains(text.substring(0, colon).toLowerCase(Locale.ROOT))) {
        note(text.substring(0, colon).toLowerCase(Locale.ROOT), text.substring(colon + 1).strip());
        inNote = true;
      }
    }
    return inNote;
  }

  private void note(String name, String value) {
    switch (name) {
      case "status", "x-status" ->
          value
              .chars()
              .mapToObj(letter -> LETTERS.get((char) letter))
              .filter(Objects::nonNull)
              .forEach(flags::add);
      case "x-keywords" ->
          KEYWORD.matcher(value).results().map(MatchResult::group).forEach(flags::add);
      default -> {
        // X-UID and X-IMAPbase number the messages of another server; ours get numbers of their
        // own.
      }
    }
  }

  private static boolean startsWithFrom(byte[] line, int at, int length) {
    return length - at >= 5
        && line[at] == 'F'
        && line[at + 1] == 'r'
        && line[at + 2] == 'o'
        && line[at + 3] == 'm'
        && line[at + 4] == ' ';
  }

  /// The message without the empty line that the next separator asks for.
  ImportedMail finished(String mailbox) {
    byte[] all = octets.toByteArray();
    int end = all.length;
    if (end >= 2 && all[end - 1] == '\n' && all[end - 2] == '\n') {
      end -= 1;
    } else if (end >= 4 && all[end - 1] == '\n' && all[end - 2] == '\r' && all[end - 3] == '\n') {
      end -= 2;
    }
    return new ImportedMail(mailbox, flags, date(), java.util.Arrays.copyOf(all, end));
  }

  private InternalDate date() {
    Matcher found = DATE.matcher(separator);
    if (!found.find()) {
      return InternalDate.of(Instant.now());
    }
    String seconds = found.group(5) == null ? "00" : found.group(5);
    String zone = found.group(6) != null ? found.group(6) : found.group(8);
    String text =
        String.join(
            " ",
            found.group(1),
            found.group(2),
            found.group(3),
            found.group(4),
            seconds,
            found.group(7));
    try {
      ZoneOffset offset = zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone);
      return InternalDate.of(LocalDateTime.parse(text, FORM).atOffset(offset));
    } catch (DateTimeException e) {
      return InternalDate.of(Instant.now());
    }
  }
}
