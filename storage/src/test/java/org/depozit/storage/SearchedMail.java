package org.depozit.storage;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.depozit.mime.BodyStructure;
import org.depozit.mime.Octets;
import org.depozit.mime.Part;

/// The mail that tests of searching look through: what a message says follows from its UID.
final class SearchedMail {
  private static final String[] WORDS = {
    "Cristi",
    "anna",
    "P\u00e2rvu",
    "an",
    "Jo",
    "x",
    "@example.org",
    " ",
    "Re:",
    "\u0416\u0443\u043a"
  };

  private SearchedMail() {}

  /// Some words, of which many share letters.
  static String words(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i >= 0; i--) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }

  /// A field that some messages have; else empty.
  static String header(long uid) {
    return uid % 3 == 0 ? "X-Tag: tag" + uid % 7 + "\r\n" : "";
  }

  /// The List-ID field that some messages have; else empty.
  static String list(long uid) {
    return uid % 4 == 0 ? "List-ID: list" + uid % 9 + "\r\n" : "";
  }

  /// What the body says.
  static String text(long uid) {
    return "body of " + uid % 11 + " and more\r\n";
  }

  /// The whole message, without its trace header.
  static String body(long uid) {
    return "Subject: s\r\n" + header(uid) + list(uid) + "\r\n" + text(uid);
  }

  /// The message as it is read.
  static Content content(long uid) {
    return new Message(body(uid));
  }

  static BodyStructure structure(long uid) {
    String message = body(uid);
    int header = message.indexOf("\r\n\r\n") + 4;
    return new BodyStructure.Text(
        new Part(
            "text",
            "plain",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            "7bit",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            0,
            header,
            message.length()),
        1);
  }

  /// A message in the heap, with a trace header in front.
  private record Message(Octets body, Octets whole) implements Content {
    private static final byte[] PREFIX =
        "Delivered-To: someone\r\n".getBytes(StandardCharsets.US_ASCII);

    Message(String text) {
      Octets octets = Octets.of(text.getBytes(StandardCharsets.US_ASCII));
      this(octets, Octets.joined(Octets.of(PREFIX), octets));
    }

    @Override
    public int prefixLength() {
      return PREFIX.length;
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
    public void close() {}
  }
}
