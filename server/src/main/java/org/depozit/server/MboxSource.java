package org.depozit.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// An mbox file: messages behind `From ` lines (RFC 4155), quoted as mboxrd (`>From ` loses one
/// `>`). Flags come from Status, X-Status and X-Keywords, which are the file's own notes and not
/// part of the mail: they are taken out, and so are X-UID and X-IMAPbase. The internal date is that
/// of the `From ` line.
record MboxSource(Path file, String mailbox) implements MailSource {
  private static final int BUFFER = 1 << 16;

  @Override
  public long octets() {
    return file.toFile().length();
  }

  @Override
  public void each(Consumer<ImportedMail> sink) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      new Reader(mailbox, sink).read(in);
    } catch (IOException e) {
      throw CommandFailed.cannotRead(file, e);
    }
  }

  /// Splits the file line by line.
  static final class Reader {
    private final String mailbox;
    private final Consumer<ImportedMail> sink;
    private final Line line = new Line();
    private MboxMessage message = new MboxMessage("");
    private boolean begun;
    private boolean afterEmptyLine = true;

    Reader(String mailbox, Consumer<ImportedMail> sink) {
      this.mailbox = mailbox;
      this.sink = sink;
    }

    void read(InputStream in) throws IOException {
      while (line.next(in)) {
        if (begun ? afterEmptyLine && line.separator() : line.from()) {
          end();
          message = new MboxMessage(line.text());
          begun = true;
        } else {
          message.line(line.octets(), line.size());
        }
        afterEmptyLine = line.empty();
      }
      end();
    }

    private void end() {
      if (begun) {
        sink.accept(message.finished(mailbox));
      }
    }
  }

  /// One line with its end, in a buffer that is used again.
  private static final class Line extends ByteArrayOutputStream {
    boolean next(InputStream in) throws IOException {
      reset();
      int octet = in.read();
      while (octet >= 0) {
        write(octet);
        if (octet == '\n') {
          return true;
        }
        octet = in.read();
      }
      return count > 0;
    }

    byte[] octets() {
      return buf;
    }

    String text() {
      return new String(buf, 0, count, StandardCharsets.ISO_8859_1);
    }

    boolean empty() {
      return count == 1 || (count == 2 && buf[0] == '\r');
    }

    /// `From `, an address, and a date: a line of prose that begins with "From " has no year at its
    /// end. The first line of a file needs no date.
    boolean separator() {
      return from() && MboxMessage.hasDate(text());
    }

    boolean from() {
      return count > 5
          && buf[0] == 'F'
          && buf[1] == 'r'
          && buf[2] == 'o'
          && buf[3] == 'm'
          && buf[4] == ' ';
    }
  }
}
