package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class ChunkTests {
  /// What never changes is compared by identity, also by those who look first at the same time.
  @Test
  void whoLooksFirstSeesTheColumnsOfWhoLooksWithHim() throws Exception {
    Chunk whole = filled(Chunk.CAPACITY);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      CyclicBarrier together = new CyclicBarrier(2);
      for (int round = 0; round < 2_000; round++) {
        Chunk chunk = saved(whole);
        List<Future<Facts>> seen = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          seen.add(
              threads.submit(() -> {
                together.await();
                return chunk.facts();
              }));
        }
        assertThat(seen.get(0).get()).isSameAs(seen.get(1).get());
        assertThat(chunk.facts().uid[Chunk.CAPACITY - 1]).isEqualTo(Chunk.CAPACITY);
      }
    }
  }

  private static Chunk saved(Chunk chunk) {
    ByteBuffer octets = ByteBuffer.allocate(chunk.columnOctets()).order(ByteOrder.LITTLE_ENDIAN);
    chunk.write(octets);
    return new Chunk(
        octets.array(),
        chunk.count,
        chunk.unseen,
        chunk.deleted,
        chunk.octets,
        chunk.highestModSeq);
  }

  private static Chunk filled(int count) {
    Chunk chunk = Chunk.of(message(1));
    for (int uid = 2; uid <= count; uid++) {
      chunk = chunk.appended(message(uid));
    }
    return chunk;
  }

  private static Change.MessageFiled message(int uid) {
    byte[] none = {};
    return new Change.MessageFiled(1, uid, uid, uid, 0, 0, 0, 0, 100, none, none, 0, 0, 0, 0, 0);
  }
}
