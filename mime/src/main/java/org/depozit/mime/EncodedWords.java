package org.depozit.mime;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Optional;

/// Decodes the encoded-words of a header field (RFC 2047) as far as they can be read.
///
/// Leniently: a word may stand beside other text or inside quotes, may be long, and its text may
/// hold spaces. The octets of neighbouring words in one character set are put together before they
/// are decoded, since many mailers cut a character in two. Space between two words falls away (RFC
/// 2047 §6.2). What is no word is left as it stands. Takes time in proportion to the text, whatever
/// the text. For one thread and one text.
final class EncodedWords {
  private static final int LONGEST_CHARSET = 76;

  private final String text;
  private final Charset raw;
  private final StringBuilder out;
  private final byte[] pending;
  private int pendingSize;
  private String pendingCharset = "";
  private boolean afterWord;
  private int endMark = -1;

  private EncodedWords(String text, Charset raw) {
    this.text = text;
    this.raw = raw;
    this.out = new StringBuilder(text.length());
    // No word has more octets than characters.
    this.pending = new byte[text.length()];
  }

  /// Decodes the octet text `text`; raw eight bits in it are read by [FieldText#raw].
  static String decoded(String text, Charset raw) {
    return text.contains("=?") ? new EncodedWords(text, raw).decode() : FieldText.raw(text, raw);
  }

  private String decode() {
    int literalFrom = 0;
    int start = text.indexOf("=?");
    while (start >= 0) {
      Optional<Word> word = word(start);
      if (word.isPresent()) {
        literal(literalFrom, start, true);
        add(word.get());
        literalFrom = word.get().to();
      }
      start = text.indexOf("=?", word.isPresent() ? literalFrom : start + 2);
    }
    literal(literalFrom, text.length(), false);
    return out.toString();
  }

  private record Word(String charset, boolean base64, int from, int textTo, int to) {}

  /// The encoded-word that starts at `start`, if there is one.
  private Optional<Word> word(int start) {
    int charsetTo = text.indexOf('?', start + 2, Math.min(text.length(), start + LONGEST_CHARSET));
    if (charsetTo <= start + 2
        || charsetTo + 2 >= text.length()
        || text.charAt(charsetTo + 2) != '?') {
      return Optional.empty();
    }
    char encoding = Character.toUpperCase(text.charAt(charsetTo + 1));
    int from = charsetTo + 3;
    int to = end(from);
    int nextStart = text.indexOf("=?", from);
    boolean runsIntoNext = nextStart >= 0 && nextStart < to - 1;
    if ((encoding != 'B' && encoding != 'Q') || to < 0 || runsIntoNext) {
      return Optional.empty();
    }
    String charset = text.substring(start + 2, charsetTo);
    int language = charset.indexOf('*');
    return Optional.of(
        new Word(
            language < 0 ? charset : charset.substring(0, language),
            encoding == 'B',
            from,
            to,
            to + 2));
  }

  /// The first `?=` from `from` on, or -1. It is kept, so that a text full of false starts is not
  /// searched again and again.
  private int end(int from) {
    if (endMark < from && endMark != Integer.MIN_VALUE) {
      endMark = text.indexOf("?=", from);
      endMark = endMark < 0 ? Integer.MIN_VALUE : endMark;
    }
    return endMark < from ? -1 : endMark;
  }

  private void literal(int from, int to, boolean beforeWord) {
    String literal = text.substring(from, to);
    if (afterWord && beforeWord && literal.isBlank()) {
      return;
    }
    flush();
    out.append(FieldText.raw(literal, raw));
    afterWord = false;
  }

  private void add(Word word) {
    if (!word.charset().equalsIgnoreCase(pendingCharset)) {
      flush();
      pendingCharset = word.charset();
    }
    afterWord = true;
    if (word.base64()) {
      base64(word.from(), word.textTo());
    } else {
      quoted(word.from(), word.textTo());
    }
  }

  private void flush() {
    if (pendingSize > 0) {
      byte[] octets = Arrays.copyOf(pending, pendingSize);
      pendingSize = 0;
      out.append(
          Charsets.named(pendingCharset)
              .map(charset -> TextDecoder.decoded(octets, charset))
              .orElseGet(() -> FieldText.raw(octets, raw)));
    }
    pendingCharset = "";
  }

  /// The Q encoding (RFC 2047 §4.2); an `=` without two digits stands for itself.
  private void quoted(int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      int octet = c == '=' ? hex(i + 1, to) : -1;
      if (octet >= 0) {
        pending[pendingSize++] = (byte) octet;
        i += 2;
      } else {
        pending[pendingSize++] = (byte) (c == '_' ? ' ' : c);
      }
    }
  }

  private int hex(int at, int to) {
    if (at + 2 > to) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /// The B encoding; what is not of its alphabet is passed over, and so is a last piece of less
  /// than an octet.
  private void base64(int from, int to) {
    int bits = 0;
    int have = 0;
    for (int i = from; i < to; i++) {
      int digit = digit(text.charAt(i));
      if (digit >= 0) {
        bits = bits << 6 | digit;
        have += 6;
        if (have >= 8) {
          have -= 8;
          pending[pendingSize++] = (byte) (bits >> have);
        }
      }
    }
  }

  private static int digit(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
  }
}
