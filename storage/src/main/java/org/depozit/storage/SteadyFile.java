package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A file that stays open for all although a thread is interrupted in the middle of reading it:
/// Java closes a channel then, for everybody. Nobody here interrupts a thread, but a program around
/// us may. Whoever finds the channel closed opens the file again and repeats what it did, on a
/// thread of its own, since on an interrupted one the new channel would be closed as well; the mark
/// of the interrupt stays as it was. Any thread.
final class SteadyFile implements AutoCloseable {
  private final Path path;
  private volatile FileChannel channel;
  private boolean closed;

  /// What is done with the channel; it may be done again from its start.
  @FunctionalInterface
  private interface Work<R> {
    R on(FileChannel channel) throws IOException;
  }

  private SteadyFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Opens a file to read and write it; makes it, as its owner's alone, if it is not there.
  static SteadyFile open(Path path) throws IOException {
    FileChannel channel = Owned.open(path);
    try {
      Owned.restrict(path);
      return new SteadyFile(path, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// Octets of the file.
  long size() throws IOException {
    return steadily(FileChannel::size);
  }

  /// Reads until the buffer is full or the file ends.
  void read(ByteBuffer into, long offset) throws IOException {
    int read =
        steadily(channel -> {
          ByteBuffer target = into.duplicate();
          LogFiles.read(channel, target, offset);
          return target.position();
        });
    into.position(read);
  }

  /// Writes all of the octets at a place; leaves the buffer as it was.
  void write(ByteBuffer octets, long offset) throws IOException {
    int _ =
        steadily(channel -> {
          ByteBuffer source = octets.duplicate();
          LogFiles.write(channel, source, offset);
          return source.position();
        });
  }

  /// Cuts the file to a size, if it is longer.
  void truncate(long size) throws IOException {
    FileChannel _ = steadily(channel -> channel.truncate(size));
  }

  /// Forces what was written.
  ///
  /// @param grown whether the file's size changed since the last force
  void force(boolean grown) throws IOException {
    boolean _ =
        steadily(channel -> {
          channel.force(grown);
          return true;
        });
  }

  private <R> R steadily(Work<R> work) throws IOException {
    try {
      return work.on(channel);
    } catch (ClosedChannelException e) {
      return aside(work);
    }
  }

  private <R> R aside(Work<R> work) throws IOException {
    CompletableFuture<R> result = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("depozit-steady").start(() -> complete(result, work));
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ClosedChannelException closedFile) {
        throw closedFile;
      }
      throw new IOException(e.getCause());
    }
  }

  private <R> void complete(CompletableFuture<R> result, Work<R> work) {
    try {
      result.complete(again(work));
    } catch (IOException | RuntimeException | Error e) {
      result.completeExceptionally(e);
    }
  }

  /// Repeats the work until no interrupt of another thread closes the channel under it.
  private <R> R again(Work<R> work) throws IOException {
    while (true) {
      FileChannel reopened = reopened();
      try {
        return work.on(reopened);
      } catch (ClosedChannelException e) {
        if (reopened.isOpen()) {
          throw e;
        }
      }
    }
  }

  private synchronized FileChannel reopened() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!channel.isOpen()) {
      channel = Owned.open(path);
    }
    return channel;
  }

  /// Lets the file go; forces nothing.
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
