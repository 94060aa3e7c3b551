package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Random;
import java.util.stream.IntStream;
import org.depozit.mime.Crlf;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A message's octets on their way in.
final class HeapOrFileSpoolTests {
  private static final int SMALL = 100;
  private static final int MOST = 5_000;
  private static final StoreLimits LIMITS =
      StoreLimits.DEFAULTS.with("messageOctets", MOST).with("smallBody", SMALL);

  @TempDir private Path temporary;
  private LogFiles files;

  @BeforeEach
  void open() {
    files = new LogFiles(temporary.resolve("log"));
  }

  private static byte[] mail(Random random, int size) {
    byte[] mail = new byte[size];
    for (int i = 0; i < size; i++) {
      mail[i] = (byte) "ab\r\n\r\n\0\u00FF".charAt(random.nextInt(8));
    }
    return mail;
  }

  private static void write(HeapOrFileSpool spool, byte[] mail, Random random) throws IOException {
    for (int at = 0; at < mail.length; ) {
      int count = Math.min(mail.length - at, random.nextInt(1 + random.nextInt(mail.length)));
      if (count == 0) {
        spool.write(mail[at++]);
      } else {
        spool.write(mail, at, count);
        at += count;
      }
    }
  }

  @Test
  void mailOfEverySizeAroundTheBoundsComesOutWithRightLineEnds() throws Exception {
    Random random = new Random(7);
    int[] sizes =
        IntStream.concat(
                IntStream.rangeClosed(0, 2 * SMALL), IntStream.rangeClosed(MOST / 2, MOST / 2 + 50))
            .toArray();
    for (int size : sizes) {
      byte[] mail = mail(random, size);
      byte[] right = Crlf.of(mail);
      try (HeapOrFileSpool spool = new HeapOrFileSpool(files, LIMITS)) {
        write(spool, mail, random);
        assertThat(spool.length()).isEqualTo(right.length);
        assertThat(spool.tooBig()).isFalse();
        assertThat(spool.octets().bytes()).isEqualTo(right);
        spool.seal();
        assertThat(spool.sha256()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(right));
        assertThat(files.bodies()).hasSize(right.length > SMALL ? 1 : 0);
        assertThat(spool.octets().slice(right.length / 2, right.length - right.length / 2).bytes())
            .isEqualTo(java.util.Arrays.copyOfRange(right, right.length / 2, right.length));
      }
      assertThat(files.bodies()).isEmpty();
    }
  }

  @Test
  void exactlyTheLargestMessageIsTakenAndOneOctetMoreIsNot() throws IOException {
    try (HeapOrFileSpool spool = new HeapOrFileSpool(files, LIMITS)) {
      spool.write(new byte[MOST]);
      assertThat(spool.tooBig()).isFalse();
      spool.write(0);
      assertThat(spool.tooBig()).isTrue();
      assertThat(files.bodies()).as("the octets are dropped at once").isEmpty();
      spool.write(new byte[100]);
      assertThat(spool.length()).isEqualTo(MOST + 101);
      assertThatThrownBy(spool::seal)
          .isInstanceOfSatisfying(
              Refused.class, e -> assertThat(e.reason()).isEqualTo(Refused.Reason.TOO_BIG));
    }
  }

  @Test
  void aLoneLfThatMakesTheMessageTooBigIsCountedAsItIsServed() throws IOException {
    try (HeapOrFileSpool spool = new HeapOrFileSpool(files, LIMITS)) {
      spool.write(new byte[MOST - 1]);
      spool.write('\n');
      assertThat(spool.tooBig()).isTrue();
    }
  }

  @Test
  void aKeptBodyStaysWhenTheSpoolIsClosedAndOneThatIsLetGoDoesNot() throws IOException {
    for (boolean kept : new boolean[] {true, false}) {
      HeapOrFileSpool spool = new HeapOrFileSpool(files, LIMITS);
      spool.write(new byte[SMALL + 1]);
      spool.seal();
      Change.BodyPlace place = spool.keep().orElseThrow();
      assertThat(place.length()).isEqualTo(SMALL + 1);
      if (!kept) {
        spool.letGo();
      }
      spool.close();
      spool.close();
      assertThat(files.bodies()).hasSize(1);
      assertThat(files.bodies().contains(place.segment())).isEqualTo(kept);
    }
  }

  @Test
  void aDiskThatFailsRefusesTheMessageAndNotTheWriting() throws IOException {
    files.body(files.last() + 1).toFile().mkdir();
    try (HeapOrFileSpool spool = new HeapOrFileSpool(files, LIMITS)) {
      spool.write(new byte[SMALL + 1]);
      spool.write(new byte[SMALL]);
      assertThat(spool.length()).isEqualTo(2 * SMALL + 1);
      assertThatThrownBy(spool::seal)
          .isInstanceOfSatisfying(
              Refused.class, e -> assertThat(e.reason()).isEqualTo(Refused.Reason.UNAVAILABLE));
    }
  }
}
