package org.depozit.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// The entry's line ends: passes octets on and makes each bare LF and each bare CR a CRLF, once.
///
/// All mail goes through it before anything is stored (LMTP, APPEND, import), in slices of any
/// size; a CRLF cut in two by a slice stays one. What is already right passes unchanged, so that
/// passing twice is passing once. It holds back nothing: closing it only closes the stream behind
/// it. For one thread.
public final class Crlf extends OutputStream {
  private static final byte[] LINE_END = {'\r', '\n'};

  private final OutputStream out;
  private boolean afterCr;
  private long count;

  /// Writes to `out`.
  public Crlf(OutputStream out) {
    this.out = out;
  }

  /// The octets `mail` with right line ends; `mail` itself if they are so already.
  public static byte[] of(byte[] mail) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(mail.length + mail.length / 16 + 16);
    try (Crlf crlf = new Crlf(out)) {
      crlf.write(mail, 0, mail.length);
      return crlf.count == mail.length ? mail : out.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /// How many octets have been passed on so far.
  public long count() {
    return count;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int offset, int length) throws IOException {
    int end = offset + length;
    int run = offset;
    int at = offset;
    if (afterCr && length > 0) {
      // The CRLF of that CR is out already: its LF, if it comes, is not passed.
      run = at = octets[at] == '\n' ? at + 1 : at;
      afterCr = false;
    }
    for (at = LineEnds.crOrLf(octets, at, end); at < end; at = LineEnds.crOrLf(octets, at, end)) {
      boolean cr = octets[at] == '\r';
      if (cr && at + 1 < end && octets[at + 1] == '\n') {
        at += 2;
      } else {
        pass(octets, run, at);
        pass(LINE_END, 0, 2);
        at++;
        run = at;
        afterCr = cr && at == end;
      }
    }
    pass(octets, run, end);
  }

  private void pass(byte[] octets, int from, int to) throws IOException {
    if (to > from) {
      out.write(octets, from, to - from);
      count += to - from;
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
