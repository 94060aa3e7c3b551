package org.depozit.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import org.depozit.mime.Crlf;
import org.depozit.mime.Octets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// See [Spool]. Up to [StoreLimits#smallBody] the octets are in one array, which beyond it becomes
/// the write buffer of the body's file. Used by one thread; the writer calls [#keep] and [#letGo]
/// while that one waits.
final class HeapOrFileSpool extends Spool {
  private static final Logger LOGGER = LoggerFactory.getLogger(HeapOrFileSpool.class);
  private static final int FIRST = 1 << 12;

  private final LogFiles files;
  private final StoreLimits limits;
  private final MessageDigest digest = sha256Digest();
  private final Crlf crlf = new Crlf(new Taken());
  private byte[] heap = new byte[0];
  private int inHeap;
  private long length;
  private boolean tooBig;
  private Optional<BigBody> big = Optional.empty();
  private Optional<IOException> failure = Optional.empty();
  private Optional<byte[]> sha256 = Optional.empty();
  private int keeps;

  HeapOrFileSpool(LogFiles files, StoreLimits limits) {
    this.files = files;
    this.limits = limits;
  }

  private static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void write(int octet) throws IOException {
    crlf.write(octet);
  }

  @Override
  public void write(byte[] octets, int offset, int count) throws IOException {
    crlf.write(octets, offset, count);
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean tooBig() {
    return tooBig;
  }

  /// Ends the writing. A big body is forced to the disk, file and directory: call it before the
  /// change is submitted, on the session's thread. A second call does nothing.
  ///
  /// @throws Refused TOO_BIG; UNAVAILABLE if the disk failed while octets came in or fails now
  void seal() {
    Octets _ = octets();
    if (sha256.isEmpty()) {
      try {
        if (big.isPresent()) {
          big.get().channel.force(true);
          files.force();
        }
      } catch (IOException e) {
        failed(e);
        throw LogFiles.broken("The message cannot be written", e);
      }
      sha256 = Optional.of(digest.digest());
    }
  }

  /// SHA-256 of all octets; only after [#seal].
  byte[] sha256() {
    return sha256.orElseThrow().clone();
  }

  @Override
  public Octets octets() {
    if (tooBig) {
      throw new Refused(Refused.Reason.TOO_BIG, "The message is too big");
    }
    big.ifPresent(this::flush);
    if (failure.isPresent()) {
      throw LogFiles.broken("The message cannot be written", failure.get());
    }
    return big.<Octets>map(body -> body.octets(length))
        .orElseGet(() -> Octets.of(heap).slice(0, inHeap));
  }

  /// Says that a change refers to the body: a file stays when the spool is closed.
  ///
  /// @return the place of a big body; empty if the octets are in the heap
  Optional<Change.BodyPlace> keep() {
    keeps++;
    return big.map(body -> new Change.BodyPlace(body.number, 0, length));
  }

  /// Takes one [#keep] back.
  void letGo() {
    keeps--;
  }

  @Override
  public void close() {
    big.ifPresent(body -> body.close(keeps > 0));
    big = Optional.empty();
    heap = new byte[0];
    inHeap = 0;
  }

  private void take(byte[] octets, int offset, int count) {
    length += count;
    if (length > limits.messageOctets()) {
      tooBig = true;
      close();
    }
    if (tooBig || failure.isPresent()) {
      return;
    }
    digest.update(octets, offset, count);
    if (big.isEmpty() && length > limits.smallBody()) {
      startFile();
    }
    for (int at = 0; at < count && failure.isEmpty(); ) {
      room(count - at);
      int part = Math.min(count - at, heap.length - inHeap);
      System.arraycopy(octets, offset + at, heap, inHeap, part);
      inHeap += part;
      at += part;
    }
  }

  /// Makes room for one octet at least: a longer array, or an emptied one.
  private void room(int count) {
    if (big.isPresent() && inHeap == heap.length) {
      flush(big.get());
    }
    if (inHeap == heap.length) {
      long wanted = Math.max(FIRST, Math.max(2L * heap.length, (long) inHeap + count));
      heap = Arrays.copyOf(heap, (int) Math.min(wanted, Math.max(1, limits.smallBody())));
    }
  }

  private void startFile() {
    long number = files.nextSpooled();
    try {
      big = Optional.of(new BigBody(files, number, LogFiles.create(files.body(number))));
    } catch (IOException e) {
      files.spooled(number);
      failed(e);
    }
  }

  private void flush(BigBody body) {
    try {
      body.append(ByteBuffer.wrap(heap, 0, inHeap));
      inHeap = 0;
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(IOException e) {
    failure = Optional.of(e);
    close();
  }

  /// What the line ends were made right in.
  private final class Taken extends OutputStream {
    @Override
    public void write(int octet) {
      take(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int count) {
      take(octets, offset, count);
    }
  }

  /// The file of a big body.
  private static final class BigBody {
    private final LogFiles files;
    private final long number;
    private final FileChannel channel;
    private long written;

    BigBody(LogFiles files, long number, FileChannel channel) {
      this.files = files;
      this.number = number;
      this.channel = channel;
    }

    void append(ByteBuffer octets) throws IOException {
      int count = octets.remaining();
      LogFiles.write(channel, octets, written);
      written += count;
    }

    Octets octets(long length) {
      return new InFile(channel, length);
    }

    void close(boolean keep) {
      try {
        channel.close();
        if (!keep) {
          Files.deleteIfExists(files.body(number));
        }
      } catch (IOException e) {
        // Whoever gives back space removes what no row names.
        LOGGER.warn("A spooled message could not be removed", e);
      } finally {
        files.spooled(number);
      }
    }
  }

  /// The octets of a big body while it is spooled.
  private record InFile(FileChannel channel, long length) implements Octets {
    @Override
    public int read(long position, byte[] into, int offset, int count) {
      if (count == 0) {
        return 0;
      }
      try {
        int most = (int) Math.min(count, length - position);
        return most <= 0 ? -1 : channel.read(ByteBuffer.wrap(into, offset, most), position);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
