package org.depozit.mime;

/// Two runs of octets as one.
record JoinedOctets(Octets first, Octets second) implements Octets {

  @Override
  public long length() {
    return first.length() + second.length();
  }

  @Override
  public int read(long position, byte[] into, int offset, int length) {
    long border = first.length();
    return position < border
        ? first.read(position, into, offset, length)
        : second.read(position - border, into, offset, length);
  }
}
