package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is written to the log is what is read from it.
final class LogCodecTests {
  private static byte[] written(Change change) {
    LogWriter writer = new LogWriter();
    LogCodec.write(change, writer);
    return Arrays.copyOf(writer.array(), writer.length());
  }

  private static Change read(byte[] octets) throws IOException {
    return LogCodec.read(ByteBuffer.wrap(octets));
  }

  @Test
  void everyChangeComesBackAsItWas() throws IOException {
    LogSample sample = new LogSample(1);
    for (int i = 0; i < 2_000; i++) {
      Change change = sample.change();
      byte[] octets = written(change);
      Change back = read(octets);
      assertThat(back).usingRecursiveComparison().isEqualTo(change);
      assertThat(written(back)).isEqualTo(octets);
    }
  }

  @Test
  void theEndsOfTheRangesComeBack() throws IOException {
    Change filed =
        new Change.MessageFiled(
            Integer.MAX_VALUE,
            0xFFFF_FFFFL,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            Long.MIN_VALUE,
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            new byte[0],
            new byte[0],
            0,
            0,
            0,
            0,
            0);
    assertThat(read(written(filed))).usingRecursiveComparison().isEqualTo(filed);
    Change all = new Change.Expunged(1, 2, UidSet.ALL);
    assertThat(read(written(all))).isEqualTo(all);
  }

  @Test
  void aLoneSurrogateOfBrokenMailComesBack() throws IOException {
    Change named = new Change.TextNamed(1, Change.Dictionary.SUBJECT, 2, "a\uD83Db\uDE00\0ș");
    assertThat(read(written(named))).isEqualTo(named);
  }

  @Test
  void ofAChangeCutShortNothingIsRead() {
    LogSample sample = new LogSample(2);
    for (int i = 0; i < 300; i++) {
      byte[] octets = written(sample.change());
      for (int length = 0; length < octets.length; length++) {
        byte[] cut = Arrays.copyOf(octets, length);
        assertThatThrownBy(() -> read(cut)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void octetsBehindAChangeAreAnError() {
    byte[] octets = written(new Change.MailboxDeleted(3));
    assertThatThrownBy(() -> read(Arrays.copyOf(octets, octets.length + 1)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void noiseIsAnErrorAndNothingElse() {
    Random random = new Random(3);
    LogSample sample = new LogSample(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = written(sample.change());
      octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      assertThatCode(
              () -> {
                try {
                  read(octets);
                } catch (IOException e) {
                  // What it should be, unless the noise is another change.
                }
              })
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aFlagChangeOfNeighboursTakesAFewOctetsARunOfEqualFlags() throws IOException {
    long[] uids = java.util.stream.LongStream.rangeClosed(100_000, 199_999).toArray();
    long[] flags = new long[100_000];
    Arrays.fill(flags, 50_000, 100_000, 7);
    Change.FlagsSet set = new Change.FlagsSet(1, 5, uids, flags);
    byte[] octets = written(set);
    assertThat(octets).hasSizeLessThan(30);
    assertThat(read(octets)).usingRecursiveComparison().isEqualTo(set);
    assertThat(written(new Change.Together(List.of()))).hasSize(2);
  }

  @Test
  void aFlagChangeAsItWasWrittenBeforeThereWereRunsIsRead() throws IOException {
    LogWriter writer = new LogWriter();
    // FlagsSet, mailbox, mod-sequence, how many; for each the distance of its UID and its flags.
    for (long number : new long[] {13, 1, 5, 2, 6, 7, 2, 7}) {
      writer.number(number);
    }
    Change set = new Change.FlagsSet(1, 5, new long[] {3, 4}, new long[] {7, 7});
    assertThat(read(Arrays.copyOf(writer.array(), writer.length())))
        .usingRecursiveComparison()
        .isEqualTo(set);
  }
}
