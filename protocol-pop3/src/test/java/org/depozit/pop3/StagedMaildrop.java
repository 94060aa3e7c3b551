package org.depozit.pop3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.depozit.mime.Octets;
import org.depozit.storage.Content;
import org.depozit.storage.Maildrop;
import org.depozit.storage.Refused;

/// A maildrop of any number of messages that are all alike, on a disk that fails where it is told
/// to.
final class StagedMaildrop implements Maildrop {
  private static final int OCTETS = 100_000;

  private final int count;
  private final Set<Fault> faults;
  private final AtomicInteger closings = new AtomicInteger();

  /// What is to go wrong.
  enum Fault {
    LISTING,
    OPENING,
    READING,
    READING_AT_ALL,
    SEEING,
    REMOVING
  }

  StagedMaildrop(int count, Fault... faults) {
    this.count = count;
    this.faults = Set.of(faults);
  }

  /// How often the lock was given back.
  int closings() {
    return closings.get();
  }

  @Override
  public List<Item> items() {
    if (faults.contains(Fault.LISTING)) {
      throw new IllegalStateException("a listing that cannot be read");
    }
    return Collections.nCopies(count, new Item(1, OCTETS, "0000000100000001"));
  }

  @Override
  public long octets() {
    return (long) count * OCTETS;
  }

  @Override
  public int lastAccessed() {
    return 0;
  }

  @Override
  public void accessed(int number) {}

  @Override
  public Optional<Content> content(Item item) {
    if (faults.contains(Fault.OPENING)) {
      throw new UncheckedIOException(new IOException("a message that cannot be opened"));
    }
    int readable = faults.contains(Fault.READING) ? OCTETS / 2 : OCTETS;
    return Optional.of(new Body(faults.contains(Fault.READING_AT_ALL) ? 0 : readable));
  }

  @Override
  public void seen(Item item) {
    if (faults.contains(Fault.SEEING)) {
      throw new Refused(Refused.Reason.UNAVAILABLE, "The disk is full");
    }
  }

  @Override
  public void remove(Set<Item> items) {
    if (faults.contains(Fault.REMOVING)) {
      throw new Refused(Refused.Reason.UNAVAILABLE, "The disk is full");
    }
  }

  @Override
  public void close() {
    closings.incrementAndGet();
  }

  /// Lines of one letter, readable up to a point.
  private record Body(int readable) implements Content {
    @Override
    public int prefixLength() {
      return 0;
    }

    @Override
    public Octets body() {
      return this;
    }

    @Override
    public long length() {
      return OCTETS;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
      if (position >= readable) {
        throw new UncheckedIOException(new IOException("a disk that fails here"));
      }
      int have = (int) Math.min(length, readable - position);
      for (int i = 0; i < have; i++) {
        into[offset + i] = (byte) "a\r\n ".charAt((int) ((position + i) % 4));
      }
      return have;
    }

    @Override
    public void close() {}
  }
}
