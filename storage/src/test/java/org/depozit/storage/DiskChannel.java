package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Random;
import org.depozit.storage.SimulatedDisk.Operation;

/// An open file, or directory, of a [SimulatedDisk]. Another thread may close it.
final class DiskChannel extends FileChannel {
  private final SimulatedDisk disk;
  private final Path path;
  private final DiskNode node;
  private final boolean writable;
  private final boolean append;
  private long position;
  private boolean locking;

  DiskChannel(SimulatedDisk disk, Path path, DiskNode node, boolean writable, boolean append) {
    this.disk = disk;
    this.path = path;
    this.node = node;
    this.writable = writable;
    this.append = append;
    disk.opened(1);
  }

  private DiskFile file() throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    if (node instanceof DiskFile file) {
      return file;
    }
    throw new IOException("Is a directory");
  }

  private DiskFile fileToWrite() throws IOException {
    DiskFile file = file();
    if (!writable) {
      throw new NonWritableChannelException();
    }
    return file;
  }

  @Override
  public int read(ByteBuffer into, long at) throws IOException {
    synchronized (disk) {
      DiskFile file = file();
      disk.told(Operation.READ, path, at, into.remaining());
      return into.hasRemaining() ? file.read(at, into) : 0;
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    synchronized (disk) {
      int count = read(into, position);
      position += Math.max(0, count);
      return count;
    }
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      int count = read(into[i]);
      if (count < 0) {
        return sum == 0 ? -1 : sum;
      }
      sum += count;
    }
    return sum;
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    synchronized (disk) {
      DiskFile file = fileToWrite();
      int count = from.remaining();
      disk.told(Operation.WRITE, path, at, count);
      disk.take(file.content().missing(at, count));
      byte[] octets = new byte[count];
      from.get(octets);
      file.write(at, octets);
      return count;
    }
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    synchronized (disk) {
      position = append ? size() : position;
      int count = write(from, position);
      position += count;
      return count;
    }
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += write(from[i]);
    }
    return sum;
  }

  @Override
  public long position() {
    synchronized (disk) {
      return position;
    }
  }

  @Override
  public FileChannel position(long to) {
    synchronized (disk) {
      position = to;
      return this;
    }
  }

  @Override
  public long size() throws IOException {
    synchronized (disk) {
      return file().size();
    }
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    synchronized (disk) {
      DiskFile file = fileToWrite();
      if (size < file.size()) {
        disk.told(Operation.TRUNCATE, path, size, 0);
        int before = file.content().taken();
        file.truncate(size);
        disk.give(before - file.content().taken());
      }
      position = Math.min(position, size);
      return this;
    }
  }

  @Override
  public void force(boolean metaData) throws IOException {
    synchronized (disk) {
      if (!isOpen()) {
        throw new ClosedChannelException();
      }
      boolean directory = node instanceof DiskDirectory;
      try {
        disk.told(
            directory ? Operation.FORCE_DIRECTORY : Operation.FORCE, path, 0, metaData ? 1 : 0);
      } catch (IOException e) {
        if (node instanceof DiskFile file) {
          file.failForce(new Random(file.size()));
        }
        throw e;
      }
      node.force();
    }
  }

  @Override
  public long transferTo(long at, long count, WritableByteChannel to) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate((int) Math.min(count, 1 << 16));
    int read = read(octets, at);
    octets.flip();
    while (octets.hasRemaining()) {
      to.write(octets);
    }
    return Math.max(0, read);
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long at, long count) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate((int) Math.min(count, 1 << 16));
    from.read(octets);
    return write(octets.flip(), at);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long at, long size) {
    throw DiskFileSystem.missing();
  }

  @Override
  public FileLock lock(long at, long size, boolean share) throws IOException {
    return tryLock(at, size, share);
  }

  @Override
  public FileLock tryLock(long at, long size, boolean share) throws IOException {
    synchronized (disk) {
      if (!file().lock()) {
        throw new OverlappingFileLockException();
      }
      locking = true;
      return new Lock(this, at, size, share);
    }
  }

  @Override
  protected void implCloseChannel() {
    synchronized (disk) {
      if (locking && node instanceof DiskFile file) {
        file.unlock();
      }
      locking = false;
      disk.opened(-1);
    }
  }

  /// Lasts until its channel is closed.
  private static final class Lock extends FileLock {
    Lock(DiskChannel channel, long at, long size, boolean share) {
      super(channel, at, size, share);
    }

    @Override
    public boolean isValid() {
      return acquiredBy().isOpen();
    }

    @Override
    public void release() throws IOException {
      acquiredBy().close();
    }
  }
}
