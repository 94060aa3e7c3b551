package org.depozit.mime;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.regex.Pattern;

/// Reads a Date field: RFC 5322 §3.3 with the obsolete forms of §4.3, asctime, ISO 8601, and what
/// comes near them.
///
/// It goes by what each word looks like and not by its place. For one thread and one field.
final class DateField {
  private static final int LONGEST = 200;

  /// `09 : 55` is a time, too (RFC 5322 §4.3).
  private static final Pattern SPACED_COLON = Pattern.compile(" *: *");

  private static final Pattern DASH_OR_T = Pattern.compile("[-T]");

  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

  /// Hours of the zones with names (RFC 5322 §4.3) and of some others that mail has; all other
  /// names are UTC.
  private static final Map<String, Integer> ZONES =
      Map.ofEntries(
          Map.entry("est", -5),
          Map.entry("edt", -4),
          Map.entry("cst", -6),
          Map.entry("cdt", -5),
          Map.entry("mst", -7),
          Map.entry("mdt", -6),
          Map.entry("pst", -8),
          Map.entry("pdt", -7),
          Map.entry("wet", 0),
          Map.entry("west", 1),
          Map.entry("cet", 1),
          Map.entry("met", 1),
          Map.entry("cest", 2),
          Map.entry("mest", 2),
          Map.entry("bst", 1),
          Map.entry("eet", 2),
          Map.entry("eest", 3),
          Map.entry("msk", 3),
          Map.entry("jst", 9),
          Map.entry("kst", 9));

  private int day = -1;
  private int month = -1;
  private int year = -1;
  private Optional<LocalTime> time = Optional.empty();
  private ZoneOffset zone = ZoneOffset.UTC;

  private DateField() {}

  /// The date that the octet text `text` names, if it is one that there is in the calendar.
  static Optional<SentDate> of(String text) {
    try {
      return new DateField().read(text.length() <= LONGEST ? text : text.substring(0, LONGEST));
    } catch (DateTimeException noDate) {
      return Optional.empty();
    }
  }

  private Optional<SentDate> read(String text) {
    StringTokenizer words = new StringTokenizer(withoutComments(text), " \t,\u00a0");
    while (words.hasMoreTokens()) {
      word(words.nextToken());
    }
    if (day < 0 || month < 0 || year < 0) {
      return Optional.empty();
    }
    LocalDate date = LocalDate.of(year, month, day);
    return Optional.of(
        new SentDate(date, date.atTime(time.orElse(LocalTime.MIDNIGHT)).toInstant(zone)));
  }

  private static String withoutComments(String text) {
    if (text.indexOf('(') < 0) {
      return withoutSpacedColons(text);
    }
    StringBuilder plain = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : 0;
      plain.append(depth == 0 ? c : ' ');
      depth -= c == ')' && depth > 0 ? 1 : 0;
    }
    return withoutSpacedColons(plain.toString());
  }

  private static String withoutSpacedColons(String text) {
    return text.contains(" :") || text.contains(": ")
        ? SPACED_COLON.matcher(text).replaceAll(":")
        : text;
  }

  private void word(String word) {
    char first = word.charAt(0);
    if (first == '+' || first == '-') {
      offset(word);
    } else if (first >= '0' && first <= '9') {
      number(word);
    } else {
      name(word);
    }
  }

  private void number(String word) {
    int dash = word.indexOf('-');
    if (word.indexOf(':') > 0 && dash < 0 && word.indexOf('T') < 0) {
      time(word);
    } else if (dash > 0 && month < 0) {
      dashed(word);
    } else if (word.indexOf(':') > 0) {
      time(word);
    } else {
      digits(word);
    }
  }

  /// `21-Nov-1997` or `1997-11-21T09:55:06Z`.
  private void dashed(String word) {
    String[] pieces = DASH_OR_T.split(word, 4);
    if (pieces.length < 3) {
      digits(pieces[0]);
      return;
    }
    digits(pieces[0]);
    if (Character.isDigit(pieces[1].isEmpty() ? ' ' : pieces[1].charAt(0))) {
      month = small(pieces[1]);
    } else {
      name(pieces[1]);
    }
    digits(pieces[2]);
    if (pieces.length == 4 && !pieces[3].isEmpty()) {
      time(pieces[3]);
    }
  }

  private void digits(String word) {
    int value = small(word);
    if (value < 0) {
      return;
    }
    if (day < 0 && word.length() <= 2) {
      day = value;
    } else if (year < 0) {
      year =
          value + (word.length() <= 2 ? (value < 50 ? 2000 : 1900) : word.length() == 3 ? 1900 : 0);
    }
  }

  /// A number of up to four digits, else -1.
  private static int small(String word) {
    if (word.isEmpty() || word.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < word.length(); i++) {
      int digit = word.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /// `09:55`, `09:55:06`, `09:55:06.123`, with `Z` or an offset at its end. A leap second is the
  /// second before.
  private void time(String word) {
    int to = 0;
    while (to < word.length() && (isDigit(word.charAt(to)) || isPoint(word.charAt(to)))) {
      to++;
    }
    int hourTo = point(word, 0, to);
    int minuteTo = hourTo < to ? point(word, hourTo + 1, to) : to;
    int hour = hourTo < to ? small(word.substring(0, hourTo)) : -1;
    int minute = hourTo < to ? small(word.substring(hourTo + 1, minuteTo)) : -1;
    int second =
        minuteTo < to ? small(word.substring(minuteTo + 1, point(word, minuteTo + 1, to))) : 0;
    if (time.isEmpty() && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0) {
      time = Optional.of(LocalTime.of(hour, minute, Math.min(second, 59)));
    }
    if (to < word.length() && (word.charAt(to) == '+' || word.charAt(to) == '-')) {
      offset(word.substring(to));
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isPoint(char c) {
    return c == ':' || c == '.';
  }

  /// Where the next point between the numbers of a time stands; `to` if there is none.
  private static int point(String word, int from, int to) {
    int at = from;
    while (at < to && !isPoint(word.charAt(at))) {
      at++;
    }
    return at;
  }

  /// `+0200`, `-05:00`, `+2`.
  private void offset(String word) {
    String digits = word.substring(1).replace(":", "");
    int value = small(digits);
    int minutes = digits.length() <= 2 ? value * 60 : value / 100 * 60 + value % 100;
    if (value >= 0 && minutes <= ZoneOffset.MAX.getTotalSeconds() / 60) {
      zone = ZoneOffset.ofTotalSeconds((word.charAt(0) == '-' ? -60 : 60) * minutes);
    }
  }

  private void name(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    int at = lower.length() < 3 || month > 0 ? -1 : MONTHS.indexOf(lower.substring(0, 3));
    int sign = Math.max(lower.indexOf('+'), lower.indexOf('-'));
    if (at >= 0 && at % 3 == 0) {
      month = at / 3 + 1;
    } else if (sign > 0 && (lower.startsWith("gmt") || lower.startsWith("utc"))) {
      offset(word.substring(sign));
    } else if (lower.equals("pm") && time.isPresent() && time.get().getHour() < 12) {
      time = time.map(morning -> morning.plusHours(12));
    } else if (lower.equals("am") && time.isPresent() && time.get().getHour() == 12) {
      time = time.map(noon -> noon.minusHours(12));
    } else if (ZONES.containsKey(lower) && time.isPresent()) {
      zone = ZoneOffset.ofHours(ZONES.get(lower));
    }
  }
}
