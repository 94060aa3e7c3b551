package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Of the flags that a replay comes upon, the last of each message.
final class LatestFlagsTests {
  private final LatestFlags latest = new LatestFlags();

  private static Change.FlagsSet set(int mailbox, long modSeq, long... uids) {
    long[] flags = LongStream.of(uids).map(uid -> uid * 31 + modSeq).toArray();
    return new Change.FlagsSet(mailbox, modSeq, uids, flags);
  }

  private List<Change.FlagsSet> taken() {
    return latest.take().values().stream().flatMap(List::stream).toList();
  }

  @Test
  void eachMessageComesOnceAsItWasLast() {
    Random random = new Random(7);
    Map<Long, Long> right = new HashMap<>();
    for (int modSeq = 1; modSeq <= 400; modSeq++) {
      int mailbox = 1 + random.nextInt(2);
      long[] uids =
          random
              .longs(random.nextInt(40), 1, 140_000)
              .map(uid -> uid % 3 * 65_530 + uid % 20)
              .filter(uid -> uid > 0)
              .sorted()
              .distinct()
              .toArray();
      latest.add(set(mailbox, modSeq, uids));
      for (long uid : uids) {
        right.put(Packed.of(mailbox, uid), (long) modSeq);
      }
    }
    Map<Long, Long> found = new HashMap<>();
    for (Change.FlagsSet set : taken()) {
      for (int i = 0; i < set.uids().length; i++) {
        assertThat(set.flags()[i]).isEqualTo(set.uids()[i] * 31 + set.modSeq());
        assertThat(found.put(Packed.of(set.mailbox(), set.uids()[i]), set.modSeq())).isNull();
      }
    }
    assertThat(found).isEqualTo(right);
    assertThat(latest.take()).isEmpty();
    latest.add(set(1, 500));
    assertThat(latest.take()).as("of none").isEmpty();
  }

  @Test
  void allFlagsOfAMailboxAgainAndAgainTakeLittleRoom() {
    long[] all = LongStream.rangeClosed(1, 500_000).toArray();
    for (int round = 1; round <= 100; round++) {
      // A hundred of them would be more than the heap that tests have.
      latest.add(set(1, round, all));
    }
    List<Change.FlagsSet> left = taken();
    assertThat(left).hasSize(1);
    assertThat(left.getFirst().modSeq()).isEqualTo(100);
  }
}
