package org.depozit.pop3;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringTokenizer;
import org.depozit.wire.Limits;
import org.depozit.wire.SaslText;

/// A line, taken apart: the keyword, in any case of letters, and what follows it. RFC 1939 §3, RFC
/// 2449 §3.
///
/// Clients are not held to single spaces: tabs count as spaces, several as one, and those at the
/// end as nothing. Only in a password every octet counts but the one separator before it.
final class CommandLine {
  private static final int LONGEST_KEYWORD = 4;

  private final byte[] line;
  private final Limits limits;
  private final int keywordEnd;

  CommandLine(byte[] line, Limits limits) {
    this.line = line;
    this.limits = limits;
    int end = 0;
    while (end < line.length && !space(line[end])) {
      end++;
    }
    this.keywordEnd = end;
  }

  /// The command.
  Pop3Command command() throws Rejected {
    return switch (keyword()) {
      case "USER" -> new Pop3Command.User(name());
      case "PASS" -> new Pop3Command.Pass(password());
      case "AUTH" -> auth();
      case "STLS" -> bare(new Pop3Command.Stls());
      case "UTF8" -> bare(new Pop3Command.Utf8());
      case "CAPA" -> bare(new Pop3Command.Capa());
      case "LANG" -> new Pop3Command.Lang(optionalWord());
      case "QUIT" -> bare(new Pop3Command.Quit());
      case "STAT" -> bare(new Pop3Command.Stat());
      case "LIST" -> new Pop3Command.List(optionalNumber());
      case "RETR" -> new Pop3Command.Retr(onlyNumber());
      case "DELE" -> new Pop3Command.Dele(onlyNumber());
      case "NOOP" -> bare(new Pop3Command.Noop());
      case "RSET" -> bare(new Pop3Command.Rset());
      case "LAST" -> bare(new Pop3Command.Last());
      case "TOP" -> top();
      case "UIDL" -> new Pop3Command.Uidl(optionalNumber());
      default -> throw Rejected.because(Phrase.UNKNOWN_COMMAND);
    };
  }

  private String keyword() {
    return keywordEnd > LONGEST_KEYWORD
        ? ""
        : new String(line, 0, keywordEnd, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
  }

  private Pop3Command auth() throws Rejected {
    List<String> words = words();
    return switch (words.size()) {
      case 0 -> new Pop3Command.Auth(Optional.empty(), Optional.empty());
      case 1 -> new Pop3Command.Auth(Optional.of(words.get(0)), Optional.empty());
      case 2 -> new Pop3Command.Auth(Optional.of(words.get(0)), Optional.of(words.get(1)));
      default -> throw Rejected.because(Phrase.SYNTAX);
    };
  }

  private Pop3Command top() throws Rejected {
    List<String> words = words();
    if (words.size() != 2) {
      throw Rejected.because(Phrase.SYNTAX);
    }
    return new Pop3Command.Top(number(words.get(0)), number(words.get(1)));
  }

  private Pop3Command bare(Pop3Command command) throws Rejected {
    if (!words().isEmpty()) {
      throw Rejected.because(Phrase.SYNTAX);
    }
    return command;
  }

  private Optional<String> optionalWord() throws Rejected {
    List<String> words = words();
    if (words.size() > 1) {
      throw Rejected.because(Phrase.SYNTAX);
    }
    return words.stream().findFirst();
  }

  private OptionalInt optionalNumber() throws Rejected {
    Optional<String> word = optionalWord();
    return word.isPresent() ? OptionalInt.of(number(word.get())) : OptionalInt.empty();
  }

  private int onlyNumber() throws Rejected {
    return number(optionalWord().orElseThrow(() -> Rejected.because(Phrase.SYNTAX)));
  }

  /// The rest of the line as a name, which may hold spaces inside.
  private String name() throws Rejected {
    int from = keywordEnd;
    int to = line.length;
    while (from < to && space(line[from])) {
      from++;
    }
    while (to > from && space(line[to - 1])) {
      to--;
    }
    return SaslText.identity(Arrays.copyOfRange(line, from, to), limits)
        .filter(name -> !name.isEmpty())
        .orElseThrow(() -> Rejected.because(Phrase.NAME_UNFIT));
  }

  /// The rest of the line as a password: RFC 1939 §7 allows spaces in it to be taken as part of it.
  private char[] password() throws Rejected {
    int from = Math.min(keywordEnd + 1, line.length);
    byte[] octets = Arrays.copyOfRange(line, from, line.length);
    Optional<char[]> password = SaslText.password(octets, limits);
    Arrays.fill(octets, (byte) 0);
    Arrays.fill(line, (byte) 0);
    return password.orElseThrow(() -> Rejected.because(Phrase.PASSWORD_UNFIT));
  }

  /// The arguments: printable ASCII only.
  private List<String> words() throws Rejected {
    for (int i = keywordEnd; i < line.length; i++) {
      if (!space(line[i]) && (line[i] <= ' ' || line[i] > '~')) {
        throw Rejected.because(Phrase.SYNTAX);
      }
    }
    String rest = new String(line, keywordEnd, line.length - keywordEnd, StandardCharsets.US_ASCII);
    List<String> words = new ArrayList<>();
    StringTokenizer tokens = new StringTokenizer(rest, " \t");
    while (tokens.hasMoreTokens()) {
      words.add(tokens.nextToken());
    }
    return words;
  }

  /// A number of RFC 1939 §5; one beyond an int names no message, and the largest int does not
  /// either.
  private static int number(String word) throws Rejected {
    long value = 0;
    for (int i = 0; i < word.length(); i++) {
      char digit = word.charAt(i);
      if (digit < '0' || digit > '9') {
        throw Rejected.because(Phrase.NO_NUMBER);
      }
      value = Math.min(value * 10 + (digit - '0'), Integer.MAX_VALUE);
    }
    return (int) value;
  }

  private static boolean space(byte octet) {
    return octet == ' ' || octet == '\t';
  }
}
