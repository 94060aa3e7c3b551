package org.depozit.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One server, one size, one round: what a scene works with.
///
/// @param server the contender, which runs
/// @param size messages in the mailbox of the account `user`; the smallest if the scene has no size
/// @param round from 0; below 0 it warms up and does not count
/// @param seconds how long a time is taken again and again
/// @param rateSeconds how long a rate is measured, or warmed up
/// @param idle how many connections stand idle
/// @param mailboxes how many many mailboxes are
/// @param mails some mails, in their order
/// @param marks takes a row's name and a figure in the row's unit
record Stage(
    Contender server,
    int size,
    int round,
    double seconds,
    double rateSeconds,
    int idle,
    int mailboxes,
    List<byte[]> mails,
    BiConsumer<String, Double> marks) {
  /// Something that may be done again and again.
  interface Action {
    void run() throws IOException;
  }

  /// One worker's own things, and what it does with them.
  interface Worker extends AutoCloseable {
    void run() throws IOException;

    @Override
    void close() throws IOException;
  }

  /// Makes the worker of a number.
  interface Workers {
    Worker worker(int number) throws IOException;
  }

  String user() {
    return Accounts.of(size);
  }

  byte[] mail(int number) {
    return mails.get(Math.floorMod(number, mails.size()));
  }

  void mark(String row, double figure) {
    marks.accept(row, figure);
  }

  /// Marks how many milliseconds it takes, once.
  void once(String row, Action action) throws IOException {
    long start = System.nanoTime();
    action.run();
    mark(row, (System.nanoTime() - start) / 1e6);
  }

  /// Marks how many milliseconds it takes: the median of as many times as fit.
  void often(String row, Action action) throws IOException {
    List<Double> times = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    do {
      long start = System.nanoTime();
      action.run();
      times.add((System.nanoTime() - start) / 1e6);
    } while (System.nanoTime() < end);
    mark(row, Figures.median(times));
  }

  /// Marks how often a second it can be done by so many at once.
  void rate(String row, int clients, Workers workers) throws IOException {
    List<Worker> all = new ArrayList<>();
    try {
      for (int i = 0; i < clients; i++) {
        all.add(workers.worker(i));
      }
      mark(row, measured(all));
    } finally {
      for (Worker worker : all) {
        worker.close();
      }
    }
  }

  private double measured(List<Worker> workers) throws IOException {
    AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    long[] counts = new long[workers.size()];
    long start = System.nanoTime();
    long end = start + (long) (rateSeconds * 1e9);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (int i = 0; i < workers.size(); i++) {
        int number = i;
        threads.execute(() -> {
          try {
            while (System.nanoTime() < end) {
              workers.get(number).run();
              counts[number]++;
            }
          } catch (IOException e) {
            failure.set(e);
          }
        });
      }
    }
    double took = (System.nanoTime() - start) / 1e9;
    Optional<IOException> failed = Optional.ofNullable(failure.get());
    if (failed.isPresent()) {
      throw failed.get();
    }
    return Arrays.stream(counts).sum() / took;
  }
}
