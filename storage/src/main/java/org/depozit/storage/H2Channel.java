package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;

/// The file of a [PageJournal] as H2 uses it. Closing it leaves the journal open, and forcing it
/// does nothing: H2 forces before it moves or cuts something too, in order that a crash finds the
/// one before the other; here a crash finds both or none. Any thread.
final class H2Channel extends FileBaseDefault {
  private final PageJournal journal;

  H2Channel(PageJournal journal) {
    this.journal = journal;
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // readers read beside the writer
  public int read(ByteBuffer into, long position) throws IOException {
    return journal.read(into, position);
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // readers read beside the writer
  public int write(ByteBuffer octets, long position) throws IOException {
    return journal.write(octets, position);
  }

  @Override
  public long size() {
    return journal.size();
  }

  @Override
  protected void implTruncate(long size) {
    journal.truncate(size);
  }

  @Override
  public void force(boolean metadata) {
    // See above: PageJournal.force does it, at checkpoints.
  }

  /// The whole directory is locked by [StoreLock] already.
  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    return new Held(this, position, size, shared);
  }

  @Override
  protected void implCloseChannel() {
    // The journal is closed by the store.
  }

  /// A lock that needs nothing more.
  private static final class Held extends FileLock {
    private volatile boolean held = true;

    Held(H2Channel channel, long position, long size, boolean shared) {
      super(channel, position, size, shared);
    }

    @Override
    public boolean isValid() {
      return held;
    }

    @Override
    public void release() throws IOException {
      held = false;
    }
  }
}
