package org.depozit.mime;

import java.net.IDN;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Header text in its three forms: the octet text as it came, the decoded text that is searched,
/// and the text in seven bits that ENVELOPE and BODYSTRUCTURE show.
final class FieldText {
  /// A longer one is no host name (RFC 5321 §4.5.3.1.2), and Punycode takes quadratic time.
  private static final int LONGEST_HOST = 255;

  private FieldText() {}

  /// The decoded text of the octet text `text`: encoded-words and raw eight bits decoded, control
  /// characters as spaces.
  static String decoded(String text, Charset raw) {
    return isDecoded(text) ? text : spaced(EncodedWords.decoded(text, raw));
  }

  /// Whether the octet text `text` is its own decoded text.
  static boolean isDecoded(String text) {
    return isPlain(text) && !text.contains("=?");
  }

  /// Reads raw octets: as UTF-8 if they are that, else in the character set `raw`.
  static String raw(String octetText, Charset raw) {
    return isNarrow(octetText)
        ? octetText
        : raw(octetText.getBytes(StandardCharsets.ISO_8859_1), raw);
  }

  /// Reads raw octets: as UTF-8 if they are that, else in the character set `raw`.
  static String raw(byte[] octets, Charset raw) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException notUtf8) {
      return TextDecoder.decoded(octets, raw);
    }
  }

  /// The octet text `text` in seven bits, at most `limit` octets of it: encoded-words are left
  /// alone, words with raw eight bits become encoded-words in UTF-8, control characters become
  /// spaces.
  static String shown(String text, Charset raw, int limit) {
    String bounded = text.length() <= limit ? text : text.substring(0, limit);
    if (isPlain(bounded)) {
      return bounded;
    }
    String clean = spaced(raw(bounded, raw));
    return isNarrow(clean) ? clean : encodedWords(clean);
  }

  /// The octet text `text` as a host name in seven bits: raw eight bits become A-labels.
  static String host(String text, Charset raw) {
    if (isPlain(text)) {
      return text;
    }
    String clean = spaced(raw(text, raw));
    if (isNarrow(clean) || clean.length() > LONGEST_HOST) {
      return encodedWords(clean);
    }
    try {
      return IDN.toASCII(clean, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException noHostName) {
      return encodedWords(clean);
    }
  }

  /// Encodes each run of words that are not all ASCII; one space between two such words goes into
  /// the run, since readers drop the space between encoded-words.
  private static String encodedWords(String text) {
    StringBuilder out = new StringBuilder(text.length() * 2);
    int at = 0;
    while (at < text.length()) {
      int wordTo = wordEnd(text, at);
      if (isNarrow(text.substring(at, wordTo))) {
        int next = Math.min(wordTo + 1, text.length());
        out.append(text, at, next);
        at = next;
        continue;
      }
      int runTo = wordTo;
      while (runTo < text.length()
          && !isNarrow(text.substring(runTo + 1, wordEnd(text, runTo + 1)))) {
        runTo = wordEnd(text, runTo + 1);
      }
      out.append(EncodedWord.of(text.substring(at, runTo)));
      at = runTo;
      if (at < text.length()) {
        out.append(' ');
        at++;
      }
    }
    return out.toString();
  }

  private static int wordEnd(String text, int from) {
    int space = text.indexOf(' ', from);
    return space < 0 ? text.length() : space;
  }

  /// Only printable ASCII.
  static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return true;
  }

  /// Only ASCII.
  static boolean isNarrow(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }

  private static String spaced(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        StringBuilder clean = new StringBuilder(text);
        for (int j = i; j < clean.length(); j++) {
          if (Character.isISOControl(clean.charAt(j))) {
            clean.setCharAt(j, ' ');
          }
        }
        return clean.toString();
      }
    }
    return text;
  }
}
