package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Search by day takes a date as it is written, "disregarding time and timezone" (RFC 9051 §6.4.4):
/// the day on the clock of its own zone, and not the day in UTC.
final class DateSearchTests {
  @TempDir Path directory;
  private TestStore test;
  private Mailbox inbox;

  @BeforeEach
  void open() {
    test = new TestStore(directory);
    inbox = test.inbox("ana");
  }

  @AfterEach
  void close() {
    test.close();
  }

  private void append(String internal, String header) throws IOException {
    try (Spool spool = test.spool(header + "\r\nx\r\n")) {
      InternalDate date = InternalDate.of(OffsetDateTime.parse(internal));
      inbox.append(new IncomingMessage(spool, Set.of(), date));
    }
  }

  private int[] received(SearchKey.When when, String day) {
    return found(new SearchKey.Received(when, LocalDate.parse(day)));
  }

  private int[] sent(SearchKey.When when, String day) {
    return found(new SearchKey.Sent(when, LocalDate.parse(day)));
  }

  private int[] found(SearchKey key) {
    return inbox.search(inbox.view(), key, Set.of(Return.ALL)).positions();
  }

  @Test
  void theInternalDateIsTakenAtItsOwnZone() throws IOException {
    // In UTC these are 09 Mar 10:01, 11 Mar 11:59, 10 Mar 00:00 and 10 Mar 23:59.
    append("2026-03-10T00:01:00+14:00", "Subject: a\r\n");
    append("2026-03-10T23:59:00-12:00", "Subject: b\r\n");
    append("2026-03-10T00:00:00Z", "Subject: c\r\n");
    append("2026-03-10T23:59:59Z", "Subject: d\r\n");
    // In UTC both are on the tenth.
    append("2026-03-09T23:00:00-05:00", "Subject: e\r\n");
    append("2026-03-11T01:00:00+05:30", "Subject: f\r\n");
    append("1969-12-31T23:59:59+00:00", "Subject: g\r\n");
    test.reopen();
    inbox = test.inbox("ana");
    assertThat(received(SearchKey.When.ON, "2026-03-10")).containsExactly(0, 1, 2, 3);
    assertThat(received(SearchKey.When.BEFORE, "2026-03-10")).containsExactly(4, 6);
    assertThat(received(SearchKey.When.SINCE, "2026-03-10")).containsExactly(0, 1, 2, 3, 5);
    assertThat(received(SearchKey.When.SINCE, "2026-03-11")).containsExactly(5);
    assertThat(received(SearchKey.When.ON, "1969-12-31")).containsExactly(6);
    assertThat(received(SearchKey.When.BEFORE, "1970-01-01")).containsExactly(6);
    assertThat(received(SearchKey.When.BEFORE, "9999-12-31")).hasSize(7);
    assertThat(received(SearchKey.When.SINCE, "0001-01-01")).hasSize(7);
  }

  @Test
  void theDateFieldIsTakenAsWrittenAndTheInternalDateWhereItCannotBeRead() throws IOException {
    String internal = "2026-03-20T12:00:00Z";
    append(internal, "Date: Tue, 10 Mar 2026 00:01:00 +1400\r\n");
    append(internal, "Date: Tue, 10 Mar 2026 23:59:00 -1200 (far west)\r\n");
    append(internal, "Date: 10 Mar 26 12:00 EST\r\n");
    append(internal, "Date: Mon, 9 Mar 2026 23:00:00 -0500\r\n");
    append(internal, "Date: Wed, 11 Mar 2026 01:00:00 +0530\r\n");
    append(internal, "Date: Thu, 29 Feb 2024 23:59:60 +0000\r\n");
    append("2026-03-10T00:01:00+14:00", "Date: yesterday\r\n");
    append("2026-03-09T23:00:00-05:00", "Subject: no date\r\n");
    test.reopen();
    inbox = test.inbox("ana");
    assertThat(sent(SearchKey.When.ON, "2026-03-10")).containsExactly(0, 1, 2, 6);
    assertThat(sent(SearchKey.When.BEFORE, "2026-03-10")).containsExactly(3, 5, 7);
    assertThat(sent(SearchKey.When.SINCE, "2026-03-10")).containsExactly(0, 1, 2, 4, 6);
    assertThat(sent(SearchKey.When.SINCE, "2026-03-11")).containsExactly(4);
    assertThat(sent(SearchKey.When.ON, "2024-02-29")).containsExactly(5);
  }
}
