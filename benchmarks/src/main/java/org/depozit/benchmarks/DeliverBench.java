package org.depozit.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.depozit.storage.Account;
import org.depozit.storage.Delivered;
import org.depozit.storage.IncomingMessage;
import org.depozit.storage.InternalDate;
import org.depozit.storage.Recipient;
import org.depozit.storage.Spool;
import org.depozit.storage.SqlStore;
import org.depozit.storage.StoreSettings;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// Durable deliveries of 4 KiB a second: spooled, parsed, logged, forced, in the rows. One mailbox,
/// a thousand senders, every subject new.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before it measures anything
public class DeliverBench {
  private static final byte[] TRACE =
      "Return-Path: <s@example.org>\r\nDelivered-To: ana\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String LINE =
      "All work and no play makes Jack a dull boy, says the line.\r\n";

  private final AtomicLong number = new AtomicLong();
  private Path directory;
  private SqlStore store;
  private Account account;

  /// A new store in a temporary folder.
  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("depozit-bench");
    store = SqlStore.open(StoreSettings.at(directory));
    account = store.createAccount("ana", "secret".toCharArray());
  }

  /// Closes and removes the store.
  @TearDown
  public void close() throws IOException {
    store.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  /// One sender.
  @Benchmark
  @Threads(1)
  public Delivered from1() {
    return deliver();
  }

  /// Sixteen at once.
  @Benchmark
  @Threads(16)
  public Delivered from16() {
    return deliver();
  }

  /// A hundred at once.
  @Benchmark
  @Threads(100)
  public Delivered from100() {
    return deliver();
  }

  private Delivered deliver() {
    long n = number.incrementAndGet();
    String mail =
        "From: Sender %d <sender%d@example.org>\r\n".formatted(n % 1_000, n % 1_000)
            + "To: Ana <ana@example.org>\r\nSubject: Message number %d\r\n".formatted(n)
            + "Message-ID: <%d@example.org>\r\n".formatted(n)
            + "Date: Fri, 20 Nov 2026 10:00:00 +0200\r\n\r\n"
            + LINE.repeat(62);
    try (Spool spool = store.spool()) {
      spool.write(mail.getBytes(StandardCharsets.US_ASCII));
      IncomingMessage message =
          new IncomingMessage(spool, Set.of(), InternalDate.of(Instant.now()));
      return store.deliver(message, List.of(new Recipient(account, TRACE))).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
