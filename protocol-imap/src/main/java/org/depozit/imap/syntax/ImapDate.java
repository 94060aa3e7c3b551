package org.depozit.imap.syntax;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.depozit.storage.InternalDate;

/// Dates as IMAP writes them: ` 1-Feb-2026`, `" 1-Feb-2026 12:00:00 +0100"`. Read strictly: there
/// is no 30-Feb, no 24:00, no second 60. A single digit for the day passes with and without a space
/// before it, as clients write both. RFC 9051 §9, `date` and `date-time`.
public final class ImapDate {
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
  private static final Pattern DATE = Pattern.compile("([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4})");
  private static final Pattern DATE_TIME =
      Pattern.compile(
          " ?([0-9]{1,2}-[A-Za-z]{3}-[0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})");

  private ImapDate() {}

  /// `date-text`, without quotes.
  ///
  /// @return empty if it is no date
  public static Optional<LocalDate> date(String text) {
    Matcher parts = DATE.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDate.of(number(parts.group(3)), month(parts.group(2)), number(parts.group(1))));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// `date-time`, without quotes.
  ///
  /// @return empty if it is no date, no time of day, or no zone (which go to 18 hours)
  public static Optional<InternalDate> dateTime(String text) {
    Matcher parts = DATE_TIME.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      int sign = parts.group(5).equals("-") ? -1 : 1;
      ZoneOffset zone =
          ZoneOffset.ofHoursMinutes(sign * number(parts.group(6)), sign * number(parts.group(7)));
      return date(parts.group(1))
          .map(day ->
              day.atTime(number(parts.group(2)), number(parts.group(3)), number(parts.group(4))))
          .map(time -> InternalDate.of(OffsetDateTime.of(time, zone)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// `date-time`, without quotes, always 26 characters for the years that have four digits.
  public static String text(InternalDate date) {
    OffsetDateTime time = date.dateTime();
    int minutes = Math.abs(date.offsetMinutes());
    return String.format(
        Locale.ROOT,
        "%02d-%s-%04d %02d:%02d:%02d %s%02d%02d",
        time.getDayOfMonth(),
        MONTHS.get(time.getMonthValue() - 1),
        time.getYear(),
        time.getHour(),
        time.getMinute(),
        time.getSecond(),
        date.offsetMinutes() < 0 ? "-" : "+",
        minutes / 60,
        minutes % 60);
  }

  private static int month(String name) {
    for (int i = 0; i < 12; i++) {
      if (MONTHS.get(i).equalsIgnoreCase(name)) {
        return i + 1;
      }
    }
    throw new DateTimeException("no such month");
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }
}
