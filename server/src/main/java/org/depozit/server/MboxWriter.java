package org.depozit.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.depozit.storage.InternalDate;

/// One message in an mbox (RFC 4155): a `From ` line with the internal date in UTC, the message
/// with LF at its lines' ends and `From ` in its body quoted as mboxrd, flags as Status, X-Status
/// and X-Keywords at the end of its header, an empty line. What the mail itself has of such header
/// fields would be taken for the file's: it is left out. Used by one thread, once.
final class MboxWriter {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ROOT);
  private static final byte[] FROM = {'F', 'r', 'o', 'm', ' '};

  /// Characters of keywords in one line: readers take no endless ones.
  private static final int LONGEST_LINE = 900;

  /// The name of a header field that is looked at ends before.
  private static final int LONGEST_NAME = 16;

  private final OutputStream out;
  private boolean inHeader = true;
  private boolean inNote;

  MboxWriter(OutputStream out) {
    this.out = out;
  }

  void write(OutgoingMail mail) throws IOException {
    ascii("From MAILER-DAEMON " + date(mail.date()) + "\n");
    LinePieces pieces = new LinePieces(mail.octets());
    boolean ended = true;
    while (pieces.next()) {
      if (inHeader && pieces.starts()) {
        header(pieces, mail.flags());
      }
      if (inNote) {
        continue;
      }
      if (!inHeader && pieces.starts() && quotable(pieces)) {
        out.write('>');
      }
      pieces.to(out);
      ended = pieces.ends();
    }
    if (!ended) {
      ascii("\n");
    }
    if (inHeader) {
      notes(mail.flags());
    }
    ascii("\n");
  }

  private static String date(InternalDate date) {
    return DATE.format(date.dateTime().withOffsetSameInstant(ZoneOffset.UTC));
  }

  /// A line of the header begins: it may be another program's note, or the end of the header.
  private void header(LinePieces line, List<String> flags) throws IOException {
    if (line.length() == 0) {
      inNote = false;
      inHeader = false;
      notes(flags);
    } else if (line.octet(0) != ' ' && line.octet(0) != '\t') {
      inNote = MboxMessage.NOTES.contains(name(line));
    }
  }

  private static String name(LinePieces line) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < Math.min(line.length(), LONGEST_NAME) && line.octet(i) != ':'; i++) {
      name.append((char) (line.octet(i) & 0xFF));
    }
    return name.toString().strip().toLowerCase(Locale.ROOT);
  }

  private void notes(List<String> flags) throws IOException {
    ascii("Status: " + (flags.contains("\\Seen") ? "RO" : "O") + "\n");
    StringBuilder letters = new StringBuilder();
    List<String> keywords = new ArrayList<>();
    for (String flag : flags) {
      switch (flag) {
        case "\\Seen" -> {}
        case "\\Answered" -> letters.append('A');
        case "\\Flagged" -> letters.append('F');
        case "\\Deleted" -> letters.append('D');
        case "\\Draft" -> letters.append('T');
        default -> keywords.add(flag);
      }
    }
    if (!letters.isEmpty()) {
      ascii("X-Status: " + letters + "\n");
    }
    keywords(keywords);
  }

  private void keywords(List<String> keywords) throws IOException {
    StringBuilder line = new StringBuilder();
    for (String keyword : keywords) {
      if (!line.isEmpty() && line.length() + keyword.length() > LONGEST_LINE) {
        ascii("X-Keywords:" + line + "\n");
        line.setLength(0);
      }
      line.append(' ').append(keyword);
    }
    if (!line.isEmpty()) {
      ascii("X-Keywords:" + line + "\n");
    }
  }

  /// `From ` behind any number of `>`.
  private static boolean quotable(LinePieces line) {
    int at = 0;
    while (at < line.length() && line.octet(at) == '>') {
      at++;
    }
    if (line.length() - at < FROM.length) {
      return false;
    }
    for (int i = 0; i < FROM.length; i++) {
      if (line.octet(at + i) != FROM[i]) {
        return false;
      }
    }
    return true;
  }

  private void ascii(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
