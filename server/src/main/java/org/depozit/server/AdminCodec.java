package org.depozit.server;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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
    END
  }

  /// What the server answers.
  enum Reply {
    /// A line for the asker; more follows.
    LINE,
    /// A line about something that failed; more follows.
    FAILURE,
    /// How many messages were taken; more follows.
    TAKEN,
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
    List<String> flags = mail.flags().stream().distinct().limit(MOST_FLAGS).toList();
    out.writeInt(flags.size());
    for (String flag : flags) {
      text(out, flag);
    }
    out.writeLong(mail.date().packed());
    octets(out, mail.octets());
  }

  /// @throws IOException also if it is beyond the bounds, which ends the conversation
  static ImportedMail mail(DataInputStream in) throws IOException {
    String mailbox = text(in);
    int count = in.readInt();
    if (count < 0 || count > MOST_FLAGS) {
      throw new IOException(count + " flags on the admin socket");
    }
    List<String> flags = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      flags.add(text(in));
    }
    InternalDate date = InternalDate.unpacked(in.readLong());
    return new ImportedMail(mailbox, flags, date, octets(in, LONGEST_MAIL));
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
