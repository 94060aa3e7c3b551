package org.depozit.server;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/// What a long work is about, for people: one line, drawn again at a terminal, and nothing
/// elsewhere. Used by one thread.
final class Steps {
  private final PrintStream out;
  private final boolean terminal;
  private int drawn;

  Steps(PrintStream out) {
    this.out = out;
    this.terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /// This comes next.
  void next(String step) {
    if (terminal) {
      draw(step);
    }
  }

  /// All is done: the line goes.
  void done() {
    if (terminal) {
      draw("");
      out.print("\r");
      out.flush();
    }
  }

  private void draw(String step) {
    out.print("\r" + step + " ".repeat(Math.max(0, drawn - step.length())));
    out.flush();
    drawn = step.length();
  }
}
