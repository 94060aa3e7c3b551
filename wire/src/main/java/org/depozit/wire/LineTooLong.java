package org.depozit.wire;

import java.io.IOException;

/// A peer's line was longer than it may be. The rest of it has been read and thrown away, so that
/// the next octet begins the next line: the command wants an error, and the connection may go on.
public final class LineTooLong extends IOException {
  private static final long serialVersionUID = 1L;

  private final int limit;

  LineTooLong(int limit) {
    super("line longer than " + limit + " octets");
    this.limit = limit;
  }

  /// The bound that was passed, in octets without the line's end.
  public int limit() {
    return limit;
  }
}
