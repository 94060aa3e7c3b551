package org.depozit.mime;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Writes text as encoded-words in UTF-8 (RFC 2047 §2), for what ENVELOPE and BODYSTRUCTURE show of
/// raw eight bits: in Q where most of it is ASCII, else in B.
///
/// A text too long for one word is halved, and its halves again; stored envelopes have it so.
/// Jakarta Mail's `MimeUtility` does the same, but looks through the class path for its streams for
/// each word, which takes longer than all the rest of a mail.
final class EncodedWord {
  /// RFC 2047 §2 allows a word 75 characters.
  private static final int ROOM = 75 - "=?UTF-8?Q??=".length();

  private static final String HEX = "0123456789ABCDEF";

  private final boolean base64;
  private final StringBuilder out = new StringBuilder();

  private EncodedWord(boolean base64) {
    this.base64 = base64;
  }

  /// The encoded-words of `text`, spaces between them.
  ///
  /// @param text without control characters
  static String of(String text) {
    int narrow = 0;
    for (int i = 0; i < text.length(); i++) {
      narrow += text.charAt(i) < 0x7F ? 1 : 0;
    }
    EncodedWord words = new EncodedWord(narrow <= text.length() - narrow);
    words.add(text);
    return words.out.toString();
  }

  private void add(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    if (text.length() > 1 && encodedLength(octets) > ROOM) {
      int half = text.length() / 2;
      int cut = Character.isHighSurrogate(text.charAt(half - 1)) ? half - 1 : half;
      if (cut > 0) {
        add(text.substring(0, cut));
      }
      add(text.substring(cut));
      return;
    }
    out.append(out.isEmpty() ? "" : " ").append(base64 ? "=?UTF-8?B?" : "=?UTF-8?Q?");
    if (base64) {
      out.append(Base64.getEncoder().encodeToString(octets));
    } else {
      quoted(octets);
    }
    out.append("?=");
  }

  private int encodedLength(byte[] octets) {
    if (base64) {
      return (octets.length + 2) / 3 * 4;
    }
    int length = 0;
    for (byte octet : octets) {
      length += isPlain(octet) ? 1 : 3;
    }
    return length;
  }

  /// The Q encoding (RFC 2047 §4.2).
  private void quoted(byte[] octets) {
    for (byte octet : octets) {
      if (octet == ' ') {
        out.append('_');
      } else if (isPlain(octet)) {
        out.append((char) octet);
      } else {
        out.append('=').append(HEX.charAt(octet >> 4 & 15)).append(HEX.charAt(octet & 15));
      }
    }
  }

  private static boolean isPlain(byte octet) {
    return octet >= ' ' && octet < 0x7F && octet != '=' && octet != '_' && octet != '?';
  }
}
