package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class UidSetTests {
  @Test
  void setsAreAlikeHoweverTheyAreBuilt() {
    assertThat(UidSet.of(5, 1, 3, 2, 9, 9)).hasToString("1:3,5,9");
    assertThat(new UidSet.Builder().add(10, 12).add(1).add(11, 20).build()).hasToString("1,10:20");
    assertThat(new UidSet.Builder().add(0xFFFF_FFFEL).add(2).add(0xFFFF_FFFFL).build())
        .hasToString("2,4294967294:4294967295");
    assertThat(UidSet.range(3, 2)).isEqualTo(UidSet.NONE);
    assertThat(UidSet.of()).isEqualTo(UidSet.NONE);
  }

  @Test
  void algebraIsThatOfSets() {
    Random random = new Random(1);
    for (int round = 0; round < 2_000; round++) {
      TreeSet<Long> a = new TreeSet<>();
      TreeSet<Long> b = new TreeSet<>();
      UidSet left = random(random, a);
      UidSet right = random(random, b);
      assertThat(left.union(right)).isEqualTo(of(with(a, b)));
      assertThat(left.intersection(right)).isEqualTo(of(retained(a, b)));
      assertThat(left.minus(right)).isEqualTo(of(without(a, b)));
      assertThat(left.count()).isEqualTo(a.size());
      for (long uid = 1; uid <= 40; uid++) {
        assertThat(left.contains(uid)).isEqualTo(a.contains(uid));
        assertThat(left.meets(uid, uid + 4)).isEqualTo(!a.subSet(uid, uid + 5).isEmpty());
      }
    }
  }

  private static TreeSet<Long> with(TreeSet<Long> a, TreeSet<Long> b) {
    TreeSet<Long> all = new TreeSet<>(a);
    all.addAll(b);
    return all;
  }

  private static TreeSet<Long> retained(TreeSet<Long> a, TreeSet<Long> b) {
    TreeSet<Long> both = new TreeSet<>(a);
    both.retainAll(b);
    return both;
  }

  private static TreeSet<Long> without(TreeSet<Long> a, TreeSet<Long> b) {
    TreeSet<Long> rest = new TreeSet<>(a);
    rest.removeAll(b);
    return rest;
  }

  private static UidSet of(TreeSet<Long> uids) {
    return UidSet.of(uids.stream().mapToLong(Long::longValue).toArray());
  }

  private static UidSet random(Random random, TreeSet<Long> model) {
    UidSet.Builder builder = new UidSet.Builder();
    for (int i = random.nextInt(8); i > 0; i--) {
      long first = random.nextInt(1, 41);
      long last = first + random.nextInt(5);
      builder.add(first, last);
      for (long uid = first; uid <= last; uid++) {
        model.add(uid);
      }
    }
    return builder.build();
  }

  @Test
  void countsThoseBelowAUid() {
    UidSet uids = UidSet.of(3, 4, 5, 9, 20, 21);
    assertThat(UidSet.NONE.below(7)).isZero();
    assertThat(uids.below(1)).isZero();
    assertThat(uids.below(3)).isZero();
    assertThat(uids.below(5)).isEqualTo(2);
    assertThat(uids.below(7)).isEqualTo(3);
    assertThat(uids.below(9)).isEqualTo(3);
    assertThat(uids.below(21)).isEqualTo(5);
    assertThat(uids.below(22)).isEqualTo(6);
  }
}
