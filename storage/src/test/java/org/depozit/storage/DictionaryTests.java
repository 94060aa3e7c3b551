package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.depozit.mime.Casemap;
import org.junit.jupiter.api.Test;

final class DictionaryTests {
  private static final String[] WORDS = {
    "CRISTI",
    "PA\u0302RVU",
    "ANNA",
    "AN",
    "\u0416\u0423\u041A",
    "\uD83D\uDE00",
    " ",
    "@",
    ".",
    "X",
    ""
  };

  @Test
  void findsTheSameTextsAsAPlainScan() {
    Random random = new Random(4);
    Dictionary dictionary = new Dictionary();
    List<String> texts = new ArrayList<>(List.of(""));
    for (int id = 1; id <= 20_000; id++) {
      String text = words(random, 1 + random.nextInt(8)) + id;
      dictionary.add(id, text);
      texts.add(text);
    }
    for (int i = 0; i < 300; i++) {
      String needle = i == 0 ? "" : i % 3 == 0 ? "" + i : words(random, 1 + random.nextInt(3));
      BitSet expected = new BitSet();
      for (int id = 1; id < texts.size(); id++) {
        expected.set(id, texts.get(id).contains(needle));
      }
      assertThat(dictionary.matching(needle)).as(needle).isEqualTo(expected);
    }
    for (int id = 1; id < texts.size(); id++) {
      assertThat(dictionary.text(id)).isEqualTo(texts.get(id));
    }
    assertThat(dictionary.size()).isEqualTo(20_000);
  }

  private static String words(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }

  @Test
  void aTextMayBeEmptyOrLongerThanABlockAndIdsMayBeLeftOut() {
    Dictionary dictionary = new Dictionary();
    String huge = "A".repeat(100_000) + "Z";
    dictionary.add(1, "");
    dictionary.add(2, huge);
    dictionary.add(5, "AZ");
    dictionary.add(5, "SOMETHING ELSE");
    assertThat(dictionary.text(2)).isEqualTo(huge);
    assertThat(dictionary.text(5)).isEqualTo("AZ");
    assertThat(dictionary.matching("AZ").stream()).containsExactly(2, 5);
    assertThat(dictionary.matching("").stream()).contains(1, 2, 5);
    assertThat(dictionary.matching("B").stream()).isEmpty();
    assertThat(dictionary.text(9)).isEmpty();
  }

  @Test
  void noHitRunsFromOneTextIntoTheNext() {
    Dictionary dictionary = new Dictionary();
    dictionary.add(1, "CRI");
    dictionary.add(2, "STI");
    assertThat(dictionary.matching("CRISTI").isEmpty()).isTrue();
    assertThat(dictionary.matching("I").stream()).containsExactly(1, 2);
  }

  @Test
  void readersBesideTheWriterSeeEveryTextThatWasThereBefore() throws Exception {
    Dictionary dictionary = new Dictionary();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              for (int id = 1; id <= 100_000; id++) {
                dictionary.add(id, "PERSON " + id + " <P" + id + "@EXAMPLE.ORG>");
              }
            });
    boolean running = true;
    while (running) {
      running = writer.isAlive();
      int size = dictionary.size();
      assertThat(dictionary.matching("@EXAMPLE").cardinality()).isGreaterThanOrEqualTo(size);
    }
    writer.join();
    assertThat(dictionary.matching("PERSON 99999 ").stream()).containsExactly(99_999);
  }

  @Test
  void scansAMillionSubjectsQuickly() {
    Dictionary dictionary = new Dictionary();
    long start = System.nanoTime();
    for (int id = 1; id <= 1_000_000; id++) {
      dictionary.add(id, Casemap.fold("Re: about the matter number " + id + " of yesterday's mee"));
    }
    long built = System.nanoTime();
    for (int i = 0; i < 5; i++) {
      dictionary.matching("NUMBER 99999" + i);
    }
    long warm = System.nanoTime();
    int hits = dictionary.matching("NUMBER 77777 ").cardinality();
    long found = System.nanoTime();
    int many = dictionary.matching("MATTER").cardinality();
    long all = System.nanoTime();
    assertThat(hits).isEqualTo(1);
    assertThat(many).isEqualTo(1_000_000);
    System.out.printf(
        "dictionary of 1M texts: built in %d ms, one hit in %.1f ms, a million hits in %.1f ms%n",
        (built - start) / 1_000_000, (found - warm) / 1e6, (all - found) / 1e6);
  }
}
