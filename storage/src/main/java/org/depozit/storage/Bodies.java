package org.depozit.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.depozit.mime.Octets;

/// Reads message bodies out of segments, in slices, by position. A segment is open while somebody
/// reads in it, so that its bodies can be read to the end whatever happens to the file; of the
/// others the last used [StoreLimits#openSegments] stay open. A body that cannot be read is refused
/// (UNAVAILABLE), and its file opened again for the next who asks. Any thread.
final class Bodies implements AutoCloseable {
  private static final String UNREAD = "A message body cannot be read";

  /// How long a look at a file's length holds.
  private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

  private final LogFiles files;
  private final int idle;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, OpenSegment> open = new LinkedHashMap<>(16, 0.75f, true);
  private final AtomicInteger pins = new AtomicInteger();
  private final Unreadable unreadable = new Unreadable();
  private boolean closed;

  Bodies(LogFiles files, StoreLimits limits) {
    this.files = files;
    this.idle = limits.openSegments();
  }

  /// The octets of a message; its segment stays open until the content is closed.
  ///
  /// @param place where the body stands
  /// @param prefix the trace headers of the copy; not to be written to
  /// @throws Refused UNAVAILABLE if the segment cannot be opened, or ends before the body does
  Content content(Change.BodyPlace place, byte[] prefix) {
    return new SegmentContent(use(place), place, prefix);
  }

  /// The octets of a message wherever they stand now: between the reading of its row and the
  /// opening of its segment a body may move.
  ///
  /// @param row asks for the message's row; empty when it is gone
  /// @throws Refused UNAVAILABLE if the segment cannot be opened, or ends before the body does
  Optional<Content> content(Supplier<Optional<MessageLoads.Placed>> row) {
    Optional<MessageLoads.Placed> found = row.get();
    while (found.isPresent()) {
      Change.BodyPlace place = found.get().place();
      try {
        return Optional.of(content(place, found.get().prefix()));
      } catch (Refused missing) {
        Optional<MessageLoads.Placed> again = row.get();
        if (again.isPresent() && again.get().place().equals(place)) {
          boolean _ = unreadable.seen(place, 0, missing);
          throw missing;
        }
        found = again;
      }
    }
    return Optional.empty();
  }

  /// Until it is closed no file of the log is deleted: one who has read a row may take its time to
  /// open the file.
  interface Pin extends AutoCloseable {
    @Override
    void close();
  }

  /// See [Pin]. Rows are to be read afterwards.
  Pin pin() {
    pins.incrementAndGet();
    return pins::decrementAndGet;
  }

  /// Whether files have to stay for now.
  boolean pinned() {
    return pins.get() > 0;
  }

  /// The file of a segment is about to be deleted: it is closed when its last reader is done.
  void forget(long number) {
    lock.lock();
    try {
      OpenSegment segment = open.remove(number);
      if (segment != null) {
        segment.forgotten = true;
        segment.closeIf(segment.users == 0);
      }
    } finally {
      lock.unlock();
    }
  }

  private OpenSegment use(Change.BodyPlace place) {
    lock.lock();
    try {
      if (closed) {
        throw new Refused(Refused.Reason.UNAVAILABLE, "The store is closed");
      }
      OpenSegment segment = open.get(place.segment());
      if (segment == null) {
        segment = new OpenSegment(file(place));
        open.put(place.segment(), segment);
      }
      segment.mustReach(place.offset() + place.length());
      segment.users++;
      return segment;
    } catch (IOException e) {
      forget(place.segment());
      throw LogFiles.broken(UNREAD, e);
    } finally {
      lock.unlock();
    }
  }

  /// A read failed: whoever asks next opens the file anew, since it may have been put in order by
  /// putting another in its place.
  private Refused failed(
      OpenSegment segment, Change.BodyPlace place, long position, IOException why) {
    lock.lock();
    try {
      if (open.get(place.segment()) == segment) {
        forget(place.segment());
      }
    } finally {
      lock.unlock();
    }
    boolean _ = unreadable.seen(place, position, why);
    return LogFiles.broken(UNREAD, why);
  }

  private Path file(Change.BodyPlace place) {
    return place.offset() == 0 ? files.body(place.segment()) : files.segment(place.segment());
  }

  private void leave(OpenSegment segment) {
    lock.lock();
    try {
      segment.users--;
      segment.closeIf(segment.forgotten && segment.users == 0);
      trim(closed ? 0 : idle);
    } finally {
      lock.unlock();
    }
  }

  /// Closes the longest unused segments beyond a count.
  private void trim(int keep) {
    Iterator<OpenSegment> eldest = open.values().iterator();
    for (int over = open.size() - keep; over > 0 && eldest.hasNext(); ) {
      OpenSegment segment = eldest.next();
      if (segment.users == 0) {
        segment.close();
        eldest.remove();
        over--;
      }
    }
  }

  /// How many segments are open now.
  int count() {
    lock.lock();
    try {
      return open.size();
    } finally {
      lock.unlock();
    }
  }

  /// Opens no more; what is open is closed when its last content is.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      trim(0);
    } finally {
      lock.unlock();
    }
  }

  /// A segment open for reading.
  private static final class OpenSegment {
    private final Path file;
    private volatile FileChannel channel;
    private int users;

    /// How long the file was when last looked at, and when that was, by [System#nanoTime].
    private long reach;

    private long lookedAt;

    private boolean done;
    private boolean forgotten;

    OpenSegment(Path file) throws IOException {
      this.file = file;
      this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    int read(ByteBuffer into, long position) throws IOException {
      try {
        return channel.read(into, position);
      } catch (ClosedChannelException e) {
        // Nobody here interrupts a thread, but a program around us may, and Java closes the file
        // for all then.
        return reopened().read(into, position);
      }
    }

    /// Asked before anything is told of a body, since an answer that has begun cannot be taken
    /// back. Nothing here cuts off what holds bodies, but others may; one look serves the bodies of
    /// a second, since a look at each is a good part of what a small one costs.
    void mustReach(long end) throws IOException {
      long now = System.nanoTime();
      if (end <= reach && now - lookedAt < FRESH) {
        return;
      }
      lookedAt = now;
      try {
        reach = channel.size();
      } catch (ClosedChannelException e) {
        reach = reopened().size();
      }
      if (reach < end) {
        throw tooShort();
      }
    }

    EOFException tooShort() {
      return new EOFException(file + " ends before the body does");
    }

    private synchronized FileChannel reopened() throws IOException {
      if (!channel.isOpen() && !done) {
        channel = FileChannel.open(file, StandardOpenOption.READ);
      }
      return channel;
    }

    void closeIf(boolean unused) {
      if (unused) {
        close();
      }
    }

    synchronized void close() {
      done = true;
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// A body in its segment.
  private final class Body implements Octets {
    private final OpenSegment segment;
    private final Change.BodyPlace place;

    Body(OpenSegment segment, Change.BodyPlace place) {
      this.segment = segment;
      this.place = place;
    }

    @Override
    public long length() {
      return place.length();
    }

    @Override
    public int read(long position, byte[] into, int from, int count) {
      if (count == 0) {
        return 0;
      }
      if (position >= place.length()) {
        return -1;
      }
      int most = (int) Math.min(count, place.length() - position);
      try {
        int read = segment.read(ByteBuffer.wrap(into, from, most), place.offset() + position);
        if (read < 0) {
          throw segment.tooShort();
        }
        boolean _ = unreadable.over(place, position, read);
        return read;
      } catch (IOException e) {
        throw failed(segment, place, position, e);
      }
    }
  }

  /// A copy's trace headers and the shared body.
  private final class SegmentContent implements Content {
    private final OpenSegment segment;
    private final int prefixLength;
    private final Octets body;
    private final Octets whole;
    private boolean left;

    SegmentContent(OpenSegment segment, Change.BodyPlace place, byte[] prefix) {
      this.segment = segment;
      this.prefixLength = prefix.length;
      this.body = new Body(segment, place);
      this.whole = Octets.joined(Octets.of(prefix), body);
    }

    @Override
    public int prefixLength() {
      return prefixLength;
    }

    @Override
    public Octets body() {
      return body;
    }

    @Override
    public long length() {
      return whole.length();
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
      return whole.read(position, into, offset, length);
    }

    @Override
    public void close() {
      synchronized (this) {
        if (left) {
          return;
        }
        left = true;
      }
      leave(segment);
    }
  }
}
