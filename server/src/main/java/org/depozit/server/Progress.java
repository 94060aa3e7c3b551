package org.depozit.server;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/// A progress bar for people: one line, redrawn a few times a second at a terminal, and silent
/// elsewhere but for the last line. Used by one thread.
final class Progress {
  private static final int WIDTH = 40;
  private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();

  private final PrintStream out;
  private final long octets;
  private final boolean terminal;
  private final long started = System.nanoTime();
  private long done;
  private long messages;
  private long drawn = started - REDRAW_NANOS;

  /// @param octets what there is to do; 0 if nobody knows
  Progress(PrintStream out, long octets) {
    this.out = out;
    this.octets = octets;
    this.terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /// One message more.
  void advance(long size) {
    done += size;
    messages++;
    long now = System.nanoTime();
    if (terminal && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      out.print("\r" + line(now));
      out.flush();
    }
  }

  private String line(long now) {
    double share = octets == 0 ? 1 : Math.min(1.0, (double) done / octets);
    int filled = (int) (share * WIDTH);
    double seconds = Math.max(0.001, (now - started) / 1e9);
    return "[%s%s] %3d%%  %,d messages, %,.0f/s"
        .formatted(
            "#".repeat(filled),
            ".".repeat(WIDTH - filled),
            (int) (share * 100),
            messages,
            messages / seconds);
  }

  /// All is done: the last line.
  void done() {
    done = octets;
    out.println((terminal ? "\r" : "") + line(System.nanoTime()));
  }
}
