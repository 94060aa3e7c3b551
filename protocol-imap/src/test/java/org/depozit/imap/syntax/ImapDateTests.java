package org.depozit.imap.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import org.depozit.storage.InternalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImapDateTests {
  @ParameterizedTest
  @CsvSource({
    "1-Feb-2026,2026-02-01",
    "01-feb-2026,2026-02-01",
    "29-Feb-2024,2024-02-29",
    "31-DEC-1999,1999-12-31"
  })
  void readsDates(String text, String iso) {
    assertThat(ImapDate.date(text)).hasValueSatisfying(date -> assertThat(date).isEqualTo(iso));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30-Feb-2026",
        "29-Feb-2026",
        "0-Jan-2026",
        "1-Foo-2026",
        "1-Feb-26",
        "001-Feb-2026",
        "1 Feb 2026",
        "",
        "2026-02-01"
      })
  void refusesWhatIsNoDate(String text) {
    assertThat(ImapDate.date(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "17-Jul-1996 02:44:25 -0700",
        "01-Jan-1970 00:00:00 +0000",
        "31-Dec-2099 23:59:59 +1400",
        "05-Mar-2026 07:08:09 -0030"
      })
  void writesWhatItReads(String text) {
    assertThat(ImapDate.dateTime(text).map(ImapDate::text)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " 1-Feb-2026 12:00:00 +0100",
        "1-Feb-2026 12:00:00 +0100",
        "01-Feb-2026 12:00:00 +0100"
      })
  void readsADayOfOneDigit(String text) {
    assertThat(ImapDate.dateTime(text)).contains(new InternalDate(1_769_943_600L, 60));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01-Feb-2026 24:00:00 +0000",
        "01-Feb-2026 12:60:00 +0000",
        "01-Feb-2026 12:00:60 +0000",
        "01-Feb-2026 12:00:00",
        "01-Feb-2026 12:00:00 GMT",
        "01-Feb-2026 12:00:00 +1900",
        "31-Apr-2026 12:00:00 +0000"
      })
  void refusesWhatIsNoDateTime(String text) {
    assertThat(ImapDate.dateTime(text)).isEmpty();
  }
}
