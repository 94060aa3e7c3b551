package org.depozit.mime;

import java.io.InputStream;
import java.util.Objects;

/// A run of octets that is read by position: a message's content in a segment file, in a spool
/// file, or in the heap.
///
/// An `Octets` is immutable: its length and its octets never change, so any number of threads may
/// read it at once, each by its own positions. Where the octets cannot be read, `read` throws an
/// unchecked exception of the source's own: that is the store's fault and never the mail's.
public interface Octets {

  /// The number of octets, 0 or more.
  long length();

  /// Reads octets from `position` (0 up to [#length()]) into `into` from `offset` on.
  ///
  /// Returns how many were read: at least 1 and at most `length`, fewer only where the source found
  /// it handy; 0 if `length` is 0; -1 at the end.
  int read(long position, byte[] into, int offset, int length);

  /// The octets of `octets`, which the caller no longer changes.
  static Octets of(byte[] octets) {
    return new HeapOctets(octets, 0, octets.length);
  }

  /// The octets of `first` and then those of `second`: a copy's trace headers before the shared
  /// content.
  static Octets joined(Octets first, Octets second) {
    return first.length() == 0
        ? second
        : second.length() == 0 ? first : new JoinedOctets(first, second);
  }

  /// The `length` octets from `from` on, without a copy.
  default Octets slice(long from, long length) {
    Objects.checkFromIndexSize(from, length, length());
    return from == 0 && length == length() ? this : new SlicedOctets(this, from, length);
  }

  /// The octets of `range`, without a copy.
  default Octets slice(Range range) {
    return slice(range.from(), range.length());
  }

  /// A stream over all the octets, for one thread. It needs no closing and buffers nothing.
  default InputStream stream() {
    return new OctetsStream(this);
  }

  /// All the octets in a new array. Only for what is known to be small: at most 2^31-9 octets.
  default byte[] bytes() {
    byte[] all = new byte[Math.toIntExact(length())];
    int have = 0;
    while (have < all.length) {
      int read = read(have, all, have, all.length - have);
      if (read < 0) {
        throw new IllegalStateException("the source ended at octet " + have + " of " + all.length);
      }
      have += read;
    }
    return all;
  }
}
