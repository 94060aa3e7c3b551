package org.depozit.mime;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Turns octets into characters, slice by slice, and never fails: octets that are no UTF-8 where
/// UTF-8 was promised are windows-1252, octets that are wrong in another character set become
/// U+FFFD. For one thread.
final class TextDecoder {
  private final CharsetDecoder decoder;
  private final boolean utf8;
  private final ByteBuffer rest = ByteBuffer.allocate(32);

  TextDecoder(Charset charset) {
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    this.utf8 = charset.equals(StandardCharsets.UTF_8);
  }

  /// All of `octets` at once.
  static String decoded(byte[] octets, Charset charset) {
    String text = new String(octets, charset);
    if (text.indexOf('\uFFFD') < 0) {
      // Nothing was replaced, so nothing was wrong.
      return text;
    }
    TextDecoder decoder = new TextDecoder(charset);
    CharBuffer out =
        CharBuffer.allocate(
            (int) (octets.length * (double) decoder.decoder.maxCharsPerByte()) + 64);
    decoder.decode(octets, octets.length, out, true);
    return out.flip().toString();
  }

  /// Decodes the first `length` of `octets`, and what an earlier call left, to `out`, which is
  /// emptied first. `out` has room for [#room] characters. `last` says that nothing follows.
  void decode(byte[] octets, int length, CharBuffer out, boolean last) {
    ByteBuffer in =
        ByteBuffer.allocate(rest.position() + length)
            .put(rest.flip())
            .put(octets, 0, length)
            .flip();
    rest.clear();
    while (true) {
      CoderResult result = decoder.decode(in, out, last);
      if (result.isUnderflow() || result.isOverflow()) {
        break;
      }
      replace(in, out, result.length());
    }
    if (last) {
      decoder.flush(out);
    } else if (in.remaining() <= rest.capacity()) {
      rest.put(in);
    }
  }

  /// How many characters `octets` can become at the most.
  int room(int octets) {
    return (int) ((octets + rest.capacity()) * (double) decoder.maxCharsPerByte()) + 64;
  }

  private void replace(ByteBuffer in, CharBuffer out, int wrong) {
    if (!utf8) {
      in.position(in.position() + wrong);
      out.put('\uFFFD');
      return;
    }
    byte[] octets = new byte[wrong];
    in.get(octets);
    out.put(new String(octets, Charsets.WESTERN));
  }
}
