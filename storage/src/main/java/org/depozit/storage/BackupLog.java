package org.depozit.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.depozit.mime.Octets;

/// The log that a backup is: facts and bodies as a store's own log has them ([Log]), in a folder of
/// its own. One thread.
final class BackupLog implements AutoCloseable {
  private static final int GROUP = 1 << 20;
  private static final int SLICE = 1 << 16;

  private final LogFiles files;
  private final StoreLimits limits;
  private final Log log;
  private final byte[] slice = new byte[SLICE];

  /// @param directory gets a folder `log`
  BackupLog(Path directory, StoreLimits limits) throws IOException {
    this.files = new LogFiles(directory.resolve("log"));
    this.limits = limits;
    Segment first =
        Segment.Prepared.prepare(files, Math.min(Log.FIRST_SEGMENT, limits.segmentOctets()))
            .start(1, 0);
    this.log = new Log(files, limits, first, 0, 0);
    log.begin();
  }

  LogFiles files() {
    return files;
  }

  void add(Change change) throws IOException {
    log.group().add(change);
    if (log.group().length() > GROUP) {
      append();
    }
  }

  private void append() throws IOException {
    if (!log.group().isEmpty()) {
      log.append();
      log.begin();
    }
  }

  /// Keeps a body: small ones in the group, big ones in files of their own.
  Change.BodyPlace body(Octets body) throws IOException {
    return body.length() <= limits.smallBody() ? log.group().put(body) : file(body);
  }

  private Change.BodyPlace file(Octets body) throws IOException {
    long number = files.next();
    try (FileChannel channel = LogFiles.create(files.body(number))) {
      long at = 0;
      while (at < body.length()) {
        int count = body.read(at, slice, 0, slice.length);
        LogFiles.write(channel, ByteBuffer.wrap(slice, 0, count), at);
        at += count;
      }
      channel.force(true);
    }
    return new Change.BodyPlace(number, 0, body.length());
  }

  /// Writes and forces what is left; nothing comes after it. The segments' lengths too: a manifest
  /// tells them, and zeros that come back behind the last group would make it a lie.
  void finish() throws IOException {
    append();
    log.force();
    log.trim();
    for (long segment : files.segments()) {
      try (FileChannel file = FileChannel.open(files.segment(segment), StandardOpenOption.WRITE)) {
        file.force(true);
      }
    }
    files.force();
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
