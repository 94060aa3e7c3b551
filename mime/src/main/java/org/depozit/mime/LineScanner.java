package org.depozit.mime;

import java.util.Arrays;

/// Walks through octets line by line with a window of fixed size, however long the lines are.
///
/// A line ends with LF; the CR before it belongs to the end. The scanner stands at a line's start,
/// where at least [#REACH] octets of it can be looked at (fewer only where the octets end). For one
/// thread.
final class LineScanner {
  /// How far into a line can be looked.
  static final int REACH = 4096;

  private static final int WINDOW = 1 << 16;

  private final Octets octets;
  private final long length;
  private final byte[] window;
  private long base;
  private int at;
  private int end;
  private long lines;
  private long lastStart;
  private int lastEnd;

  LineScanner(Octets octets) {
    this.octets = octets;
    this.length = octets.length();
    this.window = new byte[(int) Math.min(WINDOW, length)];
    fill();
  }

  /// Where the current line starts.
  long position() {
    return base + at;
  }

  boolean atEnd() {
    return at == end && base + end == length;
  }

  /// How many lines were passed; the last one counts also where it has no end.
  long lines() {
    return lines;
  }

  /// The octets of the line end just passed: 2, 1, or 0 where there was none.
  int lastEnd() {
    return lastEnd;
  }

  /// Whether the line just passed had nothing before its end.
  boolean lastBlank() {
    return position() - lastEnd == lastStart;
  }

  /// How many octets from the line's start on can be looked at; they may be of later lines, too.
  int reach() {
    return end - at;
  }

  /// The octet `index` of the line; index is below [#reach()].
  byte peek(int index) {
    return window[at + index];
  }

  /// Whether there is a line here and it has nothing before its end.
  boolean blank() {
    return reach() > 0 && (peek(0) == '\n' || (peek(0) == '\r' && reach() > 1 && peek(1) == '\n'));
  }

  /// Whether the line starts with two dashes.
  boolean dashes() {
    return end - at > 1 && window[at] == '-' && window[at + 1] == '-';
  }

  /// Whether `octets` stand at `index` of the line.
  boolean has(int index, byte[] octets) {
    int from = at + index;
    return from + octets.length <= end
        && Arrays.equals(window, from, from + octets.length, octets, 0, octets.length);
  }

  /// Goes to the next line that starts with two dashes, this one included; false at the end.
  boolean seekDashes() {
    while (!atEnd()) {
      if (dashes()) {
        return true;
      }
      skipLine();
    }
    return false;
  }

  /// Goes to the start of the next line.
  void skipLine() {
    lastStart = position();
    int i = at;
    byte previous = 0;
    while (true) {
      i = LineEnds.lf(window, i, end);
      if (i < end || base + end == length) {
        break;
      }
      previous = window[end - 1];
      at = end;
      fill();
      i = at;
    }
    boolean ended = i < end;
    byte beforeEnd = i > at ? window[i - 1] : previous;
    lastEnd = !ended ? 0 : beforeEnd == '\r' ? 2 : 1;
    at = ended ? i + 1 : end;
    lines++;
    if (end - at < REACH && base + end < length) {
      fill();
    }
  }

  /// Moves what is left to the window's start and reads on until it is full.
  private void fill() {
    System.arraycopy(window, at, window, 0, end - at);
    base += at;
    end -= at;
    at = 0;
    while (end < window.length && base + end < length) {
      int read = octets.read(base + end, window, end, window.length - end);
      if (read <= 0) {
        throw new IllegalStateException("the source ended before its length");
      }
      end += read;
    }
  }
}
