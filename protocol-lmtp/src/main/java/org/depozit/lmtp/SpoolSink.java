package org.depozit.lmtp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.depozit.storage.Spool;

/// Writes into a spool, and never fails: the data has to be read to its end whatever happens to it,
/// or the rest of it would be taken for commands. What went wrong is told afterwards.
final class SpoolSink extends OutputStream {
  private final Spool spool;
  private final long limit;
  private Optional<Exception> trouble = Optional.empty();

  /// A sink.
  ///
  /// @param limit octets after which nothing more is kept
  SpoolSink(Spool spool, long limit) {
    this.spool = spool;
    this.limit = limit;
  }

  /// What went wrong with the spool, if anything did.
  Optional<Exception> trouble() {
    return trouble;
  }

  /// Whether more came than may be kept.
  boolean tooBig() {
    return spool.tooBig() || spool.length() > limit;
  }

  @Override
  public void write(int octet) {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int from, int length) {
    if (trouble.isPresent() || tooBig()) {
      return;
    }
    try {
      spool.write(octets, from, length);
    } catch (IOException | RuntimeException e) {
      trouble = Optional.of(e);
    }
  }
}
