package org.depozit.benchmarks;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.depozit.storage.Flag;
import org.depozit.storage.Found;
import org.depozit.storage.Return;
import org.depozit.storage.SearchKey;
import org.depozit.storage.View;
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

/// Searches on a version of a mailbox of 20,000 messages: the plan and its answer, no wire.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before it measures anything
public class SearchBench {
  private static final int MESSAGES = 20_000;

  private SampleMailbox sample;
  private View view;

  /// Fills the mailbox.
  @Setup
  public void open() throws IOException {
    sample = new SampleMailbox(MESSAGES);
    view = sample.mailbox().view();
  }

  /// Removes it.
  @TearDown
  public void close() throws IOException {
    sample.close();
  }

  /// All unseen.
  @Benchmark
  public Found unseen() {
    return search(new SearchKey.Not(new SearchKey.HasFlag(Flag.SEEN)), Return.ALL);
  }

  /// All from one sender.
  @Benchmark
  public Found from() {
    return search(from("Sender 77 "), Return.ALL);
  }

  /// The first from one sender.
  @Benchmark
  public Found leastFrom() {
    return search(from("Sender 77 "), Return.MIN);
  }

  /// Every subject is another one.
  @Benchmark
  public Found subject() {
    return search(new SearchKey.HeaderField("Subject", "number 777"), Return.ALL);
  }

  private static SearchKey from(String text) {
    return new SearchKey.AddressField(SearchKey.AddressName.FROM, text);
  }

  private Found search(SearchKey key, Return wanted) {
    return sample.mailbox().search(view, key, Set.of(wanted));
  }
}
