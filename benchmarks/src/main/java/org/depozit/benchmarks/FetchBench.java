package org.depozit.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.depozit.storage.Column;
import org.depozit.storage.Content;
import org.depozit.storage.FetchedRow;
import org.depozit.storage.Mailbox;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What FETCH asks of the store: a slice of 1,000 rows, and the octets of one message of 4 KiB.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before it measures anything
public class FetchBench {
  private static final int MESSAGES = 1_000;

  private final byte[] octets = new byte[1 << 16];
  private final long[] uids = LongStream.rangeClosed(1, MESSAGES).toArray();
  private SampleMailbox sample;
  private Mailbox mailbox;
  private int next;

  /// Fills the mailbox.
  @Setup
  public void open() throws IOException {
    sample = new SampleMailbox(MESSAGES);
    mailbox = sample.mailbox();
  }

  /// Removes it.
  @TearDown
  public void close() throws IOException {
    sample.close();
  }

  /// The envelopes of the whole slice.
  @Benchmark
  public List<FetchedRow> envelopes() {
    return mailbox.fetch(uids, Set.of(Column.ENVELOPE));
  }

  /// The structures of the whole slice, rendered.
  @Benchmark
  public int structures() {
    int length = 0;
    for (FetchedRow row : mailbox.fetch(uids, Set.of(Column.STRUCTURE))) {
      length += row.structure().orElseThrow().rendered(true).length;
    }
    return length;
  }

  /// One message, read whole.
  @Benchmark
  public long content() throws IOException {
    next = next % MESSAGES + 1;
    try (Content content = mailbox.content(next).orElseThrow()) {
      return content.read(0, octets, 0, octets.length);
    }
  }
}
