package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "Fri, 21 Nov 1997 09:55:06 -0600 ~ 1997-11-21 ~ 1997-11-21T15:55:06Z",
        "Thu, 13 Feb 1969 23:32:54 -0330 ~ 1969-02-13 ~ 1969-02-14T03:02:54Z",
        "21 Nov 97 09:55:06 GMT ~ 1997-11-21 ~ 1997-11-21T09:55:06Z",
        "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600 ~ 1997-11-21 ~ 1997-11-21T15:55:06Z",
        "Fri, 21 Nov 1997 09 :55: 06 -0600 ~ 1997-11-21 ~ 1997-11-21T15:55:06Z",
        "21 Nov 1997 09:55.06 GMT ~ 1997-11-21 ~ 1997-11-21T09:55:06Z",
        "21 Nov 1997 09:55:06.123:7 GMT ~ 1997-11-21 ~ 1997-11-21T09:55:06Z",
        "21 Nov 1997 9:5:6 GMT ~ 1997-11-21 ~ 1997-11-21T09:05:06Z",
        "21 Nov 1997 09: GMT ~ 1997-11-21 ~ 1997-11-21T00:00:00Z",
        "21 Nov 1997 09:55: GMT ~ 1997-11-21 ~ 1997-11-21T00:00:00Z",
        "21 Nov 1997 09::06 GMT ~ 1997-11-21 ~ 1997-11-21T00:00:00Z",
        "Fri, 21 Nov 1997 09:55 EST ~ 1997-11-21 ~ 1997-11-21T14:55:00Z",
        "Fri, 21 Nov 1997 23:55:06 -0600 (CST) ~ 1997-11-21 ~ 1997-11-22T05:55:06Z",
        "Fri Nov 21 09:55:06 1997 ~ 1997-11-21 ~ 1997-11-21T09:55:06Z",
        "Fri Nov 21 09:55:06 PST 1997 ~ 1997-11-21 ~ 1997-11-21T17:55:06Z",
        "21-Nov-1997 09:55:06 +0100 ~ 1997-11-21 ~ 1997-11-21T08:55:06Z",
        "21-Nov-97 ~ 1997-11-21 ~ 1997-11-21T00:00:00Z",
        "1997-11-21T09:55:06Z ~ 1997-11-21 ~ 1997-11-21T09:55:06Z",
        "1997-11-21T09:55:06+02:00 ~ 1997-11-21 ~ 1997-11-21T07:55:06Z",
        "1997-11-21 09:55:06 ~ 1997-11-21 ~ 1997-11-21T09:55:06Z",
        "Sat, 1 January 2000 00:00:60 +0000 ~ 2000-01-01 ~ 2000-01-01T00:00:59Z",
        "1 Jan 100 00:00 GMT ~ 2000-01-01 ~ 2000-01-01T00:00:00Z",
        "Mon, 2 Feb 2026 10:00:00 GMT+0200 ~ 2026-02-02 ~ 2026-02-02T08:00:00Z",
        "Mon, 2 Feb 2026 10:00:00 PM ~ 2026-02-02 ~ 2026-02-02T22:00:00Z",
        "Wed, 28 Aug 2002 23:33:45 -1900 ~ 2002-08-28 ~ 2002-08-28T23:33:45Z",
      })
  void readsTheDayAsWrittenAndTheMoment(String field, String day, String instant) {
    SentDate date = DateField.of(field).orElseThrow();
    assertThat(date.day()).hasToString(day);
    assertThat(date.instant()).hasToString(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "(",
        "yesterday",
        "30 Feb 2020 10:00 GMT",
        "32 Jan 2020",
        "1 2 3",
        "-",
        "::",
        "T-T-T"
      })
  void readsNoDateWhereThereIsNone(String field) {
    assertThat(DateField.of(field)).isEmpty();
  }
}
