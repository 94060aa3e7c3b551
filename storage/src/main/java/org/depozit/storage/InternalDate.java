package org.depozit.storage;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// The internal date of a message, to the second, with the zone it was given in. RFC 9051 §2.3.3.
///
/// @param epochSecond seconds since 1970-01-01T00:00Z; within ±2^51
/// @param offsetMinutes the zone's offset from UTC; -1080 to 1080
public record InternalDate(long epochSecond, int offsetMinutes) {
  private static final int BITS = 12;

  /// The instant in UTC.
  public static InternalDate of(Instant instant) {
    return new InternalDate(instant.getEpochSecond(), 0);
  }

  /// The instant and the zone, seconds of an offset cut off.
  public static InternalDate of(OffsetDateTime time) {
    return new InternalDate(time.toEpochSecond(), time.getOffset().getTotalSeconds() / 60);
  }

  /// Both values in one number, whose order is the order of instants.
  public long packed() {
    return (epochSecond << BITS) | (offsetMinutes + 2048);
  }

  /// The reverse of [#packed].
  public static InternalDate unpacked(long packed) {
    return new InternalDate(packed >> BITS, (int) (packed & 0xFFF) - 2048);
  }

  /// Date, time and zone as they are shown.
  public OffsetDateTime dateTime() {
    return OffsetDateTime.ofInstant(
        Instant.ofEpochSecond(epochSecond), ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
  }

  /// The day as it is written, disregarding time and zone (what SEARCH compares).
  public LocalDate day() {
    return LocalDate.ofEpochDay(Math.floorDiv(epochSecond + offsetMinutes * 60L, 86_400L));
  }
}
