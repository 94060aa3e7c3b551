package org.depozit.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.depozit.storage.MailboxName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListPatternTests {
  @ParameterizedTest
  @CsvSource({
    "'', *, a/b/c, true",
    "'', %, a, true",
    "'', %, a/b, false",
    "'', %/%, a/b, true",
    "'', %/%, a/b/c, false",
    "'', a*, a, true",
    "'', a/*, a, false",
    "'', *c, a/b/c, true",
    "'', %c, a/b/c, false",
    "'', a%c*e, abc/d/e, true",
    "'', *%, a/b, true",
    "'', %*, a/b, true",
    "a/, %, a/b, true",
    "a/, '', a/b, false",
    "'', inbox, INBOX, true",
    "'', InB%, INBOX, true",
    "'', archive, Archive, false",
    "'', &AMk-t%, Étude, true",
    "'', R&D, R&D, false",
    "'', R&-D, R&D, true",
    "'', *., a.b, false",
    "'', a.b, axb, false"
  })
  void matches(String reference, String pattern, String name, boolean expected) {
    assertThat(ListPattern.of(reference, pattern).matches(MailboxName.of(name)))
        .isEqualTo(expected);
  }

  @Test
  void isNotSlowedDownByWildcards() {
    List<MailboxName> names =
        IntStream.range(0, 10_000).mapToObj(i -> MailboxName.of("a".repeat(20) + "/" + i)).toList();
    long start = System.nanoTime();
    for (String pattern :
        List.of("%*".repeat(10_000) + "x", "%a".repeat(10_000) + "x", "*a".repeat(20) + "x")) {
      ListPattern compiled = ListPattern.of("", pattern);
      assertThat(names).noneMatch(compiled::matches);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
  }
}
