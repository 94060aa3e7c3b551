package org.depozit.server;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.depozit.storage.InternalDate;
import org.depozit.storage.StoreLimits;

/// The words that the command line and the server exchange on the admin socket: length-prefixed
/// UTF-8 texts and octets behind a word that says what follows. Both ends are of one build: a
/// version leads, and nothing is negotiated.
final class AdminCodec {
  /// The first octet of every conversation.
  static final int VERSION = 1;

  /// A text of more octets than this is refused.
  private static final int LONGEST_TEXT = 1 << 20;

  /// A message of more octets than this is not sent: the store takes half as many, and what it
  /// refuses up to here it refuses in its own words.
  static final long LONGEST_MAIL = 2 * StoreLimits.DEFAULTS.messageOctets();

  /// Of more flags only so many are sent; the store refuses fewer.
  private static final int MOST_FLAGS = 1_000;

  /// What the command line asks for.
  enum Request {
    ADD_USER,
    /// A user with a hash in place of a password.
    ADOPT_USER,
    USERS,
    SET_PASSWORD,
    REMOVE_USER,
    SEARCH,
    INTAKE,
    /// Within INTAKE: one message.
    MAIL,
    /// Within INTAKE: that was all.
    END,
    EXPORT,
    CHECK,
    BACKUP,
    RESTORE
  }

  /// What the server answers.
  enum Reply {
    /// A line for the asker; more follows.
    LINE,
    /// What comes next, for a line that is drawn again and again; more follows.
    STEP,
    /// A line about something that failed; more follows.
    FAILURE,
    /// How many messages were taken; more follows.
    TAKEN,
    /// How many octets an export has; more follows.
    TOTAL,
    /// A mailbox begins; more follows.
    MAILBOX,
    /// A message of the mailbox; more follows.
    MAIL,
    /// All is done.
    DONE,
    /// Nothing was done; the reason follows.
    REFUSED
  }

  private AdminCodec() {}

  static void text(DataOutputStream out, String text) throws IOException {
    octets(out, text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(DataInputStream in) throws IOException {
    return new String(octets(in, LONGEST_TEXT), StandardCharsets.UTF_8);
  }

  private static void octets(DataOutputStream out, byte[] octets) throws IOException {
    out.writeInt(octets.length);
    out.write(octets);
  }

  private static byte[] octets(DataInputStream in, long longest) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > longest) {
      throw new IOException("a word of " + length + " octets on the admin socket");
    }
    return in.readNBytes(length);
  }

  static void mail(DataOutputStream out, ImportedMail mail) throws IOException {
    text(out, mail.mailbox());
    texts(out, mail.flags().stream().distinct().limit(MOST_FLAGS).toList());
    out.writeLong(mail.date().packed());
    octets(out, mail.octets());
  }

  /// @throws IOException also if it is beyond the bounds, which ends the conversation
  static ImportedMail mail(DataInputStream in) throws IOException {
    String mailbox = text(in);
    List<String> flags = texts(in);
    InternalDate date = InternalDate.unpacked(in.readLong());
    return new ImportedMail(mailbox, flags, date, octets(in, LONGEST_MAIL));
  }

  /// At most a thousand short texts.
  static void texts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      text(out, text);
    }
  }

  static List<String> texts(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MOST_FLAGS) {
      throw new IOException(count + " flags on the admin socket");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(text(in));
    }
    return texts;
  }

  /// A message on its way out; its octets are passed on slice by slice.
  static void mail(DataOutputStream out, OutgoingMail mail) throws IOException {
    out.writeLong(mail.uid());
    texts(out, mail.flags());
    out.writeLong(mail.date().packed());
    out.writeLong(mail.size());
    if (mail.octets().transferTo(out) != mail.size()) {
      throw new IOException("a message of another length");
    }
  }

  /// A message on its way out, and whatever of it the outlet leaves is passed over.
  static void mail(DataInputStream in, Outlet outlet) throws IOException {
    long uid = in.readLong();
    List<String> flags = texts(in);
    InternalDate date = InternalDate.unpacked(in.readLong());
    long size = in.readLong();
    Bounded octets = new Bounded(in, size);
    outlet.mail(new OutgoingMail(uid, flags, date, size, octets));
    octets.skipNBytes(octets.left);
  }

  /// So many octets of a stream.
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int read = in.read(into, from, (int) Math.min(count, left));
      if (read < 0) {
        throw new EOFException("the message was cut off");
      }
      left -= read;
      return read;
    }
  }

  static void request(DataOutputStream out, Request request) throws IOException {
    text(out, request.name());
  }

  static Request request(DataInputStream in) throws IOException {
    return word(Request.class, text(in));
  }

  static void reply(DataOutputStream out, Reply reply) throws IOException {
    text(out, reply.name());
  }

  static Reply reply(DataInputStream in) throws IOException {
    return word(Reply.class, text(in));
  }

  private static <T extends Enum<T>> T word(Class<T> words, String name) throws IOException {
    try {
      return Enum.valueOf(words, name);
    } catch (IllegalArgumentException e) {
      throw new IOException("an unknown word on the admin socket", e);
    }
  }
}
