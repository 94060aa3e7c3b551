package org.depozit.mime;

import java.io.InputStream;

/// Octets as a stream, for the decoders that want one.
final class OctetsStream extends InputStream {
  private final Octets octets;
  private long position;

  OctetsStream(Octets octets) {
    this.octets = octets;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    int count = octets.read(position, into, offset, length);
    position += Math.max(count, 0);
    return count;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.clamp(count, 0, octets.length() - position);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, octets.length() - position);
  }
}
