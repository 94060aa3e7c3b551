package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderFieldsTests {
  private static final String HEADER =
      "Received: a/\tb/From: x@y/no field/ continued/Subject : one/TO: z@w/subject: =?utf-8?Q?=C8=99?=/  two//";

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "from ~ From: x@y//",
        "To From ~ From: x@y/TO: z@w//",
        "SUBJECT ~ Subject : one/subject: =?utf-8?Q?=C8=99?=/  two//",
        "received ~ Received: a/\tb//",
        "Cc ~ /",
      })
  void picksFieldsAsTheyStand(String names, String expected) {
    assertThat(picked(HEADER, names(names), false)).isEqualTo(expected);
  }

  @Test
  void leavesFieldsOut() {
    assertThat(picked(HEADER, names("received subject"), true))
        .isEqualTo("From: x@y/no field/ continued/TO: z@w//");
    assertThat(picked(HEADER, Set.of(), true)).isEqualTo(HEADER);
  }

  @Test
  void endsTheHeaderWhereItDidNotEndItself() {
    assertThat(picked("From: x", names("from"), false)).isEqualTo("From: x/");
    assertThat(picked("", names("from"), false)).isEqualTo("/");
    assertThat(picked("/", names("from"), true)).isEqualTo("/");
  }

  @Test
  void readsAViewAtAnyPosition() {
    Octets picked = HeaderFields.select(octets(HEADER), names("from to subject"), false);
    byte[] whole = picked.bytes();
    for (int from = 0; from <= whole.length; from++) {
      for (int length = 0; from + length <= whole.length; length++) {
        assertThat(picked.slice(from, length).bytes())
            .isEqualTo(Arrays.copyOfRange(whole, from, from + length));
      }
    }
  }

  @Test
  void decodesValues() {
    assertThat(HeaderFields.decoded(octets(HEADER), "SUBJECT")).containsExactly("one", "ș  two");
    assertThat(HeaderFields.decoded(octets(HEADER), "received")).containsExactly("a b");
    assertThat(HeaderFields.decoded(octets(HEADER), "no")).isEmpty();
    assertThat(HeaderFields.decoded(octets("A: 1//A: 2/"), "a")).containsExactly("1");
    assertThat(HeaderFields.decoded(octets("Sunject: 1/subjecT: 2/"), "Subject"))
        .as("a name of the same length, start and end")
        .containsExactly("2");
    assertThat(HeaderFields.decoded(octets("A: 1/: 2/"), "")).isEmpty();
  }

  @Test
  void picksFromAHeaderOfAMillionFields() {
    Octets header = octets("A: 1/B: 2/".repeat(500_000) + "/");
    Octets picked = HeaderFields.select(header, names("b"), false);
    assertThat(picked.length()).isEqualTo(6L * MimeLimits.STANDARD.pickedRuns() + 2);
    assertThat(picked.slice(picked.length() - 8, 8).bytes())
        .isEqualTo("B: 2\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private static Octets octets(String text) {
    return Octets.of(text.replace("/", "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String picked(String header, Set<String> names, boolean not) {
    byte[] picked = HeaderFields.fields(octets(header), names, not);
    return new String(picked, StandardCharsets.UTF_8).replace("\r\n", "/");
  }

  private static Set<String> names(String names) {
    return new LinkedHashSet<>(Arrays.asList(names.split(" ", -1)));
  }
}
